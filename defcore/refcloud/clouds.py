"""Clouds by name: install, up, down, uninstall."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.refcloud import environments, ports, profiles, runner, state, template
from defcore.refcloud.config import write
from defcore.refcloud.entries import entries, to_yaml
from defcore.refcloud.files import Tell, disk_errors, exclusive, quiet, remove_tree, write_private
from defcore.refcloud.processes import end
from defcore.refcloud.services import choose, tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from defcore.refcloud.config import Layout
    from defcore.refcloud.paths import Home

NAME = "refcloud"


@dataclass(frozen=True)
class Cloud:
    """A cloud that is up.

    ``entries`` maps each clouds.yaml entry to its content, ``clouds_yaml`` is the file that holds them,
    ``ports`` maps each listener to its port, ``data`` is the folder with databases and logs.
    """

    name: str
    profile: str
    services: tuple[str, ...]
    data: Path
    clouds_yaml: Path
    entries: dict[str, dict[str, Any]]
    ports: dict[str, int]

    @property
    def yaml(self) -> str:
        """The entries as the text of a clouds.yaml file."""
        return to_yaml(self.entries)


def install(
    home: Home,
    *,
    services: Iterable[str] | None = None,
    profile: str = profiles.PLAIN.name,
    tell: Tell = quiet,
) -> Path:
    """Build the environment and the template that ``up`` needs for this choice; gives the environment's folder.

    Raises InputError for a wrong word, CloudError when a package cannot be had or the disk refuses.
    """
    kind = profiles.find(profile)
    chosen = choose(kind.services if services is None else services)
    with disk_errors():
        venv = environments.ensure(home, tier(chosen), tell)
        template.ensure(home, venv, kind, chosen, tell)
    return venv


def uninstall(home: Home, *, tell: Tell = quiet) -> None:
    """Remove every environment and template; raises CloudError while a cloud runs from one."""
    with disk_errors():
        environments.remove(home, tell)


def up(
    home: Home,
    name: str = NAME,
    *,
    services: Iterable[str] | None = None,
    profile: str | None = None,
    port: int | None = None,
    tell: Tell = quiet,
) -> Cloud:
    """Start a cloud, and build first what is missing; returns when every API answers.

    A cloud that is up already is given as it is; one whose data was kept goes on with it. ``services`` and
    ``profile`` default to those of that cloud, else to all of the plain profile. ``port`` is the first of
    its consecutive ports; without it free ones are found. Raises InputError for a wrong word and for a
    choice that differs from the cloud that exists, CloudError when something does not start.
    """
    data = home.cloud(name)
    wanted = choose(services) if services is not None else None
    kind = profiles.find(profile) if profile is not None else None
    with disk_errors(), exclusive(home.state / "locks" / name, tell):
        card = state.load(data)
        if card is None:
            kind = kind or profiles.PLAIN
            fresh = state.Card(name, kind, wanted or choose(kind.services), {})
            return _start(home, fresh, port, tell, new=True)
        if (kind or card.profile, wanted or card.services) != (card.profile, card.services):
            raise InputError(
                "cloud-differs",
                f"cloud {name!r} exists with profile {card.profile.name} and {', '.join(card.services)}",
                hint=f"defcore cloud down --name {name} ends it; another --name makes another",
            )
        layout = card.layout(home)
        if set(runner.parts(layout)) <= state.pids(data).keys():
            tell(f"cloud {name} is up already")
            return _describe(layout)
        return _start(home, card, port, tell, new=False)


def _start(home: Home, card: state.Card, port: int | None, tell: Tell, *, new: bool) -> Cloud:
    """Start the processes of a cloud, on a new copy of its template or on the data it has."""
    data = home.cloud(card.name)
    end(data)
    names = template.wanted_listeners(card.profile, card.services)
    sockets = ports.open_anywhere(names, card.ports) if port is None else ports.open_block(names, port)
    try:
        venv = environments.ensure(home, tier(card.services), tell)
        if new:
            built = template.ensure(home, venv, card.profile, card.services, tell)
            remove_tree(data)
            template.copy(built, data)
        card = replace(card, ports={name: sock.getsockname()[1] for name, sock in sockets.items()})
        layout = card.layout(home)
        write(layout)
        template.relocate(layout)
        tell(f"starting {', '.join(card.services)}")
        runner.await_ready(layout, runner.start(layout, sockets))
        cloud = _describe(layout)
        write_private(cloud.clouds_yaml, cloud.yaml)
        card.save(data)
    except BaseException:
        end(data)
        raise
    finally:
        for sock in sockets.values():
            sock.close()
    tell(f"cloud {card.name} is up; its clouds.yaml is {cloud.clouds_yaml}")
    return cloud


def _describe(layout: Layout) -> Cloud:
    """Describe a cloud to its users."""
    return Cloud(
        name=layout.name,
        profile=layout.profile.name,
        services=layout.services,
        data=layout.data,
        clouds_yaml=layout.data / "clouds.yaml",
        entries=entries(layout),
        ports=layout.ports,
    )


def down(home: Home, name: str = NAME, *, keep: bool = False, tell: Tell = quiet) -> None:
    """End every process of a cloud and remove its data, or ``keep`` that for the next ``up``.

    Raises InputError when there is no such cloud, CloudError when a process cannot be ended.
    """
    data = home.cloud(name)
    if not data.exists():
        raise InputError("cloud-name", f"no cloud is named {name!r}", hint=state.known(home))
    with disk_errors(), exclusive(home.state / "locks" / name, tell):
        count = end(data)
        if not keep:
            remove_tree(data)
        tell(f"cloud {name} is down: {count} processes ended, its data {'kept' if keep else 'removed'}")


@contextlib.contextmanager
def running(home: Home, name: str, *, services: Iterable[str], profile: str = profiles.PLAIN.name) -> Iterator[Cloud]:
    """Give a cloud for as long as a block runs, then end it and remove its data: for tests.

    Raises as ``up`` and ``down`` do.
    """
    try:
        yield up(home, name, services=services, profile=profile)
    finally:
        if home.cloud(name).exists():
            down(home, name)
