"""Lists page by page and in order. https://docs.openstack.org/api-ref/network/v2/#pagination"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.network.addresses import blocks
from defcore.kit.network.witness import Witness, listed

if TYPE_CHECKING:
    from defcore.kit.network.collection import Collection, Thing

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#pagination"
PAGES = ("network:pagination", "network:sorting")
ORDER = {"sort_key": "name", "sort_dir": "asc"}
BACK = {"sort_key": "name", "sort_dir": "desc"}


def two(things: Collection, *members: Thing) -> list[Witness]:
    """Prepare two things; return them in the order of their names."""
    made = [things.new(**more) for more in members or ({}, {})]
    return [Witness(things, name=name, id=found) for name, found in sorted((item["name"], item["id"]) for item in made)]


def see_pages(things: Collection, ours: list[Witness]) -> None:
    """See that the list of two things turns around, and that either is on a page of its own."""
    only: dict[str, Any] = {"id": [one.id for one in ours]}
    listed(things.list(**only, **BACK), things, *reversed(ours), ordered=True)
    first = listed(things.list(**only, **ORDER, limit="1"), things, ours[0], ordered=True)
    listed(things.follow(first, "next"), things, ours[1], ordered=True)


@api_test(
    "2e434c55-b660-40e0-8076-d343413f6384",
    service="network",
    reference=REFERENCE,
    extensions=PAGES,
    creates={"network": 2},
    seconds=1,
    fails_if=Change(on="GET /v2.0/networks", nth=3, body=with_json("networks", [])),
)
def test_pages_of_networks(networks: Networks) -> None:
    """Networks are listed in the order that is asked for, and page by page without a gap."""
    see_pages(networks.network, two(networks.network))


@api_test(
    "c64ddcfd-f6d1-4d2e-a646-0726d726bb22",
    service="network",
    reference=REFERENCE,
    extensions=PAGES,
    creates={"network": 1, "subnet": 2},
    seconds=1,
    fails_if=Change(on="GET /v2.0/subnets", nth=3, body=with_json("subnets", [])),
)
def test_pages_of_subnets(networks: Networks) -> None:
    """Subnets are listed in the order that is asked for, and page by page without a gap."""
    network = networks.network.new()["id"]
    members = [{"network_id": network, "cidr": cidr, "ip_version": 4} for cidr in blocks(2)]
    see_pages(networks.subnet, two(networks.subnet, *members))


@api_test(
    "b4cdec10-9373-48bd-b7be-8a3e2a1f5ed4",
    service="network",
    reference=REFERENCE,
    extensions=PAGES,
    creates={"port": 2},
    uses=("private-network",),
    seconds=1,
    fails_if=Change(on="GET /v2.0/ports", nth=3, body=with_json("ports", [])),
)
def test_pages_of_ports(networks: Networks, session: Session) -> None:
    """Ports are listed in the order that is asked for, and page by page without a gap."""
    member = {"network_id": session.common("private-network")["id"]}
    see_pages(networks.port, two(networks.port, member, member))


@api_test(
    "48d33aad-e8c3-4a91-a31b-6e513089c417",
    service="network",
    reference=REFERENCE,
    extensions=(*PAGES, "network:router"),
    creates={"router": 2},
    seconds=1,
    fails_if=Change(on="GET /v2.0/routers", nth=3, body=with_json("routers", [])),
)
def test_pages_of_routers(networks: Networks) -> None:
    """Routers are listed in the order that is asked for, and page by page without a gap."""
    see_pages(networks.router, two(networks.router))


@api_test(
    "e6b75b6a-515c-4224-9545-90ebdd427708",
    service="network",
    reference=REFERENCE,
    extensions=(*PAGES, "network:security-group"),
    creates={"security-group": 2, "security-group-rule": 4},
    seconds=1,
    fails_if=Change(on="GET /v2.0/security-groups", nth=3, body=with_json("security_groups", [])),
)
def test_pages_of_security_groups(networks: Networks) -> None:
    """Security groups are listed in the order that is asked for, and page by page without a gap."""
    see_pages(networks.security_group, two(networks.security_group))
