"""Subnets. https://docs.openstack.org/api-ref/network/v2/#subnets"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Each, Networks, Only, Session, api_test, with_json
from defcore.kit.match import anything, containing
from defcore.kit.network.addresses import blocks, nth
from defcore.kit.network.shapes import SUBNET

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
POST = "POST /v2.0/subnets"
LIST = "GET /v2.0/subnets"
SHOW = "GET /v2.0/subnets/{subnet_id}"
FIELDS = ("id", "network_id")
SERVERS = ["192.0.2.53", "198.51.100.53"]
"""Name servers; nobody asks them."""


def route(cidr: str) -> dict[str, str]:
    """Return a route for the hosts of a subnet."""
    return {"destination": "203.0.113.7/32", "nexthop": nth(cidr, 99)}


def pool(cidr: str) -> dict[str, str]:
    """Return a part of a range."""
    return {"start": nth(cidr, 20), "end": nth(cidr, 30)}


def asked(answer: Answer, **members: Any) -> Answer:  # noqa: ANN401 - members of a subnet
    """Require that a subnet is as it was asked for; name servers may come in any order."""
    answer.shape({"subnet": {key: value for key, value in members.items() if key != "dns_nameservers"}})
    if wanted := members.get("dns_nameservers"):
        answer.shape({"subnet": {"dns_nameservers": list}})
        answer.require("$.subnet.dns_nameservers", sorted(wanted), sorted(answer.json()["subnet"]["dns_nameservers"]))
    return answer


def created(networks: Networks, cidr: str, **members: Any) -> Answer:  # noqa: ANN401 - members of a subnet
    """Create a subnet, see that it is as it was asked for, and delete it with its network."""
    network = networks.network.new()["id"]
    answer = asked(networks.create_subnet(network, cidr, **members).status(201), **members)
    networks.network.delete(network).status(204)
    return answer


@api_test(
    "bd635d81-6030-4dd1-b3b9-31ba0cfdf6cc",
    service="network",
    reference=REFERENCE + "#show-subnet-details",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("subnet.cidr", "192.0.2.0/24")),
)
def test_show_subnet(networks: Networks, session: Session) -> None:
    """A subnet is shown under its id, with the range that it was given."""
    ours = session.common("private-network")["subnet"]
    shown = networks.subnet.show(ours["id"]).status(200)
    shown.shape({"subnet": {"id": ours["id"], "cidr": ours["cidr"]}})
    session.advise(lambda: shown.shape({"subnet": SUBNET}))


@api_test(
    "270fff0b-8bfc-411f-a184-1e8fd35286f0",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("subnet.cidr", "192.0.2.0/24")),
)
def test_show_subnet_fields(networks: Networks, session: Session) -> None:
    """Of a subnet only those members are shown that are asked for."""
    ours = session.common("private-network")["subnet"]
    shown = networks.subnet.show(ours["id"], *FIELDS).status(200)
    shown.shape({"subnet": Only({field: ours[field] for field in FIELDS})})


@api_test(
    "db68ba48-f4ea-49e9-81d1-e367f6d0b20a",
    service="network",
    reference=REFERENCE + "#list-subnets",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("subnets", [])),
)
def test_list_subnets(networks: Networks, session: Session) -> None:
    """The list of subnets holds a subnet of the project."""
    ours = session.common("private-network")["subnet"]
    listed = networks.subnet.listing(ours["id"])
    listed.require("$.subnets[*].id", containing(ours["id"]), networks.subnet.found(listed))


@api_test(
    "842589e3-9663-46b0-85e4-7f01273b0412",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("subnets.0.cidr", "192.0.2.0/24")),
)
def test_list_subnets_fields(networks: Networks, session: Session) -> None:
    """In the list of subnets each has only those members that are asked for."""
    session.common("private-network")
    listed = networks.subnet.list(*FIELDS).status(200)
    listed.shape({"subnets": Each(Only(dict.fromkeys(FIELDS, anything)), least=1)})


@api_test(
    "d2d596e2-8e76-47a9-ac51-d4648009f4d3",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, status=400),
)
def test_create_subnet_without_gateway(networks: Networks, session: Session) -> None:
    """A subnet can be created without a gateway."""
    answer = created(networks, blocks(1)[0], gateway_ip=None)
    session.advise(lambda: answer.shape({"subnet": SUBNET}))


@api_test(
    "9393b468-186d-496d-aa36-732348cd76e7",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.gateway_ip", "192.0.2.1")),
)
def test_create_subnet_with_gateway(networks: Networks) -> None:
    """A subnet has the gateway that was asked for."""
    (cidr,) = blocks(1)
    created(networks, cidr, gateway_ip=nth(cidr, 9))


@api_test(
    "bec949c4-3147-4ba6-af5f-cd2306118404",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.allocation_pools.0.end", "192.0.2.1")),
)
def test_create_subnet_with_allocation_pools(networks: Networks) -> None:
    """A subnet has the pools of addresses that were asked for."""
    (cidr,) = blocks(1)
    created(networks, cidr, gateway_ip=None, allocation_pools=[pool(cidr)])


@api_test(
    "8217a149-0c6c-4cfb-93db-0486f707d13f",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.allocation_pools", [])),
)
def test_create_subnet_with_gateway_and_allocation_pools(networks: Networks) -> None:
    """A subnet has the gateway and the pools of addresses that were asked for together."""
    (cidr,) = blocks(1)
    created(networks, cidr, gateway_ip=nth(cidr, 9), allocation_pools=[pool(cidr)])


@api_test(
    "d830de0a-be47-468f-8f02-1fd996118289",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.host_routes.0.nexthop", "192.0.2.1")),
)
def test_create_subnet_with_host_routes_and_name_servers(networks: Networks) -> None:
    """A subnet has the host routes and the name servers that were asked for."""
    (cidr,) = blocks(1)
    created(networks, cidr, gateway_ip=None, host_routes=[route(cidr)], dns_nameservers=SERVERS)


@api_test(
    "94ce038d-ff0a-4a4c-a56b-09da3ca0b55d",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.enable_dhcp", False)),  # noqa: FBT003 - a JSON value
)
def test_create_subnet_with_dhcp(networks: Networks) -> None:
    """A subnet has DHCP where that is asked for."""
    created(networks, blocks(1)[0], gateway_ip=None, enable_dhcp=True)


@api_test(
    "a4d9ec4c-0306-4111-a75c-db01a709030b",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("subnet.dns_nameservers", SERVERS[:1])),
)
def test_create_subnet_with_all_attributes(networks: Networks) -> None:
    """A subnet has the gateway, the host routes, the name servers and the DHCP that were asked for together."""
    (cidr,) = blocks(1)
    members = {"host_routes": [route(cidr)], "dns_nameservers": SERVERS, "enable_dhcp": True}
    created(networks, cidr, gateway_ip=nth(cidr, 9), **members)


@api_test(
    "3d3852eb-3009-49ec-97ac-5ce83b73010a",
    service="network",
    reference=REFERENCE + "#update-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=0.5,
    fails_if=Change(on="PUT /v2.0/subnets/{subnet_id}", body=with_json("subnet.gateway_ip", "192.0.2.1")),
)
def test_update_subnet(networks: Networks, session: Session) -> None:
    """The name, gateway, name servers, host routes and DHCP of a subnet can be changed together."""
    (cidr,) = blocks(1)
    network = networks.network.new()["id"]
    before = {"gateway_ip": nth(cidr, 9), "host_routes": [route(cidr)], "dns_nameservers": SERVERS}
    subnet = networks.new_subnet(network, cidr, allocation_pools=[pool(cidr)], enable_dhcp=False, **before)["id"]
    after = {
        "name": session.name(),
        "gateway_ip": nth(cidr, 10),
        "host_routes": [{"destination": "203.0.113.7/32", "nexthop": nth(cidr, 98)}],
        "dns_nameservers": ["192.0.2.54", "198.51.100.54"],
        "enable_dhcp": True,
    }
    asked(networks.subnet.update(subnet, **after).status(200), **after)
