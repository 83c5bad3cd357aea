"""The services a reference cloud can run: what each needs, where it answers, what the catalogue says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Service:
    """One OpenStack service; ``type`` is its official service type, the name used everywhere here.

    ``path`` follows the base URL in the catalogue, ``health`` is a path that answers without a token,
    ``aliases`` are catalogue types that older clients look for, ``inner`` are further listeners it opens
    for itself alone.
    """

    type: str
    project: str
    path: str
    health: str
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()


_ALL = (
    Service("identity", "keystone", "/v3", "/v3"),
    Service("image", "glance", "", "/versions", needs=("identity",)),
    Service("placement", "placement", "", "/", needs=("identity",)),
    Service("network", "neutron", "", "/", needs=("identity",)),
    Service(
        "compute",
        "nova",
        "/v2.1",
        "/",
        needs=("identity", "image", "placement", "network"),
    ),
    Service(
        "block-storage",
        "cinder",
        "/v3",
        "/",
        needs=("identity", "image"),
        aliases=("volumev3",),
    ),
    Service(
        "object-store",
        "swift",
        "/v1/AUTH_%(project_id)s",
        "/healthcheck",
        needs=("identity",),
        inner=("object-store-account", "object-store-container", "object-store-object"),
    ),
)

SERVICES: dict[str, Service] = {service.type: service for service in _ALL}
LIGHT = frozenset({"identity", "object-store"})


def choose(wanted: Iterable[str]) -> tuple[str, ...]:
    """Give the service types asked for plus those they need, in a fixed order.

    Raises InputError for a type that is not one of the seven, and for an empty choice.
    """
    todo = [word.strip() for word in wanted if word.strip()]
    if not todo:
        raise InputError("cloud-services", "no service was asked for", hint=f"known: {', '.join(SERVICES)}")
    chosen: set[str] = set()
    while todo:
        word = todo.pop()
        if word not in SERVICES:
            raise InputError("cloud-services", f"no such service: {word!r}", hint=f"known: {', '.join(SERVICES)}")
        chosen.add(word)
        todo.extend(need for need in SERVICES[word].needs if need not in chosen)
    return tuple(name for name in SERVICES if name in chosen)


def listeners(services: Iterable[str]) -> tuple[str, ...]:
    """Name every listening socket that these services need, public ones first."""
    chosen = tuple(services)
    return chosen + tuple(inner for name in chosen for inner in SERVICES[name].inner)


def tier(services: Iterable[str]) -> str:
    """Name the lock file (``light`` or ``full``) that holds enough for these services."""
    return "light" if set(services) <= LIGHT else "full"
