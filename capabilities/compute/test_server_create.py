"""Servers are created: with a password, a key pair, a name that is taken, several at once.

https://docs.openstack.org/api-ref/compute/#create-server
"""

from __future__ import annotations

import secrets

from defcore.kit import Change, Compute, Match, Session, api_test, with_json, with_list
from defcore.kit.compute import shapes

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
MANY = REFERENCE + "#create-multiple-servers"
BLUEPRINT = ("image", "flavor", "network")


@api_test(
    "b92d5ec7-b1dd-44a2-87e4-45e888c46ef0",
    service="compute",
    reference=REFERENCE + "#create-server",
    fails_if=Change(on="POST /servers", body=with_json("server.adminPass", "another")),
    uses=BLUEPRINT,
    gives=("lent-server",),
    seconds=0.5,
)
def test_with_password(session: Session, compute: Compute) -> None:
    """A server that is created with an administrator's password answers with that password."""
    password = f"Aa1-{secrets.token_hex(8)}"
    session.know(password)
    answer = compute.create_server(compute.blueprint(adminPass=password)).status(202).shape(shapes.CREATED)
    answer.shape({"server": {"adminPass": password}})
    compute.leave(answer.json()["server"]["id"], answer)


@api_test(
    "8fea6be7-065e-47cf-89b8-496e6f96c699",
    service="compute",
    reference=REFERENCE + "#create-server",
    fails_if=Change(on="POST /servers", status=409),
    uses=(*BLUEPRINT, "server"),
    gives=("lent-server",),
    seconds=2,
)
def test_with_a_name_that_is_taken(session: Session, compute: Compute) -> None:
    """A server may be given the name of another server, and becomes a server of its own."""
    there = session.common("server")
    asked = compute.blueprint(name=there["name"])
    answer = compute.create_server(asked, beside=there["id"]).status(202).shape(shapes.CREATED)
    other = Match(f"another id than {there['id']}", lambda value: value != there["id"])
    answer.shape({"server": {"id": other}})
    made = answer.json()["server"]["id"]
    shown = session.wait.until(lambda: compute.server(made), "server.status", "ACTIVE")
    shown.shape(shapes.SHOWN).shape({"server": {"name": there["name"]}})
    compute.server(there["id"]).status(200).shape(shapes.SHOWN).shape({"server": {"name": there["name"]}})
    compute.leave(made, answer)


@api_test(
    "f9e15296-d7f9-4e62-b53f-a04e89160833",
    service="compute",
    reference=REFERENCE + "#create-server",
    fails_if=Change(on="GET /servers/{server_id}", body=with_json("server.key_name", None)),
    uses=("server", *BLUEPRINT),
    creates={},
    seconds=0.3,
)
def test_with_a_key_pair(session: Session, compute: Compute) -> None:
    """A server that was created with a key pair is shown with the name of that key pair."""
    server = session.common("server")
    asked: str = server["asked"].get("key_name") or ""
    if not asked:
        # Nobody made a key pair for the shared server: what the cloud says to it is this test's to judge.
        asked = session.name()
        compute.create_keypair({"name": asked}).status(200)
        server = compute.new_server(key_name=asked)
    answer = compute.server(server["id"]).status(200).shape(shapes.SHOWN)
    answer.shape({"server": {"key_name": asked}})


@api_test(
    "61e03386-89c3-449c-9bb1-a06f423fd9d1",
    service="compute",
    reference=MANY,
    fails_if=Change(on="GET /servers", body=with_list("servers", lambda items: items[:1])),
    uses=BLUEPRINT,
    gives=("lent-server",),
    seconds=2,
)
def test_several_at_once(session: Session, compute: Compute) -> None:
    """One request that asks for two servers creates two, and answers without the id of a reservation."""
    asked = compute.blueprint()
    compute.create_servers(asked, 2).status(202).shape(shapes.CREATED)
    answer, found = compute.every_server(name=asked["name"])
    for item in found:
        session.found("server", item["name"], item["id"], answer)
    answer.require("the number of servers that were made", 2, len(found))
    for item in found:
        compute.ready(item["id"])
        compute.leave(item["id"], answer)
