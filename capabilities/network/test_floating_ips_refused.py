"""What floating IPs are refused. https://docs.openstack.org/api-ref/network/v2/#floating-ips-floatingips"""

from __future__ import annotations

from defcore.kit import Change, Networks, Session, api_test

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
POST = "POST /v2.0/floatingips"
NEEDS = ("network:router",)


def unreachable(networks: Networks) -> dict[str, str]:
    """Prepare a port that no router leads to, and return how a floating IP would be given to it."""
    port = networks.port.new(network_id=networks.new_network()["id"])
    return {"port_id": port["id"], "fixed_ip_address": port["fixed_ips"][0]["ip_address"]}


@api_test(
    "22996ea8-4a81-4b27-b6e1-fa5df92fa5e8",
    service="network",
    reference=REFERENCE + "#create-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1, "network": 1, "subnet": 1, "port": 1},
    uses=("external-network",),
    seconds=1,
    fails_if=Change(on=POST, status=201),
)
def test_create_for_unreachable_port(networks: Networks, session: Session) -> None:
    """A floating IP is not created for a port that no router leads to from outside."""
    network, port = session.common("external-network")["id"], unreachable(networks)
    networks.floating_ip.new(floating_network_id=network)
    networks.floating_ip.create(floating_network_id=network, **port).status(404)


@api_test(
    "6b3b8797-6d43-4191-985c-c48b773eb429",
    service="network",
    reference=REFERENCE + "#update-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1, "network": 1, "subnet": 1, "port": 1},
    uses=("external-network",),
    seconds=1,
    fails_if=Change(on="PUT /v2.0/floatingips/{floatingip_id}", status=200),
)
def test_move_to_unreachable_port(networks: Networks, session: Session) -> None:
    """A floating IP is not moved to a port that no router leads to from outside."""
    port = unreachable(networks)
    floating = networks.floating_ip.new(floating_network_id=session.common("external-network")["id"])["id"]
    networks.floating_ip.update(floating, **port).status(404)


@api_test(
    "50b9aeb4-9f0b-48ee-aa31-fa955a48ff54",
    service="network",
    reference=REFERENCE + "#create-floating-ip",
    extensions=NEEDS,
    creates={"floating-ip": 1},
    uses=("private-network", "external-network", "port"),
    seconds=0.5,
    fails_if=Change(on=POST, status=201),
)
def test_create_in_private_network(networks: Networks, session: Session) -> None:
    """A floating IP is not created in a network that does not lead outside."""
    networks.floating_ip.new(floating_network_id=session.common("external-network")["id"])
    inside, port = session.common("private-network")["id"], session.common("port")
    members = {"port_id": port["id"], "fixed_ip_address": port["fixed_ips"][0]["ip_address"]}
    networks.floating_ip.create(floating_network_id=inside, **members).status(400)
