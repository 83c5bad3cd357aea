"""Profiles: everything in which one reference cloud looks different from another, as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from defcore.errors import InputError
from defcore.refcloud.services import SERVICES

PEOPLE = ("", "alt", "empty", "reader", "reseller", "spare", "admin")
"""The clouds.yaml entries of a cloud, as suffixes of its name: first project, second, empty one, roles."""


@dataclass(frozen=True)
class Flavor:
    """A size of server: memory in MiB, disk in GiB."""

    name: str
    ram: int
    vcpus: int
    disk: int


@dataclass(frozen=True)
class Quotas:
    """What one project may have; ``ram`` in MiB, ``gigabytes`` in GiB."""

    servers: int
    cores: int
    ram: int
    volumes: int
    snapshots: int
    gigabytes: int
    networks: int
    subnets: int
    ports: int
    routers: int
    floating_ips: int
    security_groups: int
    security_group_rules: int


@dataclass(frozen=True)
class Profile:
    """How a cloud looks to its users.

    ``projects`` maps ``first``, ``second`` and ``empty`` to names, ``users`` maps each of PEOPLE to a user
    name. ``prefixes`` maps a service type to the path below which one TLS port serves it; an empty mapping
    means plain HTTP, a port for each service. ``boot_seconds`` is what a server takes to become ACTIVE, at the least.
    means plain HTTP, a port for each service. ``left_out`` names the filters that the object store's pipeline lacks,
    ``options`` maps others to options that differ.
    """

    name: str
    region: str
    domain: str
    projects: dict[str, str]
    users: dict[str, str]
    flavors: tuple[Flavor, ...]
    image: str
    network: str
    subnet: str
    cidr: str
    quotas: Quotas
    services: tuple[str, ...]
    prefixes: dict[str, str]
    aliases: bool
    boot_seconds: float = 0
    left_out: tuple[str, ...] = ()
    options: dict[str, dict[str, str]] = field(default_factory=dict)


PLAIN = Profile(
    name="plain",
    region="RegionOne",
    domain="Default",
    projects={"first": "demo", "second": "alt_demo", "empty": "empty_demo"},
    users={
        "": "demo",
        "alt": "alt_demo",
        "empty": "empty_demo",
        "reader": "demo_reader",
        "reseller": "demo_reseller",
        "spare": "demo_spare",
        "admin": "admin",
    },
    flavors=(
        Flavor("m1.nano", 64, 1, 1),
        Flavor("m1.micro", 128, 1, 1),
        Flavor("m1.tiny", 512, 1, 1),
        Flavor("m1.small", 2048, 1, 20),
    ),
    image="refcloud-image",
    network="public",
    subnet="public-subnet",
    cidr="172.24.0.0/16",
    quotas=Quotas(
        servers=1000,
        cores=4000,
        ram=8_000_000,
        volumes=1000,
        snapshots=1000,
        gigabytes=100_000,
        networks=1000,
        subnets=1000,
        ports=5000,
        routers=1000,
        floating_ips=1000,
        security_groups=1000,
        security_group_rules=5000,
    ),
    services=tuple(SERVICES),
    prefixes={},
    aliases=True,
)

ODD = Profile(
    name="odd",
    region="north-shore-2",
    domain="Meadow",
    projects={"first": "orchard", "second": "harbour", "empty": "moor"},
    users={
        "": "wren",
        "alt": "heron",
        "empty": "curlew",
        "reader": "owl",
        "reseller": "magpie",
        "spare": "dunnock",
        "admin": "gardener",
    },
    flavors=(Flavor("pebble", 96, 1, 1), Flavor("stone", 192, 1, 2), Flavor("boulder", 1024, 2, 10)),
    image="quiet-seed",
    network="outside-world",
    subnet="outside-world-v4",
    cidr="203.0.113.0/24",
    quotas=Quotas(
        servers=10,
        cores=20,
        ram=20_480,
        volumes=10,
        snapshots=10,
        gigabytes=100,
        networks=5,
        subnets=10,
        ports=50,
        routers=5,
        floating_ips=5,
        security_groups=10,
        security_group_rules=100,
    ),
    services=tuple(name for name in SERVICES if name != "block-storage"),
    prefixes={
        "identity": "/cloud/identity",
        "image": "/cloud/pictures",
        "placement": "/cloud/inventory",
        "compute": "/cloud/machines",
        "network": "/cloud/wires",
        "block-storage": "/cloud/disks",
        "object-store": "/cloud/objects",
    },
    aliases=False,
)

SLOW = replace(PLAIN, name="slow", boot_seconds=20)
FLAWED = replace(PLAIN, name="flawed", left_out=("account_quotas",), options={"tempurl": {"methods": "GET HEAD"}})
"""The plain cloud with two defects put in on purpose: no account quotas, and no upload by a temporary URL."""

PROFILES = {profile.name: profile for profile in (PLAIN, ODD, SLOW, FLAWED)}


def find(name: str) -> Profile:
    """Give the profile of that name; raises InputError for an unknown one."""
    if name not in PROFILES:
        raise InputError("cloud-profile", f"no such profile: {name!r}", hint=f"known: {', '.join(PROFILES)}")
    return PROFILES[name]
