"""What the configuration files are rendered from: places, ports, profile, secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.refcloud.paths import HOST
from defcore.refcloud.services import SERVICES

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.refcloud.profiles import Profile

FRONT = "front"
"""The listener of the reverse proxy, in clouds that serve everything below one TLS port."""

Sections = dict[str, dict[str, str]]
"""An ini file: section to option to value."""


@dataclass(frozen=True)
class Layout:
    """One cloud: its data folder, the environment it runs from, and what is particular to it.

    ``ports`` maps each listener to its port; ``secrets`` holds ``service`` (all service users) and a
    password for each key of ``profile.users``.
    """

    name: str
    data: Path
    venv: Path
    profile: Profile
    services: tuple[str, ...]
    ports: dict[str, int]
    secrets: dict[str, str]

    def inner_url(self, service: str, path: str = "") -> str:
        """Where the services themselves reach this one."""
        return f"http://{HOST}:{self.ports[service]}{path}"

    def public_url(self, service: str, path: str = "") -> str:
        """Where users reach this service."""
        if FRONT not in self.ports:
            return self.inner_url(service, path)
        return f"https://{HOST}:{self.ports[FRONT]}{self.profile.prefixes[service]}{path}"

    @property
    def ca(self) -> Path | None:
        """The certificate that vouches for the TLS port; None without one."""
        return self.data / "tls" / "ca.pem" if FRONT in self.ports else None

    def endpoints(self) -> dict[str, tuple[str, str]]:
        """Map each catalogue type to its public and its inner URL."""
        found: dict[str, tuple[str, str]] = {}
        for name in self.services:
            service = SERVICES[name]
            urls = self.public_url(name, service.path), self.inner_url(name, service.path)
            for kind in (name, *(service.aliases if self.profile.aliases else ())):
                found[kind] = urls
        return found

    def spec(self) -> dict[str, Any]:
        """Give what the code inside the cloud's environment must know, ready for JSON."""
        return {
            "services": list(self.services),
            "ports": self.ports,
            "prefixes": {self.profile.prefixes[name]: name for name in self.services} if self.ca else {},
            "region": self.profile.region,
            "domain": self.profile.domain,
            "projects": self.profile.projects,
            "users": self.profile.users,
            "secrets": self.secrets,
            "catalogue": [
                {"type": kind, "name": SERVICES[kind].project if kind in SERVICES else kind, "urls": list(urls)}
                for kind, urls in self.endpoints().items()
            ],
            "service_users": [SERVICES[name].project for name in self.services if name != "identity"],
            "flavors": [vars(flavor) for flavor in self.profile.flavors],
            "image": self.profile.image,
            "network": {"name": self.profile.network, "subnet": self.profile.subnet, "cidr": self.profile.cidr},
        }
