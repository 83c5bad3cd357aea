"""All that is told of routers, their interfaces and floating IPs. https://docs.openstack.org/api-ref/network/v2/"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit import Change, Maybe, Networks, Session, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.match import nonempty
from defcore.kit.network.common import described, special
from defcore.kit.network.witness import Witness, refused

if TYPE_CHECKING:
    from defcore.kit import Answer
    from defcore.kit.network.collection import Thing

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
REMOVE = "PUT /v2.0/routers/{router_id}/remove_router_interface"
NEEDS = ("network:router",)


@api_test(
    "389dba1d-25ff-4753-969c-db19b5782e34",
    service="network",
    reference=REFERENCE + "#routers-routers",
    extensions=NEEDS,
    creates={"router": 1},
    seconds=1,
    fails_if=Change(on="GET /v2.0/routers/{router_id}", body=with_json("router.name", "another")),
)
def test_router_complete(networks: Networks, session: Session) -> None:
    """Every answer about a router has all that is promised of it, as it was asked for, until it is deleted."""
    first = {"name": special(session), "admin_state_up": False, **described(networks, "Äpfel")}
    ours = Witness(networks.router, **first, external_gateway_info=None)
    ours.made(networks.router.create(**first)).shown().listed()
    then = {"name": special(session), "admin_state_up": True, **described(networks, "plus de café")}
    ours.told(networks.router.update(ours.id, **then), then).shown().listed()
    networks.router.delete(ours.id).status(204)
    ours.gone()


@api_test(
    "72f4a99f-a43f-403c-b9e3-9ac6e151b301",
    service="network",
    reference=REFERENCE + "#floating-ips-floatingips",
    extensions=NEEDS,
    creates={"floating-ip": 1, "port": 1},
    uses=("private-network", "external-network", "router"),
    seconds=2,
    fails_if=Change(on="GET /v2.0/floatingips/{floatingip_id}", body=with_json("floatingip.port_id", "another")),
)
def test_floating_ip_complete(networks: Networks, session: Session) -> None:
    """Every answer about a floating IP has all that is promised of it, as it was asked for, until it is deleted."""
    router, outside = session.common("router")["id"], session.common("external-network")["id"]
    port = networks.port.new(network_id=session.common("private-network")["id"])
    address, floating = port["fixed_ips"][0]["ip_address"], networks.floating_ip
    first = {"floating_network_id": outside, "port_id": port["id"], "fixed_ip_address": address}
    first |= described(networks, special(session))
    ours = Witness(floating, **first, router_id=router).made(floating.create(**first)).shown().listed()
    then = {"port_id": None, **described(networks, special(session))}
    nothing = dict.fromkeys(("fixed_ip_address", "router_id", "port_details"))
    ours.told(floating.update(ours.id, **then), {**then, **nothing}).shown().listed()
    floating.delete(ours.id).status(204)
    ours.gone()


def interface(answer: Answer, networks: Networks, router: str, inside: Thing) -> str:
    """Require all that is promised of an interface of a router; return its port."""
    subnet = inside["subnet"]["id"]
    shape = {"id": router, "subnet_id": subnet, "subnet_ids": [subnet], "network_id": inside["id"], "port_id": nonempty}
    # By either name, the older of which is no longer given everywhere.
    project = Maybe(networks.project_id)
    told = in_json(answer.status(200)).shape(shape | {"project_id": project, "tenant_id": project}).json()
    answer.require("$.project_id", networks.project_id, told.get("project_id", told.get("tenant_id")))
    return str(told["port_id"])


@api_test(
    "372f9000-f4da-4af1-a8de-ad226aafa682",
    service="network",
    reference=REFERENCE + "#add-interface-to-router",
    extensions=NEEDS,
    creates={"network": 1, "subnet": 1, "router": 1, "port": 1},
    seconds=2,
    fails_if=Change(on=REMOVE, body=with_json("port_id", "another")),
)
def test_interface_complete(networks: Networks) -> None:
    """An interface of a router is told with all that is promised, has a port with the gateway's address, and goes."""
    inside, router = networks.new_network(), networks.router.new()["id"]
    subnet = inside["subnet"]["id"]
    port = interface(networks.add_interface(router, subnet_id=subnet), networks, router, inside)
    address = [{"subnet_id": subnet, "ip_address": inside["subnet"]["gateway_ip"]}]
    known = {"id": port, "device_id": router, "network_id": inside["id"], "fixed_ips": address}
    Witness(networks.port, **known).told(networks.port.show(port))
    refused(networks.add_interface(router, subnet_id=subnet), 400, 409)
    removed = networks.remove_interface(router, subnet_id=subnet)
    removed.require("$.port_id", port, interface(removed, networks, router, inside))
    refused(networks.port.show(port), 404)
    refused(networks.remove_interface(router, subnet_id=subnet), 404)
