"""What Tempest's configuration must know of a cloud, asked of the cloud itself; nothing is changed there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from defcore.cloud.redact import url as clean_url
from defcore.cloud.target import Target
from defcore.doctor.reader import Reader, content, dig
from defcore.doctor.storage import root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.cloud.access import Access
    from defcore.cloud.credential import Credential

TYPES = {
    "identity": ("identity",),
    "compute": ("compute",),
    "image": ("image",),
    "network": ("network",),
    "volume": ("volumev3", "block-storage", "block-store"),
    "object-store": ("object-store",),
    "placement": ("placement",),
    "dns": ("dns",),
    "orchestration": ("orchestration",),
}
"""What Tempest calls a service, and the types under which a catalogue may list it."""


@dataclass(frozen=True, slots=True)
class Flavor:
    """A size of server: memory in MiB, disk in GiB."""

    id: str
    ram: int
    disk: int


@dataclass(frozen=True, slots=True)
class Image:
    """An image that every project sees: ``size`` in bytes, and the least memory and disk that it asks for."""

    id: str
    size: int
    ram: int
    disk: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a cloud. ``services`` maps Tempest's word for a service to its type in the catalogue.

    ``external`` is id and name of a network outside. ``extensions`` and ``announced`` (what the object store announces)
    are None where the cloud does not say. ``notes`` tell what could not be found out.
    """

    auth_url: str
    region: str
    interface: str
    services: Mapping[str, str]
    images: tuple[Image, ...] = ()
    flavors: tuple[Flavor, ...] = ()
    external: tuple[str, str] | None = None
    extensions: tuple[str, ...] | None = None
    announced: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in with a password, and nothing that shows it when it is printed.

    ``network`` names a network of the project on which servers can be booted.
    """

    entry: str
    user: str
    password: str = field(repr=False)
    project: str
    user_domain: str
    project_domain: str
    roles: tuple[str, ...]
    network: str | None = None

    @property
    def kept(self) -> bool:
        """Whether its project must stay empty as long as there is another."""
        return self.entry.endswith("-empty")


def look(credential: Credential) -> Facts:
    """Log in and ask the services of the catalogue what Tempest has to be told. Raises InputError and CloudError."""
    return _Look(Target(credential)).go()


def account(credential: Credential) -> Account | None:
    """Log in as this entry; None for one without a password, with which Tempest cannot log in.

    Raises InputError for wrong credentials, CloudError for a cloud that does not answer.
    """
    password = str(credential.auth.get("password") or "")
    if not password:
        return None
    target = Target(credential)
    access = target.access()
    names = access.names
    network = _own_network(target, access)
    return Account(
        credential.name,
        names.user,
        password,
        names.project,
        names.user_domain,
        names.project_domain,
        access.roles,
        network,
    )


def _own_network(target: Target, access: Access) -> str | None:
    """Name the network that a server of the project goes to; its own before a shared one."""
    base = target.endpoint("network")
    if base is None:
        return None
    exchange = Reader(target.credential, target.token()).get(f"{versioned(base, 'v2.0')}/networks")
    listed = dig(content(exchange), "networks")
    found = [
        (str(dig(item, "project_id") or dig(item, "tenant_id")) != access.project_id, str(dig(item, "name")))
        for item in (listed if isinstance(listed, list) else ())
        if dig(item, "router:external") is not True and dig(item, "subnets")
    ]
    return min(found)[1] if found else None


def versioned(url: str, version: str) -> str:
    """Return the URL with its version, which some catalogues leave out."""
    return url if url.rsplit("/", 1)[-1].startswith("v") else f"{url}/{version}"


class _Look:
    """Asks one service after the other, and notes which did not tell."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._access = target.access()
        self._reader = Reader(target.credential, target.token())
        self._notes: list[str] = []

    def go(self) -> Facts:
        credential = self._target.credential
        word = credential.interface if isinstance(credential.interface, str) else credential.interface[0]
        images, flavors = self._images(), self._flavors()
        services = self._services()
        if "compute" in services and not (images and flavors):
            lacking = "image" if not images else "flavor"
            self._notes.append(f"Tempest cannot boot a server: the project sees no public {lacking}")
        return Facts(
            auth_url=self._target.identity_url() if self._target.endpoint("identity") else self._target.auth_url,
            region=credential.region or next(iter(self._access.regions), ""),
            interface=word.removesuffix("URL"),
            services=services,
            images=images,
            flavors=flavors,
            external=self._external(),
            extensions=self._extensions(),
            announced=self._announced(),
            notes=tuple(self._notes),
        )

    def _services(self) -> dict[str, str]:
        region = self._target.credential.region
        kinds = {item.kind for item in self._access.endpoints if not region or item.region == region}
        return {name: kind for name, known in TYPES.items() for kind in known[::-1] if kind in kinds}

    def _list(self, service: str, path: str, key: str, params: Mapping[str, str] | None = None) -> list[Any] | None:
        """Return a list of a service; None where it is not there, or does not give one."""
        base = self._target.endpoint(service)
        if base is None:
            return None
        version = {"network": "v2.0", "image": "v2"}.get(service)
        url = f"{versioned(base, version) if version else base}/{path}"
        exchange = self._reader.get(url, params)
        found = dig(content(exchange), key)
        if isinstance(found, list):
            return found
        told = exchange.error or f"status {exchange.status}"
        self._notes.append(f"Tempest was not told of {key}: {clean_url(url)}: {told}")
        return None

    def _images(self) -> tuple[Image, ...]:
        params = {"status": "active", "visibility": "public", "limit": "200"}
        found = [
            Image(str(dig(item, "id")), *(_number(dig(item, key)) for key in ("size", "min_ram", "min_disk")))
            for item in self._list("image", "images", "images", params) or ()
        ]
        return tuple(sorted(found, key=lambda item: (item.size, item.id)))

    def _flavors(self) -> tuple[Flavor, ...]:
        found = [
            Flavor(str(dig(item, "id")), _number(dig(item, "ram")), _number(dig(item, "disk")))
            for item in self._list("compute", "flavors/detail", "flavors") or ()
        ]
        return tuple(sorted(found, key=lambda item: (item.ram, item.disk, item.id)))

    def _external(self) -> tuple[str, str] | None:
        listed = self._list("network", "networks", "networks", {"router:external": "true"}) or ()
        found = [
            (str(dig(item, "id")), str(dig(item, "name")))
            for item in listed
            if dig(item, "router:external") is True and dig(item, "subnets")
        ]
        return min(found, key=lambda item: item[1]) if found else None

    def _extensions(self) -> tuple[str, ...] | None:
        listed = self._list("network", "extensions", "extensions")
        return None if listed is None else tuple(sorted(str(dig(item, "alias")) for item in listed))

    def _announced(self) -> tuple[str, ...] | None:
        base = self._target.endpoint("object-store")
        if base is None:
            return None
        told = content(Reader(self._target.credential).get(f"{root(base)}/info"))
        return tuple(sorted(told)) if isinstance(told, dict) else None


def _number(value: Any) -> int:  # noqa: ANN401 - a JSON value
    return value if isinstance(value, int) else 0
