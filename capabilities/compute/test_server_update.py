"""A server is given another name, or other access addresses.

https://docs.openstack.org/api-ref/compute/#update-server
"""

from __future__ import annotations

from defcore.kit import Answer, Change, Compute, Match, Session, api_test, with_json
from defcore.kit.compute import shapes

REFERENCE = "https://docs.openstack.org/api-ref/compute/#update-server"
SHOW = "GET /servers/{server_id}"
FOREIGN = "\u00cd\u00f1st\u00e1\u00f1c\u00e9"
ADDRESSES = {"accessIPv4": "192.0.2.50", "accessIPv6": "::babe:202:202"}


@api_test(
    "5e6ccff8-349d-4852-a8b3-055df7988dd2",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on=SHOW, body=with_json("server.name", "another")),
    uses=("lent-server",),
    creates={},
    seconds=2,
)
def test_update_name(session: Session, compute: Compute) -> None:
    """A server can be given a name of any letters while it is active and while it is shut off."""
    with compute.lent() as server:
        renamed(session, compute, server["id"], "ACTIVE")
        with session.setting_up():
            compute.action(server["id"], "os-stop").status(202)
            compute.ready(server["id"], "SHUTOFF")
        stopped = renamed(session, compute, server["id"], "SHUTOFF")
        no = Match("no progress, of a server that is shut off", lambda members: "progress" not in members)
        stopped.require("$.server", no, list(stopped.json()["server"]))
        with session.setting_up():
            compute.action(server["id"], "os-start").status(202)
            compute.ready(server["id"])


@api_test(
    "89b90870-bc13-4b73-96af-f9d4f2b70077",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on=SHOW, body=with_json("server.accessIPv4", "192.0.2.51")),
    uses=("lent-server",),
    creates={},
    seconds=0.3,
)
def test_update_access_addresses(compute: Compute) -> None:
    """A server can be given other access addresses, and is shown with them."""
    with compute.lent(safe=True) as server:
        compute.update_server(server["id"], **ADDRESSES).status(200).shape(shapes.UPDATED)
        answer = compute.server(server["id"]).status(200).shape(shapes.SHOWN)
        answer.shape({"server": ADDRESSES | {"status": "ACTIVE"}})


def renamed(session: Session, compute: Compute, server: str, status: str) -> Answer:
    """Give a server a new name, and require that it is shown with it, in the status in which it was."""
    name = f"{session.name()}-{FOREIGN}"
    compute.update_server(server, name=name).status(200).shape(shapes.UPDATED)
    answer = compute.server(server).status(200).shape(shapes.SHOWN)
    return answer.shape({"server": {"name": name, "status": status}})
