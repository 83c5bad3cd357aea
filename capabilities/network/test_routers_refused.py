"""What routers are refused. https://docs.openstack.org/api-ref/network/v2/#routers-routers"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Networks, Session, api_test

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
PUT = "PUT /v2.0/routers/{router_id}"
DELETE = "DELETE /v2.0/routers/{router_id}"
NEEDS = ("network:router",)


@api_test(
    "c2a70d72-8826-43a7-8208-0209e6360c47",
    service="network",
    reference=REFERENCE + "#show-router-details",
    extensions=NEEDS,
    uses=("router",),
    seconds=0.3,
    fails_if=Change(on="GET /v2.0/routers/{router_id}", status=200),
)
def test_show_missing_router(networks: Networks, session: Session) -> None:
    """A router that does not exist is not found."""
    router = session.common("router")["id"]
    session.once("router", lambda: networks.router.show(router).status(200))
    networks.router.show(str(uuid.uuid4())).status(404)


@api_test(
    "b23d1569-8b0c-4169-8d4b-6abd34fad5c7",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=NEEDS,
    uses=("lent-router",),
    seconds=0.5,
    fails_if=Change(on=PUT, status=200),
)
def test_update_missing_router(networks: Networks, session: Session) -> None:
    """A router that does not exist cannot be renamed."""
    with networks.lent_router() as router, session.setting_up():
        networks.router.update(router["id"], name=session.name()).status(200)
    networks.router.update(str(uuid.uuid4()), name=session.name()).status(404)


@api_test(
    "c7edc5ad-d09d-41e6-a344-5c0c31e2e3e4",
    service="network",
    reference=REFERENCE + "#delete-router",
    extensions=NEEDS,
    creates={"router": 1},
    seconds=0.5,
    fails_if=Change(on=DELETE, status=204),
)
def test_delete_missing_router(networks: Networks, session: Session) -> None:
    """A router that does not exist cannot be deleted."""
    with session.setting_up():
        networks.router.delete(networks.router.new()["id"]).status(204)
    networks.router.delete(str(uuid.uuid4())).status(404)


@api_test(
    "37a94fc0-a834-45b9-bd23-9a81d2fd1e22",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=NEEDS,
    uses=("lent-router",),
    seconds=0.5,
    fails_if=Change(on=PUT, status=200),
)
def test_gateway_on_missing_network(networks: Networks) -> None:
    """A router gets no gateway on a network that does not exist."""
    with networks.lent_router() as router:
        networks.router.update(router["id"], external_gateway_info={"network_id": router["id"]}).status(404)


@api_test(
    "11836a18-0b15-4327-a50b-f0d9dc66bddd",
    service="network",
    reference=REFERENCE + "#update-router",
    extensions=NEEDS,
    uses=("lent-router", "private-network"),
    seconds=0.5,
    fails_if=Change(on=PUT, status=200),
)
def test_gateway_on_private_network(networks: Networks, session: Session) -> None:
    """A router gets no gateway on a network that does not lead outside."""
    inside = session.common("private-network")["id"]
    with networks.lent_router() as router:
        networks.router.update(router["id"], external_gateway_info={"network_id": inside}).status(400)


@api_test(
    "957751a3-3c68-4fa2-93b6-eb52ea10db6e",
    service="network",
    reference=REFERENCE + "#add-interface-to-router",
    extensions=NEEDS,
    creates={"subnet": 1},
    uses=("router", "lent-network", "private-network"),
    seconds=1,
    fails_if=Change(on="PUT /v2.0/routers/{router_id}/add_router_interface", status=200),
)
def test_interfaces_on_overlapping_subnets(networks: Networks, session: Session) -> None:
    """A router gets no interface on a subnet whose range overlaps with one that it has an interface on."""
    inside, router = session.common("private-network"), session.common("router")["id"]
    with networks.lent_network() as there:
        overlapping = networks.new_subnet(there["id"], inside["subnet"]["cidr"])["id"]
        networks.add_interface(router, subnet_id=overlapping).status(400)
        networks.subnet.delete(overlapping).status(204)


@api_test(
    "04df80f9-224d-47f5-837a-bf23e33d1c20",
    service="network",
    reference=REFERENCE + "#delete-router",
    extensions=NEEDS,
    uses=("router",),
    seconds=0.5,
    fails_if=Change(on=DELETE, status=204),
)
def test_delete_router_in_use(networks: Networks, session: Session) -> None:
    """A router that has an interface cannot be deleted."""
    networks.router.delete(session.common("router")["id"]).status(409)
