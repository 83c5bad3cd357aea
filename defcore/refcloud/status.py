"""How clouds are: which run, which services answer, what their logs say."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.refcloud import runner, state
from defcore.refcloud.config.layout import FRONT
from defcore.refcloud.processes import of_cloud

if TYPE_CHECKING:
    from defcore.refcloud.paths import Home

HEALTH_SECONDS = 5.0


@dataclass(frozen=True)
class ServiceStatus:
    """One process of a cloud; ``pid`` is None when it has ended, ``health`` is ``ok`` or ``down``."""

    service: str
    port: int
    pid: int | None
    health: str


@dataclass(frozen=True)
class CloudStatus:
    """One cloud; ``state`` is ``up``, ``broken`` (some service is down) or ``down`` (only its data is there)."""

    name: str
    profile: str
    state: str
    data: str
    services: tuple[ServiceStatus, ...]


def status(home: Home) -> list[CloudStatus]:
    """Tell of every cloud that runs or has data, by name; each service is asked whether it answers."""
    return [_status(home, name) for name in state.names(home)]


def _status(home: Home, name: str) -> CloudStatus:
    """Tell of one cloud."""
    data = home.cloud(name)
    card = state.load(data)
    if card is None:
        return CloudStatus(name, "unknown", "broken" if of_cloud(data) else "down", str(data), ())
    layout, pids = card.layout(home), state.pids(data)

    def look(service: str) -> ServiceStatus:
        # the proxy in front has no path of its own: the services are asked through it
        well = service in pids and (service == FRONT or runner.healthy(layout, service, HEALTH_SECONDS))
        return ServiceStatus(service, card.ports[service], pids.get(service), "ok" if well else "down")

    with ThreadPoolExecutor() as pool:
        found = tuple(pool.map(look, runner.parts(layout)))
    condition = "up" if all(one.health == "ok" for one in found) else "broken" if pids else "down"
    return CloudStatus(name, card.profile.name, condition, str(data), found)


def logs(home: Home, name: str, service: str | None = None, lines: int = 40) -> str:
    """Give the last lines of a service's logs, or of all logs, each under its file name.

    Raises InputError for a cloud that there is not, and for a service that has no log.
    """
    folder = home.cloud(name) / "log"
    if not folder.exists():
        raise InputError("cloud-name", f"no cloud is named {name!r}", hint=state.known(home))
    files = sorted(file for file in folder.iterdir() if file.stat().st_size)
    chosen = [file for file in files if service is None or file.stem == service]
    if not chosen:
        words = ", ".join(sorted({file.stem for file in files}))
        raise InputError("cloud-log", f"cloud {name!r} has no log of {service!r}", hint=f"it has: {words}")
    parts = []
    for file in chosen:
        tail = file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        parts.append("\n".join([f"==> {file} <==", *tail]))
    return "\n\n".join(parts) + "\n"
