"""Ports. https://docs.openstack.org/api-ref/network/v2/#ports"""

from __future__ import annotations

from typing import Any

from defcore.kit import Change, Each, Either, Maybe, Networks, Only, Session, api_test, with_json
from defcore.kit.match import anything, containing, one_of
from defcore.kit.network.addresses import from_to
from defcore.kit.network.shapes import PORT

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
POST = "POST /v2.0/ports"
LIST = "GET /v2.0/ports"
SHOW = "GET /v2.0/ports/{port_id}"
PUT = "PUT /v2.0/ports/{port_id}"
FIELDS = ("id", "mac_address")
PASSING = ("extra_dhcp_opts", "created_at", "updated_at")
"""Members of a port that may differ a moment after its creation."""


def gone(networks: Networks, *ports: str) -> None:
    """Delete ports, and see that they are no longer listed."""
    for port in ports:
        networks.port.delete(port).status(204)
        listed = networks.port.list(id=port).status(200)
        listed.require("$.ports[*].id", [], [item for item in networks.port.found(listed) if item == port])


@api_test(
    "c9a685bd-e83f-499c-939f-9f7863ca259f",
    service="network",
    reference=REFERENCE + "#show-port-details",
    uses=("private-network", "port"),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("port.mac_address", "fa:16:3e:00:00:00")),
)
def test_show_port(networks: Networks, session: Session) -> None:
    """A port is shown as it was created."""
    ours = session.common("port")
    members: dict[str, Any] = {key: one_of(value) for key, value in ours.items()}
    shown = networks.port.show(ours["id"]).status(200)
    shown.shape({"port": Only(members | dict.fromkeys(PASSING, Maybe(anything)))})
    session.advise(lambda: shown.shape({"port": PORT}))


@api_test(
    "45fcdaf2-dab0-4c13-ac6c-fcddfb579dbd",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network", "port"),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("port.status", "DOWN")),
)
def test_show_port_fields(networks: Networks, session: Session) -> None:
    """Of a port only those members are shown that are asked for."""
    ours = session.common("port")
    shown = networks.port.show(ours["id"], *FIELDS).status(200)
    shown.shape({"port": Only({field: ours[field] for field in FIELDS})})


@api_test(
    "cf95b358-3e92-4a29-a148-52445e1ac50e",
    service="network",
    reference=REFERENCE + "#list-ports",
    uses=("private-network", "port"),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("ports", [])),
)
def test_list_ports(networks: Networks, session: Session) -> None:
    """The list of ports holds a port of the project."""
    ours = session.common("port")
    listed = networks.port.listing(ours["id"])
    listed.require("$.ports[*].id", containing(ours["id"]), networks.port.found(listed))


@api_test(
    "ff7f117f-f034-4e0e-abff-ccef05c454b4",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network", "port"),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("ports.0.status", "DOWN")),
)
def test_list_ports_fields(networks: Networks, session: Session) -> None:
    """In the list of ports each has only those members that are asked for."""
    session.common("port")
    listed = networks.port.list(*FIELDS).status(200)
    listed.shape({"ports": Each(Only(dict.fromkeys(FIELDS, anything)), least=1)})


@api_test(
    "5ad01ed0-0e6e-4c5d-8194-232801b15c72",
    service="network",
    reference=REFERENCE + "#list-ports",
    extensions=("network:router",),
    uses=("private-network", "port", "router"),
    seconds=0.3,
    fails_if=Change(on=LIST, body=with_json("ports.0.device_id", "")),
)
def test_list_ports_of_router(networks: Networks, session: Session) -> None:
    """The list of ports can be narrowed to those of one router."""
    session.common("port")
    router, inside = session.common("router"), session.common("private-network")["id"]
    listed = networks.port.list(device_id=router["id"]).status(200)
    listed.shape({"ports": Each({"id": str, "network_id": str, "device_id": router["id"]})})
    # Not everybody sees the port of its gateway.
    found = [item["id"] for item in listed.json()["ports"] if item["network_id"] == inside]
    listed.require("$.ports[*].id", [router["port_id"]], found)


@api_test(
    "c72c1c0c-2193-4aca-aaa4-b1442640f51c",
    service="network",
    reference=REFERENCE + "#update-port",
    creates={"port": 1},
    uses=("private-network",),
    seconds=0.5,
    fails_if=Change(on=PUT, body=with_json("port.admin_state_up", True)),  # noqa: FBT003 - a JSON value
)
def test_create_update_delete_port(networks: Networks, session: Session) -> None:
    """A port is up when it is created, can be renamed and set down, and is no longer listed once it is deleted."""
    network = session.common("private-network")["id"]
    created = networks.port.create(network_id=network).status(201)
    created.shape({"port": {"id": str, "admin_state_up": True}})
    session.advise(lambda: created.shape({"port": PORT}))
    port, name = created.json()["port"]["id"], session.name()
    updated = networks.port.update(port, name=name, admin_state_up=False).status(200)
    updated.shape({"port": {"name": name, "admin_state_up": False}})
    gone(networks, port)


