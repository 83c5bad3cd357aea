"""Addresses that ports get in IPv6 subnets. https://docs.openstack.org/neutron/latest/admin/config-ipv6.html

With SLAAC and stateless DHCPv6 they are computed from the MAC address (EUI-64); with stateful DHCPv6, or nothing of the
kind, they are chosen from a pool. Only what the API tells is looked at: no packet is sent.
"""

from __future__ import annotations

import json
import secrets
from ipaddress import IPv6Interface, ip_address
from typing import TYPE_CHECKING

from defcore.kit import Change, Each, Networks, api_test, with_json
from defcore.kit.match import Match, text_like
from defcore.kit.network.addresses import blocks, eui64, inside, mac, nth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.kit import Answer
    from defcore.kit.network.collection import Thing

MODES = "https://docs.openstack.org/neutron/latest/admin/config-ipv6.html#address-modes-for-ports"
REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#create-port"
POST = "POST /v2.0/ports"
ONE = {"network": 1, "subnet": 1, "port": 1}
TWO = {"network": 1, "subnet": 2, "port": 1}
ELSEWHERE = with_json("port.fixed_ips.0.ip_address", "fd00::1")
SLAAC, STATELESS, STATEFUL = "slaac", "dhcpv6-stateless", "dhcpv6-stateful"
POOLED = ((STATEFUL, STATEFUL), (STATEFUL, None), (None, STATEFUL))
"""Who announces a subnet and who gives addresses in it, where addresses come from a pool."""


def modes(announces: str | None, gives: str | None) -> dict[str, str]:
    """Return the members of a subnet that say who announces it and who gives addresses."""
    given = {"ipv6_ra_mode": announces, "ipv6_address_mode": gives}
    return {key: value for key, value in given.items() if value}


def addresses(answer: Answer) -> dict[str, str]:
    """Return the addresses that a port was given, by subnet."""
    shape = {"port": {"id": str, "fixed_ips": Each({"subnet_id": str, "ip_address": str})}}
    fixed = answer.status(201).shape(shape).json()["port"]["fixed_ips"]
    return {item["subnet_id"]: item["ip_address"] for item in fixed}


def has(answer: Answer, subnet: Thing, address: Match | str) -> None:
    """Require that a new port has an address in a subnet, and which."""
    place = "$.port.fixed_ips[*].ip_address"
    answer.require(place, address, addresses(answer).get(subnet["id"], f"none in subnet {subnet['id']}"))


def drop(networks: Networks, answer: Answer) -> None:
    """Delete a port."""
    networks.port.delete(answer.json()["port"]["id"]).status(204)


def see_computed(networks: Networks, *kinds: dict[str, str]) -> None:
    """See that a port has the address that follows from its MAC in each of two subnets."""
    network, ours = networks.network.new()["id"], mac()
    subnets = [networks.new_subnet(network, cidr, **kind) for cidr, kind in zip(blocks(2, 6), kinds, strict=True)]
    answer = networks.port.create(network_id=network, mac_address=ours)
    for subnet in subnets:
        has(answer, subnet, eui64(subnet["cidr"], ours))


def see_both(networks: Networks, ranges: Iterator[str], **pooled: str) -> None:
    """See that a port has a computed address beside one from a pool, whichever of the subnets was there first."""
    network = networks.network.new()["id"]

    def check() -> None:
        ours = mac()
        answer = networks.port.create(network_id=network, mac_address=ours)
        has(answer, computing, eui64(computing["cidr"], ours))
        has(answer, pooling, inside(pooling["cidr"]))
        drop(networks, answer)

    blocks_ = iter(blocks(3, 6))
    computing = networks.new_subnet(network, next(blocks_), **modes(SLAAC, SLAAC))
    pooling = networks.new_subnet(network, next(ranges), **pooled)
    check()
    networks.subnet.delete(computing["id"]).status(204)
    computing = networks.new_subnet(network, next(blocks_), **modes(STATELESS, STATELESS))
    check()
    networks.subnet.delete(pooling["id"]).status(204)
    pooling = networks.new_subnet(network, next(ranges), **pooled)
    check()
    networks.subnet.delete(computing["id"]).status(204)
    computing = networks.new_subnet(network, next(blocks_), **modes(SLAAC, SLAAC))
    check()


