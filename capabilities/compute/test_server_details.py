"""A server is shown, and listed, as it was asked for.

https://docs.openstack.org/api-ref/compute/#show-server-details
"""

from __future__ import annotations

from ipaddress import ip_address

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.compute import shapes
from defcore.kit.match import containing

REFERENCE = "https://docs.openstack.org/api-ref/compute/"


@api_test(
    "5de47127-9977-400a-936f-abcfbec1218f",
    service="compute",
    reference=REFERENCE + "#show-server-details",
    fails_if=Change(on="GET /servers/{server_id}", body=with_json("server.accessIPv6", "2001:db8::1")),
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_show_server(session: Session, compute: Compute) -> None:
    """A server is shown with the name, image, flavor, metadata and access addresses that it was asked for with."""
    server = session.common("server")
    asked = server["asked"]
    answer = compute.server(server["id"]).status(200).shape(shapes.SHOWN)
    answer.shape({"server": {"accessIPv4": asked["accessIPv4"]}})
    answer.shape({"server": {"accessIPv6": str(ip_address(asked["accessIPv6"]))}})
    answer.shape({"server": {"name": asked["name"], "image": {"id": asked["imageRef"]}}})
    answer.shape({"server": {"flavor": {"id": asked["flavorRef"]}}})
    answer.require("$.server.metadata", asked["metadata"], answer.json()["server"]["metadata"])


@api_test(
    "9a438d88-10c6-4bcd-8b5b-5b6e25e1346f",
    service="compute",
    reference=REFERENCE + "#list-servers",
    fails_if=Change(on="GET /servers", body=with_json("servers", [])),
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_list_servers(session: Session, compute: Compute) -> None:
    """A server stands in the list of all servers."""
    server = session.common("server")
    answer, found = compute.every_server()
    answer.require("the servers listed", containing(server["id"]), [item["id"] for item in found])


@api_test(
    "585e934c-448e-43c4-acbf-d06a9b899997",
    service="compute",
    reference=REFERENCE + "#list-servers-detailed",
    fails_if=Change(on="GET /servers/detail", body=with_json("servers", [])),
    uses=("server",),
    creates={},
    seconds=0.3,
)
def test_list_servers_with_details(session: Session, compute: Compute) -> None:
    """A server stands in the detailed list of all servers."""
    server = session.common("server")
    answer, found = compute.every_server_detail()
    answer.require("the servers listed", containing(server["id"]), [item["id"] for item in found])