@api_test(
    "67f1b811-f8db-43e2-86bd-72c074d4a42c",
    service="network",
    reference=REFERENCE + "#bulk-create-ports",
    creates={"port": 2},
    uses=("lent-network", "private-network"),
    seconds=1,
    fails_if=Change(on=POST, body=with_json("ports.1.network_id", "another")),
)
def test_create_ports_at_once(networks: Networks, session: Session) -> None:
    """Several ports can be created by one request, each on the network that was asked for."""
    here = session.common("private-network")["id"]
    with networks.lent_network() as lent:
        there = lent["id"]
        created = networks.port.create_all({"network_id": here}, {"network_id": there}).status(201)
        up = {"id": str, "admin_state_up": True}
        created.shape({"ports": [up | {"network_id": here}, up | {"network_id": there}]})
        gone(networks, *networks.port.found(created))


@api_test(
    "0435f278-40ae-48cb-a404-b8a087bc09b1",
    service="network",
    reference=REFERENCE + "#create-port",
    creates={"port": 1},
    uses=("lent-network",),
    seconds=1,
    fails_if=Change(on=POST, body=with_json("port.fixed_ips.0.ip_address", "192.0.2.1")),
)
def test_create_port_in_allocation_pool(networks: Networks) -> None:
    """A port gets its address from the pool of its subnet."""
    with networks.lent_network() as network:
        created = networks.port.create(network_id=network["id"]).status(201)
        pools = (subnet["pool"] for subnet in network["subnets"])
        inside = Either(*(from_to(pool["start"], pool["end"]) for pool in pools))
        created.shape({"port": {"id": str, "fixed_ips": [{"ip_address": inside}]}})
        networks.port.delete(created.json()["port"]["id"]).status(204)


def move_port(networks: Networks, session: Session, count: int) -> None:
    """Give a port another name, state, subnet and ``count`` other security groups by one request."""
    first = session.common("security-group")["id"]
    groups = [networks.security_group.new()["id"] for _ in range(count)]
    with networks.lent_network() as network:
        before, after = (subnet["id"] for subnet in network["subnets"])
        members = {"security_groups": [first], "fixed_ips": [{"subnet_id": before}]}
        port = networks.port.new(network_id=network["id"], admin_state_up=True, **members)["id"]
        wanted = {"name": session.name(), "admin_state_up": False}
        members = {"security_groups": groups, "fixed_ips": [{"subnet_id": after}]}
        updated = networks.port.update(port, **wanted, **members).status(200)
        with session.setting_up():
            networks.port.delete(port).status(204)
    updated.shape({"port": wanted | {"fixed_ips": Each({"subnet_id": str}, least=1), "security_groups": list}})
    shown = updated.json()["port"]
    updated.require("$.port.fixed_ips[0].subnet_id", after, shown["fixed_ips"][0]["subnet_id"])
    for group in groups:
        updated.require("$.port.security_groups", containing(group), shown["security_groups"])
    session.advise(lambda: updated.require("$.port.security_groups", sorted(groups), sorted(shown["security_groups"])))


@api_test(
    "58091b66-4ff4-4cc1-a549-05d60c7acd1a",
    service="network",
    reference=REFERENCE + "#update-port",
    extensions=("network:security-group",),
    creates={"port": 1, "security-group": 1, "security-group-rule": 2},
    uses=("lent-network", "security-group"),
    seconds=1,
    fails_if=Change(on=PUT, body=with_json("port.security_groups", [])),
)
def test_update_port_with_security_group(networks: Networks, session: Session) -> None:
    """The security group of a port can be changed together with its name, state and addresses."""
    move_port(networks, session, 1)


@api_test(
    "edf6766d-3d40-4621-bc6e-2521a44c257d",
    service="network",
    reference=REFERENCE + "#update-port",
    extensions=("network:security-group",),
    creates={"port": 1, "security-group": 2, "security-group-rule": 4},
    uses=("lent-network", "security-group"),
    seconds=1,
    fails_if=Change(on=PUT, body=with_json("port.fixed_ips.0.subnet_id", "another")),
)
def test_update_port_with_two_security_groups(networks: Networks, session: Session) -> None:
    """A port can be given several security groups together with another name, state and address."""
    move_port(networks, session, 2)
