"""Floating IPs. https://docs.openstack.org/api-ref/network/v2/#floating-ips-floatingips"""

from __future__ import annotations

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.network.shapes import FLOATING_IP

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
POST = "POST /v2.0/floatingips"
PUT = "PUT /v2.0/floatingips/{floatingip_id}"
SHOW = "GET /v2.0/floatingips/{floatingip_id}"
NEEDS = ("network:router",)
USES = ("private-network", "external-network", "router")


def outside(session: Session) -> str:
    """Return the network that floating IPs belong to, once the router leads there."""
    session.common("router")
    network: str = session.common("external-network")["id"]
    return network


@api_test(
    "36de4bd0-f09c-43e3-a8e1-1decc1ffd3a5",
    service="network",
    reference=REFERENCE + "#create-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1, "port": 1},
    uses=USES,
    seconds=1,
    fails_if=Change(on=POST, body=with_json("floatingip.fixed_ip_address", "192.0.2.1")),
)
def test_create_for_address(networks: Networks, session: Session) -> None:
    """A floating IP is created for one address of a port, and is taken from the port again."""
    network, port = outside(session), networks.port.new(network_id=session.common("private-network")["id"])
    address = port["fixed_ips"][0]["ip_address"]
    members = {"floating_network_id": network, "port_id": port["id"], "fixed_ip_address": address}
    created = networks.floating_ip.create(**members).status(201)
    created.shape({"floatingip": {"id": str, "fixed_ip_address": address}})
    session.advise(lambda: created.shape({"floatingip": FLOATING_IP}))
    floating = created.json()["floatingip"]["id"]
    networks.floating_ip.update(floating, port_id=None).status(200).shape({"floatingip": {"port_id": None}})


@api_test(
    "45c4c683-ea97-41ef-9c51-5e9802f2f3d7",
    service="network",
    reference=REFERENCE + "#update-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1, "port": 1},
    uses=USES,
    seconds=1,
    fails_if=Change(on=PUT, body=with_json("floatingip.fixed_ip_address", "192.0.2.1")),
)
def test_move_to_other_address(networks: Networks, session: Session) -> None:
    """A floating IP can be moved from one address of a port to another one."""
    network, inside = outside(session), session.common("private-network")
    twice = [{"subnet_id": inside["subnet"]["id"]}] * 2
    port = networks.port.new(network_id=inside["id"], fixed_ips=twice)
    first, second = (item["ip_address"] for item in port["fixed_ips"])
    members = {"floating_network_id": network, "port_id": port["id"], "fixed_ip_address": first}
    created = networks.floating_ip.create(**members).status(201)
    created.shape({"floatingip": {"id": str, "fixed_ip_address": first}})
    floating = created.json()["floatingip"]["id"]
    moved = networks.floating_ip.update(floating, port_id=port["id"], fixed_ip_address=second).status(200)
    moved.shape({"floatingip": {"fixed_ip_address": second}})


@api_test(
    "e1f6bffd-442f-4668-b30e-df13f2705e77",
    service="network",
    reference=REFERENCE + "#delete-port",
    extensions=NEEDS,
    creates={"floating-ip": 1, "port": 1},
    uses=USES,
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("floatingip.fixed_ip_address", "192.0.2.1")),
)
def test_delete_port(networks: Networks, session: Session) -> None:
    """A floating IP whose port is deleted belongs to no port, address and router any more."""
    network, inside = outside(session), session.common("private-network")["id"]
    created = networks.floating_ip.create(floating_network_id=network).status(201)
    floating = created.shape({"floatingip": {"id": str}}).json()["floatingip"]["id"]
    port = networks.port.new(network_id=inside)["id"]
    networks.floating_ip.update(floating, port_id=port).status(200)
    networks.port.delete(port).status(204)
    nothing = {"port_id": None, "fixed_ip_address": None, "router_id": None}
    networks.floating_ip.show(floating).status(200).shape({"floatingip": {"id": floating, **nothing}})


@api_test(
    "1bb2f731-fe5a-4b8c-8409-799ade1bed4d",
    service="network",
    reference=REFERENCE + "#update-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1, "network": 1, "subnet": 1, "router": 1, "port": 3},
    uses=USES,
    seconds=2,
    fails_if=Change(on=PUT, body=with_json("floatingip.router_id", "another")),
)
def test_move_to_other_router(networks: Networks, session: Session) -> None:
    """A floating IP can be moved to a port that is behind another router."""
    network, router = outside(session), session.common("router")["id"]
    port = networks.port.new(network_id=session.common("private-network")["id"])["id"]
    created = networks.floating_ip.create(floating_network_id=network, port_id=port).status(201)
    created.shape({"floatingip": {"id": str, "router_id": router}})
    floating = created.json()["floatingip"]["id"]
    other = networks.new_network()
    second = networks.router.new(external_gateway_info={"network_id": network})["id"]
    subnet = other["subnet"]["id"]
    networks.new_interface(second, subnet_id=subnet)
    port = networks.port.new(network_id=other["id"])["id"]
    moved = networks.floating_ip.update(floating, port_id=port).status(200)
    moved.shape({"floatingip": {"router_id": second, "port_id": port, "fixed_ip_address": str}})
    networks.floating_ip.delete(floating).status(204)
    networks.remove_interface(second, subnet_id=subnet).status(200)
