"""Routers. https://docs.openstack.org/api-ref/network/v2/#routers-routers"""

from __future__ import annotations

from defcore.kit import Change, Each, Networks, Session, api_test, with_json
from defcore.kit.match import containing
from defcore.kit.network.addresses import nth
from defcore.kit.network.shapes import ROUTER

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
SHOW = "GET /v2.0/routers/{router_id}"
PUT = "PUT /v2.0/routers/{router_id}"
ADD = "PUT /v2.0/routers/{router_id}/add_router_interface"
SHOW_PORT = "GET /v2.0/ports/{port_id}"
NEEDS = ("network:router",)


@api_test(
    "f64403e2-8483-4b34-8ccd-b09a87bcc68c",
    service="network",
    reference=REFERENCE + "#create-router",
    extensions=NEEDS,
    creates={"router": 1},
    uses=("external-network",),
    seconds=1,
    fails_if=Change(on=SHOW, nth=2, body=with_json("router.name", "another")),
)
def test_create_show_list_update_router(networks: Networks, session: Session) -> None:
    """A router is shown and listed as it was created, with its gateway, and can be renamed."""
    name, outside = session.name(), session.common("external-network")["id"]
    gateway = {"external_gateway_info": {"network_id": outside}}
    created = networks.router.create(name=name, admin_state_up=False, **gateway).status(201)
    created.shape({"router": {"id": str, "name": name, "admin_state_up": False, **gateway}})
    session.advise(lambda: created.shape({"router": ROUTER}))
    router = created.json()["router"]["id"]
    networks.router.show(router).status(200).shape({"router": {"name": name, **gateway}})
    listed = networks.router.listing(router)
    listed.require("$.routers[*].id", containing(router), networks.router.found(listed))
    name = session.name()
    networks.router.update(router, name=name).status(200).shape({"router": {"name": name}})
    networks.router.show(router).status(200).shape({"router": {"name": name}})
    networks.router.delete(router).status(204)


@api_test(
    "a8902683-c788-4246-95c7-ad9c6d63a4d9",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=NEEDS,
    creates={"router": 1},
    seconds=0.5,
    fails_if=Change(on=SHOW, body=with_json("router.admin_state_up", False)),  # noqa: FBT003 - a JSON value
)
def test_update_router_state(networks: Networks) -> None:
    """A router that was created as down can be set up."""
    created = networks.router.create(admin_state_up=False).status(201)
    router = created.shape({"router": {"id": str, "admin_state_up": False}}).json()["router"]["id"]
    networks.router.update(router, admin_state_up=True).status(200).shape({"router": {"admin_state_up": True}})
    networks.router.show(router).status(200).shape({"router": {"admin_state_up": True}})


@api_test(
    "ad81b7ee-4f81-407b-a19c-17e623f763e8",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=NEEDS,
    uses=("lent-router", "external-network"),
    seconds=0.5,
    fails_if=Change(on=SHOW, body=with_json("router.external_gateway_info", {"network_id": "still-there"})),
)
def test_update_router_without_gateway(networks: Networks, session: Session) -> None:
    """The gateway of a router can be taken away."""
    gateway = {"network_id": session.common("external-network")["id"]}
    with networks.lent_router() as lent:
        router = lent["id"]
        with session.setting_up():
            networks.router.update(router, external_gateway_info=gateway).status(200)
        networks.router.update(router, external_gateway_info={}).status(200)
        networks.router.show(router).status(200).shape({"router": {"external_gateway_info": None}})


@api_test(
    "b42e6e39-2e37-49cc-a6f4-8467e940900a",
    service="network",
    reference=REFERENCE + "#add-interface-to-router",
    extensions=NEEDS,
    uses=("lent-router", "lent-network"),
    creates={"port": 1},
    seconds=1,
    fails_if=Change(on=SHOW_PORT, body=with_json("port.device_id", "another")),
)
def test_interface_by_subnet(networks: Networks) -> None:
    """A router gets an interface on a subnet, whose port belongs to it, and loses it again."""
    with networks.lent_network() as network, networks.lent_router() as lent:
        subnet, router = network["subnets"][0]["id"], lent["id"]
        added = networks.add_interface(router, subnet_id=subnet).status(200).shape({"subnet_id": str, "port_id": str})
        networks.port.show(added.json()["port_id"]).status(200).shape({"port": {"device_id": router}})
        networks.remove_interface(router, subnet_id=subnet).status(200)


