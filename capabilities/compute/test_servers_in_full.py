"""Servers are made, shown, changed and ended as the reference says, in every member of every answer.

https://docs.openstack.org/api-ref/compute/#servers-servers
"""

from __future__ import annotations

import secrets

from defcore.kit import Change, Compute, Maybe, Only, Session, api_test, with_json
from defcore.kit.checks import leading_to, refused
from defcore.kit.compute import shapes
from defcore.kit.compute.actions import REBUILT
from defcore.kit.compute.full import many, one, usual

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
SHOW = "GET /servers/{server_id}"
FOREIGN = "\u03ba\u03cc\u03c3\u03bc\u03bf\u03c2"
"""Beyond Latin letters, of which Nova would make a host name, which not every network service takes."""
META = {"origin": f"{FOREIGN}-7", "purpose": "test"}
ACCESS = {"accessIPv4": "192.0.2.61", "accessIPv6": "2001:db8::61"}
KEPT = ("id", "image", "flavor", "tenant_id", "user_id", "created", "hostId", "status")
"""Members that are as they were before a server was given another name, metadata or access addresses."""


@api_test(
    "10032a5e-26ed-411a-ab60-7dc0f9f857d9",
    service="compute",
    reference=f"{REFERENCE}#create-server",
    fails_if=Change(on=SHOW, body=with_json("server.metadata.origin", "lost")),
    uses=("image", "flavor", "network"),
    creates={"server": 1, "port": 1},
    seconds=3,
)
def test_create_and_delete(session: Session, compute: Compute) -> None:
    """A server is shown and listed in full as it was asked for, from when it is active until it is deleted."""
    base, password = session.name(), f"Aa1-{secrets.token_hex(8)}"
    session.know(password)
    asked = compute.blueprint(name=f"{base}-{FOREIGN}", metadata=META, adminPass=password, **ACCESS)
    answer = compute.create_server(asked).status(202)
    made = one(session, answer, shapes.CREATED)["id"]
    answer.header("Location", leading_to(f"/servers/{made}")).shape({"server": {"adminPass": password}})
    compute.ready(made)
    expected = ACCESS | {
        "id": made,
        "name": asked["name"],
        "status": "ACTIVE",
        "metadata": Only(META),
        "image": {"id": asked["imageRef"]},
        "flavor": {"id": asked["flavorRef"]},
        "tenant_id": compute.project_id,
        "user_id": compute.user_id,
        "key_name": Maybe(None),
    }
    shown = compute.server(made).status(200)
    one(session, shown)
    shown.shape({"server": expected})
    detailed, listed = compute.servers_detail(name=base), compute.servers(name=base)
    many(session, detailed, detail=True)
    detailed.shape({"servers": [expected]})
    many(session, listed, detail=False)
    listed.shape({"servers": [{"id": made, "name": asked["name"]}]})
    usual(compute.delete_server(made).status(204))
    refused(compute.gone(made), 404)
    listed = compute.servers(name=base)
    many(session, listed, detail=False)
    listed.shape({"servers": []})
    refused(compute.delete_server(made), 404)


@api_test(
    "73e2c3df-8636-455b-bf7b-218ad99eb36f",
    service="compute",
    reference=f"{REFERENCE}#update-server",
    fails_if=Change(on="PUT /servers/{server_id}", body=with_json("server.metadata", {})),
    uses=("lent-server",),
    seconds=0.4,
)
def test_update(session: Session, compute: Compute) -> None:
    """A server that is changed answers, and is shown from then on, with what was changed and all else as it was."""
    change = ACCESS | {"name": f"{session.name()}-{FOREIGN}"}
    with compute.lent(safe=True) as server:
        with session.setting_up():
            compute.replace_metadata(server["id"], META).status(200)
            before = compute.server(server["id"]).status(200).json()["server"]
        expected = {key: before[key] for key in KEPT} | change | {"metadata": Only(META)}
        changed = compute.update_server(server["id"], **change).status(200)
        one(session, changed, shapes.UPDATED)
        changed.shape({"server": expected})
        shown = compute.server(server["id"]).status(200)
        one(session, shown)
        shown.shape({"server": expected | {"addresses": before["addresses"]}})


@api_test(
    "cec33e67-0c50-4a44-b15c-2d6693ad368d",
    service="compute",
    reference=f"{REFERENCE}#rebuild-server-rebuild-action",
    fails_if=Change(on=f"POST {SHOW[4:]}/action (rebuild)", body=with_json("server.metadata", {})),
    uses=("lent-server",),
    seconds=1,
)
def test_rebuild(session: Session, compute: Compute) -> None:
    """A server that is rebuilt answers, and is shown once it is active, with what was asked for and all else kept."""
    change = ACCESS | {"name": f"{session.name()}-{FOREIGN}"}
    with compute.lent() as server:
        with session.setting_up():
            before = compute.server(server["id"]).status(200).json()["server"]
        password = f"Aa1-{secrets.token_hex(8)}"
        session.know(password)
        wanted = change | {"imageRef": before["image"]["id"], "metadata": META, "adminPass": password}
        expected = {key: before[key] for key in KEPT} | change | {"metadata": Only(META)}
        answer = compute.action(server["id"], "rebuild", wanted).status(202)
        one(session, answer, REBUILT)
        answer.header("Location", leading_to(f"/servers/{server['id']}"))
        answer.shape({"server": expected | {"status": str, "adminPass": Maybe(password)}})
        shown = session.wait.until(lambda: compute.server(server["id"]), "server.status", "ACTIVE")
        one(session, shown)
        shown.shape({"server": expected | {"addresses": before["addresses"]}})
