"""Networks. https://docs.openstack.org/api-ref/network/v2/#networks"""

from __future__ import annotations

from defcore.kit import Change, Each, Networks, Only, Session, api_test, with_json
from defcore.kit.match import anything, containing
from defcore.kit.network.addresses import blocks
from defcore.kit.network.shapes import NETWORK

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
LIST = "GET /v2.0/networks"
SHOW = "GET /v2.0/networks/{network_id}"


def fields(networks: Networks) -> tuple[str, ...]:
    """Return which members to ask for."""
    return ("id", "name") if networks.lacks("net-mtu") else ("id", "name", "mtu")


@api_test(
    "2bf13842-c93f-4a69-83ed-717d2ec3b44e",
    service="network",
    reference=REFERENCE + "#show-network-details",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("network.name", "another")),
)
def test_show_network(networks: Networks, session: Session) -> None:
    """A network is shown under its id, with the name that it was given."""
    ours = session.common("private-network")
    shown = networks.network.show(ours["id"]).status(200)
    shown.shape({"network": {"id": ours["id"], "name": ours["name"]}})
    session.advise(lambda: shown.shape({"network": NETWORK}))


@api_test(
    "867819bb-c4b6-45f7-acf9-90edcf70aa5e",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=SHOW, body=with_json("network.project_id", "p")),
)
def test_show_network_fields(networks: Networks, session: Session) -> None:
    """Of a network only those members are shown that are asked for."""
    ours, wanted = session.common("private-network"), fields(networks)
    shown = networks.network.show(ours["id"], *wanted).status(200)
    shown.shape({"network": Only({field: ours[field] for field in wanted})})


@api_test(
    "f7ffdeda-e200-4a7a-bcbe-05716e86bf43",
    service="network",
    reference=REFERENCE + "#list-networks",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("networks", [])),
)
def test_list_networks(networks: Networks, session: Session) -> None:
    """The list of networks holds a network of the project."""
    ours = session.common("private-network")
    listed = networks.network.listing(ours["id"])
    listed.require("$.networks[*].id", containing(ours["id"]), networks.network.found(listed))


@api_test(
    "6ae6d24f-9194-4869-9c85-c313cb20e080",
    service="network",
    reference=REFERENCE + "#fields-selection",
    uses=("private-network",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("networks.0.project_id", "p")),
)
def test_list_networks_fields(networks: Networks, session: Session) -> None:
    """In the list of networks each has only those members that are asked for."""
    session.common("private-network")
    wanted = fields(networks)
    listed = networks.network.list(*wanted).status(200)
    listed.shape({"networks": Each(Only(dict.fromkeys(wanted, anything)), least=1)})


@api_test(
    "0e269138-0da6-4efc-a46d-578161e7b221",
    service="network",
    reference=REFERENCE + "#update-network",
    creates={"network": 1, "subnet": 1},
    seconds=1,
    fails_if=Change(on="PUT /v2.0/networks/{network_id}", body=with_json("network.name", "another")),
)
def test_create_update_delete_network_and_subnet(networks: Networks, session: Session) -> None:
    """A network is active as soon as it is created, it and its subnet can be renamed, and it can be deleted."""
    created = networks.network.create().status(201).shape({"network": {"id": str, "status": "ACTIVE"}})
    session.advise(lambda: created.shape({"network": NETWORK}))
    network, name = created.json()["network"]["id"], session.name()
    networks.network.update(network, name=name).status(200).shape({"network": {"name": name}})
    subnet = networks.create_subnet(network, blocks(1)[0]).status(201).shape({"subnet": {"id": str}}).json()["subnet"]
    name = session.name()
    networks.subnet.update(subnet["id"], name=name).status(200).shape({"subnet": {"name": name}})
    networks.network.delete(network).status(204)


@api_test(
    "f04f61a9-b7f3-4194-90b2-9bcf660d1bfe",
    service="network",
    reference=REFERENCE + "#delete-network",
    creates={"network": 1, "subnet": 1},
    seconds=1,
    fails_if=Change(on="GET /v2.0/subnets/{subnet_id}", status=200),
)
def test_delete_network_with_subnet(networks: Networks) -> None:
    """A network that still has a subnet can be deleted, and the subnet goes with it."""
    ours = networks.new_network()
    networks.network.delete(ours["id"]).status(204)
    networks.subnet.show(ours["subnet"]["id"]).status(404)


@api_test(
    "af774677-42a9-4e4b-bb58-16fe6a5bc1ec",
    service="network",
    reference=REFERENCE + "#external-network-extension-network",
    extensions=("network:external-net",),
    uses=("private-network", "external-network"),
    seconds=0.3,
    fails_if=Change(on=LIST, body=with_json("networks.0.router:external", False)),  # noqa: FBT003 - a JSON value
)
def test_external_network_visibility(networks: Networks, session: Session) -> None:
    """Networks that lead outside can be told from the others, and their subnets are seen where that is announced."""
    session.common("private-network")
    outside = session.common("external-network")
    listed = networks.network.list(**{"router:external": "True"}).status(200)
    listed.shape({"networks": Each({"id": str, "router:external": True})})
    listed.require("$.networks[*].id", containing(outside["id"]), networks.network.found(listed))
    subnets = networks.subnet.list(network_id=outside["id"]).status(200)
    if outside["shared"] or not networks.lacks("subnet-external-network"):
        subnets.shape({"subnets": Each(dict, least=1)})
    else:
        subnets.shape({"subnets": []})
