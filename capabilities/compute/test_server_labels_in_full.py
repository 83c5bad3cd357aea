"""Metadata and tags of a server, of any letters, with all that the reference says of their answers.

https://docs.openstack.org/api-ref/compute/#server-metadata-servers-metadata
https://docs.openstack.org/api-ref/compute/#server-tags-servers-tags
"""

from __future__ import annotations

from defcore.kit import Answer, Change, Compute, Only, Session, api_test, with_json
from defcore.kit.checks import leading_to, refused
from defcore.kit.compute.full import usual
from defcore.kit.compute.tags import VERSION, Tags

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
METADATA = "/servers/{server_id}/metadata"
FOREIGN = "\u03ba\u03cc\u03c3\u03bc\u03bf\u03c2"


@api_test(
    "9614eb8b-fc2e-4653-a0a4-282311dd17ef",
    service="compute",
    reference=f"{REFERENCE}#server-metadata-servers-metadata",
    fails_if=Change(on=f"POST {METADATA}", body=with_json("metadata.kept", "lost")),
    uses=("lent-server",),
    seconds=0.5,
)
def test_metadata(compute: Compute) -> None:
    """Each change of a server's metadata answers with all that there is after it, or with the item, in any letters."""
    first, second = {"kept": f"{FOREIGN}-1", "changed": "before"}, {"changed": f"{FOREIGN}-2", "added": "new"}
    with compute.lent(safe=True) as server:
        items(compute.replace_metadata(server["id"], first), first)
        items(compute.update_metadata(server["id"], second), first | second)
        items(compute.metadata(server["id"]), first | second)
        item(compute.set_metadata_item(server["id"], "added", f"{FOREIGN}-3"), "added", f"{FOREIGN}-3")
        item(compute.metadata_item(server["id"], "added"), "added", f"{FOREIGN}-3")
        usual(compute.delete_metadata_item(server["id"], "added").status(204))
        refused(compute.metadata_item(server["id"], "added"), 404)
        items(compute.metadata(server["id"]), first | {"changed": second["changed"]})


@api_test(
    "57386f20-a170-4123-9f4c-4bbd6a3183ed",
    service="compute",
    reference=f"{REFERENCE}#server-tags-servers-tags",
    fails_if=Change(on="GET /servers/{server_id}/tags", header=("OpenStack-API-Version", "compute 2.1")),
    uses=("lent-server",),
    seconds=0.5,
)
def test_tags(compute: Compute, session: Session) -> None:
    """Tags of any letters are answered, checked and taken away as of the microversion that is asked for."""
    one, two = session.name(), f"{session.name()}-{FOREIGN}"
    with compute.lent() as server:
        tags = Tags(compute, server["id"])
        tagged(tags.replace([one, two]), one, two)
        tagged(tags.all(), one, two)
        usual(tags.delete(one).status(204), VERSION)
        usual(refused(tags.has(one), 404), VERSION)
        where = leading_to(f"/servers/{server['id']}/tags/{one}")
        usual(tags.add(one).status(201), VERSION).header("Location", where)
        usual(tags.has(one).status(204), VERSION)
        usual(tags.clear().status(204), VERSION)
        tagged(tags.all())


def items(answer: Answer, expected: dict[str, str]) -> None:
    """Require that an answer has this metadata, and no other."""
    usual(answer.status(200)).shape(Only({"metadata": Only(dict(expected))}))


def item(answer: Answer, key: str, value: str) -> None:
    """Require that an answer has this item of metadata, and no other."""
    usual(answer.status(200)).shape(Only({"meta": Only({key: value})}))


def tagged(answer: Answer, *expected: str) -> None:
    """Require that an answer has these tags, each once."""
    usual(answer.status(200), VERSION).shape(Only({"tags": list}))
    answer.require("$.tags", sorted(expected), sorted(answer.json()["tags"]))
