"""All that is told of networks, subnets and ports. https://docs.openstack.org/api-ref/network/v2/"""

from __future__ import annotations

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.network.addresses import blocks, mac, nth
from defcore.kit.network.common import described, special
from defcore.kit.network.witness import Witness

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"


@api_test(
    "d8710dbc-681d-4177-bae4-2e5f2da574a5",
    service="network",
    reference=REFERENCE + "#networks",
    creates={"network": 1},
    seconds=1,
    fails_if=Change(on="GET /v2.0/networks/{network_id}", body=with_json("network.name", "another")),
)
def test_network_complete(networks: Networks, session: Session) -> None:
    """Every answer about a network has all that is promised of it, as it was asked for, until it is deleted."""
    first = {"name": special(session), "admin_state_up": False, **described(networks, "Äpfel")}
    ours = Witness(networks.network, **first, shared=False, subnets=[])
    ours.made(networks.network.create(**first)).shown().listed()
    then = {"name": special(session), "admin_state_up": True, **described(networks, "plus de café")}
    ours.told(networks.network.update(ours.id, **then), then).shown().listed()
    networks.network.delete(ours.id).status(204)
    ours.gone()


@api_test(
    "d209a6ca-67fd-40d4-b8f3-1feeff437a23",
    service="network",
    reference=REFERENCE + "#subnets",
    creates={"network": 1, "subnet": 1},
    seconds=1,
    fails_if=Change(on="GET /v2.0/subnets/{subnet_id}", body=with_json("subnet.host_routes", [])),
)
def test_subnet_complete(networks: Networks, session: Session) -> None:
    """Every answer about a subnet has all that is promised of it, as it was asked for, until it is deleted."""
    network, (cidr,) = networks.network.new()["id"], blocks(1)
    first = {
        "name": special(session),
        "gateway_ip": nth(cidr, 9),
        "allocation_pools": [{"start": nth(cidr, 20), "end": nth(cidr, 30)}],
        "dns_nameservers": ["192.0.2.53"],
        "host_routes": [{"destination": "203.0.113.7/32", "nexthop": nth(cidr, 99)}],
        "enable_dhcp": False,
        **described(networks, "Äpfel"),
    }
    ours = Witness(networks.subnet, **first, network_id=network, cidr=cidr, ip_version=4)
    ours.made(networks.create_subnet(network, cidr, **first)).shown().listed()
    then = {
        "name": special(session),
        "gateway_ip": nth(cidr, 10),
        "dns_nameservers": ["198.51.100.53"],
        "host_routes": [{"destination": "203.0.113.8/32", "nexthop": nth(cidr, 98)}],
        "enable_dhcp": True,
        **described(networks, "plus de café"),
    }
    ours.told(networks.subnet.update(ours.id, **then), then).shown().listed()
    networks.subnet.delete(ours.id).status(204)
    ours.gone()


@api_test(
    "0dfdbe6b-5268-4097-a50c-cd95eaa70663",
    service="network",
    reference=REFERENCE + "#create-subnet",
    creates={"network": 1, "subnet": 1},
    seconds=1,
    fails_if=Change(on="GET /v2.0/subnets", body=with_json("subnets.0.ipv6_ra_mode", None)),
)
def test_ipv6_subnet_complete(networks: Networks, session: Session) -> None:
    """Every answer about an IPv6 subnet tells its range, and who announces it and gives addresses, as was asked for."""
    network, (cidr,) = networks.network.new()["id"], blocks(1, 6)
    first = {
        "name": special(session),
        "ipv6_ra_mode": "slaac",
        "ipv6_address_mode": "slaac",
        "gateway_ip": nth(cidr, 9),
    }
    ours = Witness(networks.subnet, **first, network_id=network, cidr=cidr, ip_version=6)
    ours.made(networks.create_subnet(network, cidr, **first)).shown().listed()


@api_test(
    "9913abbe-627c-48f8-8731-40d658526954",
    service="network",
    reference=REFERENCE + "#ports",
    creates={"port": 1},
    uses=("private-network",),
    seconds=1,
    fails_if=Change(on="GET /v2.0/ports/{port_id}", body=with_json("port.mac_address", "fa:16:3e:00:00:00")),
)
def test_port_complete(networks: Networks, session: Session) -> None:
    """Every answer about a port has all that is promised of it, as it was asked for, until it is deleted."""
    inside = session.common("private-network")
    first = {
        "name": special(session),
        "network_id": inside["id"],
        "admin_state_up": False,
        "mac_address": mac(),
        "fixed_ips": [{"subnet_id": inside["subnet"]["id"]}],
        **described(networks, "Äpfel"),
    }
    ours = Witness(networks.port, **first).made(networks.port.create(**first)).shown().listed()
    then = {"name": special(session), "admin_state_up": True, **described(networks, "plus de café")}
    ours.told(networks.port.update(ours.id, **then), then).shown().listed()
    networks.port.delete(ours.id).status(204)
    ours.gone()