@api_test(
    "2b7d2f37-6748-4d78-92e5-1d590234f0d5",
    service="network",
    reference=REFERENCE + "#add-interface-to-router",
    extensions=NEEDS,
    creates={"port": 1},
    uses=("lent-router", "private-network"),
    seconds=1,
    fails_if=Change(on=ADD, body=with_json("port_id", None)),
)
def test_interface_by_port(networks: Networks, session: Session) -> None:
    """A router gets a port that was made for it as an interface, and loses it again."""
    port = networks.port.new(network_id=session.common("private-network")["id"])["id"]
    with networks.lent_router() as lent:
        router = lent["id"]
        added = networks.add_interface(router, port_id=port).status(200).shape({"subnet_id": str, "port_id": str})
        networks.port.show(added.json()["port_id"]).status(200).shape({"port": {"device_id": router}})
        networks.remove_interface(router, port_id=port).status(200)


@api_test(
    "802c73c9-c937-4cef-824b-2191e24a6aab",
    service="network",
    reference=REFERENCE + "#add-interface-to-router",
    extensions=NEEDS,
    uses=("lent-router", "lent-network"),
    creates={"port": 2},
    seconds=1.5,
    fails_if=Change(on=SHOW_PORT, nth=2, body=with_json("port.fixed_ips.0.subnet_id", "another")),
)
def test_several_interfaces(networks: Networks) -> None:
    """A router can have an interface on each of several subnets."""
    with networks.lent_network() as network, networks.lent_router() as lent:
        router, subnets = lent["id"], [item["id"] for item in network["subnets"]]
        for subnet in subnets:
            added = networks.add_interface(router, subnet_id=subnet).status(200)
            added.shape({"subnet_id": subnet, "port_id": str})
            shown = networks.port.show(added.json()["port_id"]).status(200)
            shown.shape({"port": {"device_id": router, "fixed_ips": [{"subnet_id": subnet}]}})
        for subnet in subnets:
            networks.remove_interface(router, subnet_id=subnet).status(200)


def target(route: dict[str, str]) -> str:
    """Return where a route leads."""
    return route["destination"]


@api_test(
    "c86ac3a8-50bd-4b00-a6b8-62af84a0765c",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=(*NEEDS, "network:extraroute"),
    creates={"port": 1},
    uses=("lent-router", "private-network"),
    seconds=1,
    fails_if=Change(on=SHOW, nth=2, body=with_json("router.routes", [{"destination": "d", "nexthop": "n"}])),
)
def test_extra_routes(networks: Networks, session: Session) -> None:
    """A router can be given further routes, shows them, and loses them again."""
    inside = session.common("private-network")
    made = networks.port.new(network_id=inside["id"])
    port, own = made["id"], {item["ip_address"] for item in made["fixed_ips"]}
    # A route to the router itself is refused.
    hops = [hop for number in range(240, 245) if (hop := nth(inside["subnet"]["cidr"], number)) not in own]
    routes = [{"destination": f"203.0.113.{64 * item}/26", "nexthop": hop} for item, hop in enumerate(hops[:4])]
    with networks.lent_router() as lent:
        router = lent["id"]
        networks.new_interface(router, port_id=port)
        updated = networks.router.update(router, routes=routes).status(200)
        shown = networks.router.show(router).status(200)
        for answer in (updated, shown):
            found = answer.shape({"router": {"routes": Each({"destination": str})}}).json()["router"]["routes"]
            answer.require("$.router.routes", sorted(routes, key=target), sorted(found, key=target))
        networks.router.update(router, routes=None).status(200)
        networks.router.show(router).status(200).shape({"router": {"routes": []}})
        networks.remove_interface(router, port_id=port).status(200)
