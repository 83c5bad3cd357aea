"""Key pairs from their beginning to their end, and in pages.

https://docs.openstack.org/api-ref/compute/#keypairs-keypairs
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Either, Match, Session, api_test, with_item, with_json
from defcore.kit.checks import leading_to, refused
from defcore.kit.compute import shapes
from defcore.kit.compute.checks import done, once, speaks, told

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
VERSION, PAGED = "2.2", "2.35"
MOST = "1000"
PUBLIC = (
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCusv5hLl21jYhwK1a3jBc565ZrWI+s+ynPSvexuREAO9iVKk1+1VUx3SNTeA2xDqm1kQmFDXlh"
    "+IOt823LJbW70ZmA2TP4nbIbJDcFiBHkMDbL4VN7Lx711BN1Ah6x4VAzuZuJWwN47VwVnE4Kz9IfBVw+INjgaMsrq8u4Ba7h2gMuN5+2GTtI1BOC"
    "DKdKW0lPH8NA9qWfNZWrq8HFOQaHBwV8QiHBJX2Y/t5rMF1EDhkKNlsVmDuPQ5+QfLwUkOLIqqLftdZqTJ/h3O6J8nOb8Ee7YYXDU+6XoCaNcDel"
    "jnzXGZeyTUyorN5wOp5DxRFqvbfzoi2ZNZvnQe9sQgsh defcore"
)
"""The public half of a key whose private half nobody has."""


@api_test(
    "9253c069-09a5-42a9-8ac7-b25d53696355",
    service="compute",
    reference=f"{REFERENCE}#create-import-keypair",
    fails_if=Change(on="GET /os-keypairs/{keypair_name}", body=with_json("keypair.public_key", "ssh-rsa AAAA another")),
    creates={"keypair": 1},
    seconds=0.5,
)
def test_from_import_to_deletion(session: Session, compute: Compute) -> None:
    """A public key that is imported is told of alike when it is made, shown and listed, and not at all once deleted."""
    wanted = {"name": session.name(), "type": "ssh", "public_key": PUBLIC}
    made = told(compute.create_keypair(wanted, version=VERSION), shapes.KEY_CREATED, status=201, version=VERSION)
    made.shape({"keypair": wanted | {"user_id": compute.user_id}})
    known = wanted | {"fingerprint": made.json()["keypair"]["fingerprint"]}
    made.require("$.keypair.private_key", None, made.json()["keypair"].get("private_key"))
    shown = told(compute.keypair(wanted["name"], version=VERSION), shapes.KEY_SHOWN, version=VERSION)
    shown.shape({"keypair": known | {"user_id": compute.user_id, "deleted": False, "deleted_at": None}})
    listed = told(compute.keypairs(version=VERSION), shapes.KEYS_LISTED, version=VERSION)
    once(listed, "$.keypairs[*].keypair", known, [item["keypair"] for item in listed.json()["keypairs"]])
    done(compute.delete_keypair(wanted["name"], version=VERSION), 204, version=VERSION)
    refused(compute.keypair(wanted["name"], version=VERSION), 404)
    after = told(compute.keypairs(version=VERSION), shapes.KEYS_LISTED, version=VERSION)
    names = [item["keypair"]["name"] for item in after.json()["keypairs"]]
    after.require("the name in the list", [], [name for name in names if name == wanted["name"]])


@api_test(
    "a6bc4475-0ab7-4a89-9fad-fecb85762177",
    service="compute",
    reference=f"{REFERENCE}#list-keypairs",
    fails_if=Change(on="GET /os-keypairs", nth=2, body=with_item("keypairs")),
    creates={"keypair": 2},
    seconds=0.5,
)
def test_pages(session: Session, compute: Compute) -> None:
    """A page of key pairs has as many as were asked for, and begins after the one that is named as its marker."""
    name = session.name()
    ours = {name, f"{name}-next"}
    with session.setting_up():
        for item in ours:
            compute.create_keypair({"name": item, "public_key": PUBLIC}).status(200)
    whole = speaks(compute.keypairs(version=PAGED, limit=MOST), PAGED, "pages of key pairs")
    names = [item["keypair"]["name"] for item in told(whole, shapes.KEYS_PAGE, version=PAGED).json()["keypairs"]]
    listed = [item for item in names if item in ours]
    whole.require("our key pairs", sorted(ours), sorted(listed))
    seen, last = listed[:1], listed[1]
    # What comes between ours is somebody else's, and may come and go.
    while last not in seen:
        page = told(compute.keypairs(version=PAGED, limit="1", marker=seen[-1]), shapes.KEYS_PAGE, version=PAGED)
        found = [item["keypair"]["name"] for item in page.json()["keypairs"]]
        page.require(f"the names on the page of one after {seen[-1]}", Either([_new_to(seen)], []), found)
        if not found:
            raise whole.wrong("the order of the names", f"{last} before {seen[-1]}, the last one in pages", "after it")
        for link in page.json().get("keypairs_links", []):
            page.require("the link to the next page", leading_to("/os-keypairs"), link["href"])
        seen += found


def _new_to(seen: list[str]) -> Match:
    return Match("a name that no page before had", lambda name: name not in seen)