def pool(subnet: Thing) -> tuple[int, int]:
    """Return the first and the last address that a subnet gives, as numbers."""
    given = subnet["allocation_pools"][0]
    return int(ip_address(given["start"])), int(ip_address(given["end"]))


def some(subnet: Thing) -> str:
    """Return any address that a subnet may give."""
    first, last = pool(subnet)
    return str(ip_address(first + secrets.randbelow(last - first)))


def as_computed(body: bytes) -> bytes:
    """Give a port the address that follows from its MAC."""
    document = json.loads(body)
    port = document["port"]
    fixed = port["fixed_ips"][0]
    cidr = IPv6Interface(f"{fixed['ip_address']}/64").network
    fixed["ip_address"] = eui64(str(cidr), port["mac_address"])
    return json.dumps(document).encode()


@api_test(
    "e5517e62-6f16-430d-a672-f80875493d4c",
    service="network",
    reference=MODES,
    creates=TWO,
    seconds=1,
    fails_if=Change(on=POST, body=ELSEWHERE),
)
def test_computed_address(networks: Networks) -> None:
    """With SLAAC or stateless DHCPv6 the address of a port follows from its MAC address."""
    see_computed(networks, modes(SLAAC, SLAAC), modes(STATELESS, STATELESS))


@api_test(
    "ae2f4a5d-03ff-4c42-a3b0-ce2fcb7ea832",
    service="network",
    reference=MODES,
    creates=TWO,
    seconds=1,
    fails_if=Change(on=POST, body=ELSEWHERE),
)
def test_computed_address_without_announcement(networks: Networks) -> None:
    """With SLAAC or stateless DHCPv6 the address follows from the MAC even where the cloud announces no router."""
    see_computed(networks, modes(None, SLAAC), modes(None, STATELESS))


@api_test(
    "21635b6f-165a-4d42-bf49-7d195e47342f",
    service="network",
    reference=MODES,
    creates=ONE,
    seconds=1,
    fails_if=Change(on=POST, body=as_computed),
)
def test_chosen_address_without_modes(networks: Networks) -> None:
    """In a subnet without modes the address of a port does not follow from its MAC address."""
    network, ours = networks.network.new()["id"], mac()
    subnet = networks.new_subnet(network, blocks(1, 6)[0])
    answer, computed = networks.port.create(network_id=network, mac_address=ours), eui64(subnet["cidr"], ours)
    has(answer, subnet, Match(f"another address than {computed}", lambda value: value != computed))


@api_test(
    "4544adf7-bb5f-4bdc-b769-b3e77026cef2",
    service="network",
    reference=MODES,
    creates=TWO,
    seconds=2,
    fails_if=Change(on=POST, nth=2, body=ELSEWHERE),
)
def test_computed_beside_stateful_address(networks: Networks) -> None:
    """A port has an address from its MAC in one subnet and one of DHCPv6 in another, whichever was there first."""
    see_both(networks, iter(blocks(2, 6)), **modes(None, STATEFUL))


@api_test(
    "4256c61d-c538-41ea-9147-3c450c36669e",
    service="network",
    reference=MODES,
    creates=TWO,
    seconds=2,
    fails_if=Change(on=POST, nth=2, body=with_json("port.fixed_ips", [])),
)
def test_computed_beside_ipv4_address(networks: Networks) -> None:
    """A port has an address from its MAC in an IPv6 subnet and one in an IPv4 subnet, whichever was there first."""
    see_both(networks, iter(blocks(2)))


@api_test(
    "81f18ef6-95b5-4584-9966-10d480b7496a",
    service="network",
    reference="https://docs.openstack.org/api-ref/network/v2/#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=1,
    fails_if=Change(on="POST /v2.0/subnets", status=201),
)
def test_modes_that_contradict_each_other(networks: Networks) -> None:
    """A subnet is refused in which one way is announced and addresses are given in another one."""
    network, (one, other) = networks.network.new()["id"], blocks(2, 6)
    networks.new_subnet(network, one, **modes(SLAAC, SLAAC))
    every = (SLAAC, STATELESS, STATEFUL)
    for announces, gives in ((first, second) for first in every for second in every if first != second):
        networks.create_subnet(network, other, **modes(announces, gives)).status(400)


