"""Tags of a server. https://docs.openstack.org/api-ref/compute/#server-tags-servers-tags"""

from __future__ import annotations

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.compute.tags import TAGS, Tags

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
USES = ("lent-server",)
LIST = "GET /servers/{server_id}/tags"


@api_test(
    "8d95abe2-c658-4c42-9a44-c0258500306b",
    service="compute",
    reference=f"{REFERENCE}#add-a-single-tag",
    uses=USES,
    seconds=0.2,
    fails_if=Change(on=LIST, nth=2, body=with_json("tags", [])),
)
def test_add_and_delete(compute: Compute, session: Session) -> None:
    """A server without tags has a tag from when it is added until it is deleted."""
    with compute.lent() as server:
        tags, tag = Tags(compute, server["id"]), session.name()
        tags.all().status(200).shape(TAGS).shape({"tags": []})
        tags.add(tag).status(201, 204)
        tags.all().status(200).shape(TAGS).shape({"tags": [tag]})
        tags.delete(tag).status(204)
        tags.all().status(200).shape(TAGS).shape({"tags": []})


@api_test(
    "81279a66-61c3-4759-b830-a2dbe64cbe08",
    service="compute",
    reference=f"{REFERENCE}#check-tag-existence",
    uses=USES,
    seconds=0.2,
    fails_if=Change(on=f"{LIST}/{{tag}}", status=404),
)
def test_check(compute: Compute, session: Session) -> None:
    """A server tells that it has a tag."""
    with compute.lent() as server:
        tags, tag = Tags(compute, server["id"]), session.name()
        tags.add(tag).status(201, 204)
        tags.has(tag).status(204)
        session.advise(lambda: tags.has(session.name()).status(404))
        cleared(session, tags)


@api_test(
    "a2c1af8c-127d-417d-974b-8115f7e3d831",
    service="compute",
    reference=f"{REFERENCE}#replace-tags",
    uses=USES,
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("tags", ["defcore-unchanged"])),
)
def test_replace(compute: Compute, session: Session) -> None:
    """A server has new tags in the place of all that it had."""
    with compute.lent() as server:
        tags, names = Tags(compute, server["id"]), sorted(session.name() for _ in range(2))
        tags.add(session.name()).status(201, 204)
        for answer in (tags.replace(names), tags.all()):
            answer.status(200).shape(TAGS).require("$.tags", names, sorted(answer.json()["tags"]))
        cleared(session, tags)


@api_test(
    "a63b2a74-e918-4b7c-bcab-10c855f3a57e",
    service="compute",
    reference=f"{REFERENCE}#delete-all-tags",
    uses=USES,
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_json("tags", ["defcore-there"])),
)
def test_delete_all(compute: Compute, session: Session) -> None:
    """A server has no tags any more once all are deleted."""
    with compute.lent() as server:
        tags = Tags(compute, server["id"])
        for _ in range(2):
            tags.add(session.name()).status(201, 204)
        tags.clear().status(204)
        tags.all().status(200).shape(TAGS).shape({"tags": []})


def cleared(session: Session, tags: Tags) -> None:
    """Leave a server that was lent without tags, as it was."""
    with session.setting_up():
        tags.clear().status(204)
