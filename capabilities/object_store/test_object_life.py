"""What becomes of an object: stored, described, replaced, and deleted.

https://docs.openstack.org/api-ref/object-store/#objects
"""

from __future__ import annotations

import secrets
import time

from defcore.kit import Answer, Change, ObjectStore, Only, Session, api_test
from defcore.kit.match import http_date, timestamp
from defcore.kit.object_headers import check_text, md5, own

HEAD = "HEAD /v1/{account}/{container}/{object}"
GET = "GET /v1/{account}/{container}/{object}"
META = "X-Object-Meta-"


def describes(answer: Answer, data: bytes, kind: str, **metadata: str) -> Answer:
    """Require the headers of an object with that content, content type and metadata: no other metadata is shown."""
    answer.header("Content-Length", str(len(data))).header("ETag", md5(data)).header("Content-Type", kind)
    answer.header("Accept-Ranges", "bytes").header("Last-Modified", http_date).header("X-Timestamp", timestamp)
    return answer.require("headers X-Object-Meta-*", Only(metadata), own(answer, META))


@api_test(
    "be7eefa6-d04c-48fc-9db0-8f66b538c4e7",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#delete-object",
    fails_if=Change(on=HEAD, nth=2, status=200),
)
def test_deleted_object_is_gone(store: ObjectStore, session: Session) -> None:
    """An object that was stored is found and listed, and after its deletion no operation knows it any more."""
    container, name = session.common("room"), session.name()
    store.put_object(container, name, b"plum").status(201)
    store.head_object(container, name).status(200)
    session.settle(lambda: store.get_container(container, prefix=name).status(200).listing([name]))
    store.delete_object(container, name).status(204).check(check_text)
    session.settle(lambda: store.head_object(container, name).status(404))
    session.settle(lambda: store.get_object(container, name).status(404))
    session.settle(lambda: store.get_container(container, prefix=name).status(200, 204).listing([]))
    store.delete_object(container, name).status(404)
    store.post_object(container, name, {f"{META}Colour": "blue"}).status(404)
    store.copy_object(container, name, {"Destination": f"{container}/{name}-copy"}).status(404)


@api_test(
    "5dd7b42c-40ef-448d-9006-4ae00ee56ba4",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#create-or-replace-object",
    fails_if=Change(on=HEAD, nth=2, header=("X-Object-Meta-Colour", "blue")),
)
def test_replaced_object_is_another(store: ObjectStore, session: Session) -> None:
    """A PUT on an object replaces its content, type and metadata as a whole, unless the checksum sent is another."""
    container, name = session.common("room"), session.name()
    old, new = secrets.token_bytes(1024), secrets.token_bytes(100)
    created = store.put_object(container, name, old, {"Content-Type": "image/png", f"{META}Colour": "blue"})
    created.status(201).header("ETag", md5(old)).header("Last-Modified", http_date)
    describes(store.head_object(container, name).status(200), old, "image/png", colour="blue")
    store.get_object(container, name).status(200).body(old)
    replaced = store.put_object(container, name, new, {"Content-Type": "text/plain", "ETag": md5(new)})
    replaced.status(201).header("ETag", md5(new))

    def shown() -> Answer:
        describes(store.head_object(container, name).status(200), new, "text/plain")
        return describes(store.get_object(container, name).status(200), new, "text/plain").body(new)

    session.settle(shown)
    store.put_object(container, name, old, {"ETag": md5(new)}).status(422)
    store.get_object(container, name).status(200).header("ETag", md5(new)).body(new)


@api_test(
    "839c8942-ee4c-4e11-8c01-bdc25747c330",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#create-or-update-object-metadata",
    fails_if=Change(on=GET, nth=2, header=("X-Object-Meta-Taste", None)),
)
def test_object_tells_what_it_was_given(store: ObjectStore, session: Session) -> None:
    """An object tells its type, its disposition, its end and its metadata; a POST replaces all of its metadata."""
    container, name, data = session.common("room"), session.name(), secrets.token_bytes(1024)
    kind, disposition, end = "image/x-defcore", 'attachment; filename="plum"', str(int(time.time()) + 86400)
    given = {"Content-Type": kind, "Content-Disposition": disposition, "X-Delete-At": end}
    store.put_object(container, name, data, given | {f"{META}Colour": "blue", f"{META}Shape": "round"}).status(201)
    first = describes(store.head_object(container, name).status(200), data, kind, colour="blue", shape="round")
    first.header("Content-Disposition", disposition).header("X-Delete-At", end)
    loaded = describes(store.get_object(container, name).status(200), data, kind, colour="blue", shape="round")
    loaded.header("Content-Disposition", disposition).header("X-Delete-At", end).body(data)
    store.post_object(container, name, {f"{META}Taste": "sweet"}).status(202).check(check_text)

    def changed() -> Answer:
        describes(store.head_object(container, name).status(200), data, kind, taste="sweet")
        return describes(store.get_object(container, name).status(200), data, kind, taste="sweet").body(data)

    session.settle(changed)


@api_test(
    "4026162e-05eb-42b4-b7c3-da9a1b9838a3",
    service="object-store",
    creates={"object": 3},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#copy-object",
    fails_if=Change(on=HEAD, nth=2, header=("X-Object-Meta-Shape", None)),
)
def test_copy_is_as_its_source(store: ObjectStore, session: Session) -> None:
    """A copy has the content, type and metadata of its source but for what the request names, or only the latter."""
    container, data, kind = session.common("room"), secrets.token_bytes(1024), "image/x-defcore"
    source, copy, bare = session.name(), session.name(), session.name()
    given = {"Content-Type": kind, f"{META}Colour": "blue", f"{META}Shape": "round"}
    store.put_object(container, source, data, given).status(201)
    describes(store.head_object(container, source).status(200), data, kind, colour="blue", shape="round")
    target = {"Destination": f"{container}/{copy}", f"{META}Colour": "green"}
    made = store.copy_object(container, source, target).status(201).check(store.usual_headers)
    made.header("ETag", md5(data)).header("X-Copied-From", f"{container}/{source}").header("Last-Modified", http_date)
    describes(store.head_object(container, copy).status(200), data, kind, colour="green", shape="round")
    store.get_object(container, copy).status(200).body(data)
    fresh = {"Destination": f"{container}/{bare}", "X-Fresh-Metadata": "true", f"{META}Taste": "sweet"}
    store.copy_object(container, source, fresh).status(201).header("ETag", md5(data))
    describes(store.head_object(container, bare).status(200), data, kind, taste="sweet")
