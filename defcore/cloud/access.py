"""What a log-in tells: who we are, with which roles, for how long, and where the services are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One line of the catalogue. ``kind`` is the service type, as the cloud calls it."""

    kind: str
    region: str
    interface: str
    url: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the token's user and project are called, and their domains; empty where it does not say."""

    user: str = ""
    user_domain: str = ""
    project: str = ""
    project_domain: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """A token's meaning. ``scope`` is project, domain, system or nothing.

    ``issued`` and ``expires`` are UNIX seconds.
    """

    scope: str
    roles: tuple[str, ...]
    project_id: str
    user_id: str
    issued: float | None
    expires: float | None
    endpoints: tuple[Endpoint, ...]
    names: Names = Names()

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the catalogue, sorted."""
        return tuple(sorted({item.region for item in self.endpoints if item.region}))


def read_access(info: Any) -> Access:  # noqa: ANN401 - keystoneauth's AccessInfo has no types
    """Read keystoneauth's AccessInfo. Raises LookupError, TypeError or ValueError for a token of the wrong shape."""
    scopes = {"project": info.project_scoped, "domain": info.domain_scoped, "system": info.system_scoped}
    catalogue = info.service_catalog.normalize_catalog() if info.has_service_catalog() else []
    return Access(
        scope=next((word for word, holds in scopes.items() if holds), "nothing"),
        roles=tuple(sorted(str(name) for name in info.role_names or ())),
        project_id=str(info.project_id or ""),
        user_id=str(info.user_id or ""),
        issued=_seconds(info.issued),
        expires=_seconds(info.expires),
        endpoints=tuple(
            Endpoint(
                str(service["type"]),
                str(item.get("region_name") or ""),
                str(item.get("interface") or ""),
                str(item.get("url") or ""),
            )
            for service in catalogue
            for item in service["endpoints"]
        ),
        names=Names(
            *(_name(info, word) for word in ("username", "user_domain_name", "project_name", "project_domain_name"))
        ),
    )


def _name(info: Any, word: str) -> str:  # noqa: ANN401 - as above
    try:
        return str(getattr(info, word) or "")
    except KeyError:
        # Some tokens name a domain by its id alone.
        return ""


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