@api_test(
    "4ab211a0-276f-4552-9070-51e27f58fecf",
    service="network",
    reference=MODES,
    creates=ONE,
    seconds=1.5,
    fails_if=Change(on=POST, body=ELSEWHERE),
)
def test_stateful_address(networks: Networks) -> None:
    """With stateful DHCPv6 the address of a port is one of the subnet's."""
    network = networks.network.new()["id"]
    for kind, cidr in zip(POOLED, blocks(3, 6), strict=True):
        subnet = networks.new_subnet(network, cidr, **modes(*kind))
        answer = networks.port.create(network_id=network)
        has(answer, subnet, inside(cidr))
        drop(networks, answer)
        networks.subnet.delete(subnet["id"]).status(204)


@api_test(
    "51a5e97f-f02e-4e4e-9a17-a69811d300e3",
    service="network",
    reference=REFERENCE,
    creates={"network": 1, "subnet": 3, "port": 1},
    seconds=1,
    fails_if=Change(on=POST, body=ELSEWHERE),
)
def test_stateful_address_as_asked(networks: Networks) -> None:
    """With stateful DHCPv6 a port has the addresses that were asked for."""
    network = networks.network.new()["id"]
    subnets = [
        networks.new_subnet(network, cidr, **modes(*kind)) for kind, cidr in zip(POOLED, blocks(3, 6), strict=True)
    ]
    wanted = [{"subnet_id": subnet["id"], "ip_address": some(subnet)} for subnet in subnets]
    answer = networks.port.create(network_id=network, fixed_ips=wanted)
    for subnet, fixed in zip(subnets, wanted, strict=True):
        has(answer, subnet, fixed["ip_address"])


@api_test(
    "98244d88-d990-4570-91d4-6b25d70d08af",
    service="network",
    reference=REFERENCE,
    creates=ONE,
    seconds=1,
    fails_if=Change(on=POST, status=201),
)
def test_address_out_of_range(networks: Networks) -> None:
    """A port is refused an address that is none of the subnet's."""
    network = networks.network.new()["id"]
    subnet = networks.new_subnet(network, blocks(1, 6)[0], **modes(STATEFUL, STATEFUL))
    networks.port.new(network_id=network, fixed_ips=[{"subnet_id": subnet["id"], "ip_address": some(subnet)}])
    beyond = str(ip_address(pool(subnet)[1] + 5))
    fixed = [{"subnet_id": subnet["id"], "ip_address": beyond}]
    networks.port.create(network_id=network, fixed_ips=fixed).status(400)


@api_test(
    "57b8302b-cba9-4fbb-8835-9168df029051",
    service="network",
    reference=REFERENCE,
    creates=ONE,
    seconds=1,
    fails_if=Change(on=POST, status=201),
)
def test_address_twice(networks: Networks) -> None:
    """A port is refused an address that another port of the subnet has."""
    network = networks.network.new()["id"]
    subnet = networks.new_subnet(network, blocks(1, 6)[0], **modes(STATEFUL, STATEFUL))
    fixed = [{"subnet_id": subnet["id"], "ip_address": some(subnet)}]
    networks.port.new(network_id=network, fixed_ips=fixed)
    refused = networks.port.create(network_id=network, fixed_ips=fixed).status(409)
    refused.require("body", text_like("IpAddressAlreadyAllocated or IpAddressInUse", _TAKEN), refused.text)


_TAKEN = r"(?s).*(IpAddressAlreadyAllocated|IpAddressInUse).*"


@api_test(
    "e98f65db-68f4-4330-9fea-abd8c5192d4d",
    service="network",
    reference="https://docs.openstack.org/api-ref/network/v2/#add-interface-to-router",
    extensions=("network:router",),
    creates={"network": 1, "subnet": 2, "router": 1, "port": 1},
    seconds=1.5,
    fails_if=Change(on="GET /v2.0/ports/{port_id}", body=ELSEWHERE),
)
def test_stateful_address_of_router(networks: Networks) -> None:
    """With stateful DHCPv6 a router has the address of the gateway."""
    network, router = networks.network.new()["id"], networks.router.new(admin_state_up=True)["id"]
    for kind, cidr in zip(POOLED[:2], blocks(2, 6), strict=True):
        gateway = nth(cidr, 1)
        subnet = networks.new_subnet(network, cidr, gateway_ip=gateway, **modes(*kind))
        port = networks.new_interface(router, subnet_id=subnet["id"])["port_id"]
        shown = networks.port.show(port).status(200)
        shown.shape({"port": {"fixed_ips": [{"ip_address": gateway}]}})
        networks.remove_interface(router, subnet_id=subnet["id"]).status(200)
