"""Static large objects: segments that a manifest lists one by one.

https://docs.openstack.org/swift/latest/api/large_objects.html#static-large-objects
"""

from __future__ import annotations

from typing import Any

from defcore.kit import Answer, Change, Maybe, ObjectStore, Session, api_test, flipped, replaced
from defcore.kit.match import iso_time
from defcore.kit.object_common import joined, manifest, put_segments
from defcore.kit.object_headers import JSON, md5

HEAD = "HEAD /v1/{account}/{container}/{object}"
GET = "GET /v1/{account}/{container}/{object}"
PUT = "PUT /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/swift/latest/api/large_objects.html#static-large-objects"


def own_object(store: ObjectStore, session: Session) -> tuple[str, str, list[dict[str, Any]]]:
    """Store a large object of two segments, alone in a container; return container, name and what the manifest says."""
    container, name = store.new_container(), session.name()
    segments = put_segments(session, container)
    with session.setting_up():
        store.put_object(container, name, manifest(segments), multipart_manifest="put").success()
    return container, name, segments


@api_test(
    "2c3f24a6-36e8-4711-9aa2-800ee1fc7b5b",
    service="object-store",
    creates={"object": 1},
    uses=("room", "segments"),
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=PUT, header=("ETag", "0cc175b9c0f1b6a831c399e269772661")),
)
def test_upload_manifest(store: ObjectStore, session: Session) -> None:
    """A manifest that lists stored segments makes a large object, whose ETag stands in quotes."""
    container, segments = session.common("room"), session.common("segments")
    answer = store.put_object(container, session.name(), manifest(segments), multipart_manifest="put").status(201)
    answer.check(store.large_object_headers)
    etag = md5("".join(item["etag"] for item in segments).encode())
    session.advise(lambda: answer.header("ETag", f'"{etag}"'))


@api_test(
    "e69ad766-e1aa-44a2-bdd2-bf62c09c1456",
    service="object-store",
    creates={},
    uses=("large-object", "segments"),
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=HEAD, header=("X-Static-Large-Object", None)),
)
def test_show_large_object(store: ObjectStore, session: Session) -> None:
    """The metadata of a static large object says that it is one."""
    container, name = session.common("large-object").values()
    answer = store.head_object(container, name).status(200).header("X-Static-Large-Object", "True")
    answer.check(store.large_object_headers)
    session.advise(lambda: answer.header("Content-Length", str(len(joined(session.common("segments"))))))


@api_test(
    "49bc49bc-dd1b-4c0f-904e-d9f10b830ee8",
    service="object-store",
    creates={},
    uses=("large-object", "segments"),
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=GET, body=flipped),
)
def test_download_large_object(store: ObjectStore, session: Session) -> None:
    """A static large object is downloaded as its segments in order."""
    container, name = session.common("large-object").values()
    answer = store.get_object(container, name).status(200, 206).header("X-Static-Large-Object", "True")
    answer.check(store.large_object_headers).body(joined(session.common("segments")))


@api_test(
    "87b6dfa1-abe9-404d-8bf0-6c3751e6aa77",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on="GET /v1/{account}/{container}", header=("X-Container-Object-Count", "2")),
)
def test_delete_large_object(store: ObjectStore, session: Session) -> None:
    """A static large object that is deleted together with its manifest leaves no segment behind."""
    container, name, _ = own_object(store, session)
    deleted = store.delete_object(container, name, multipart_manifest="delete").status(200, 204)
    deleted.check(store.usual_headers)

    def empty() -> Answer:
        return store.get_container(container).status(200, 204).header("X-Container-Object-Count", "0")

    session.settle(empty)


@api_test(
    "2e387e87-c6d0-46cb-a5e4-b8bf0b08f16a",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(
        on="DELETE /v1/{account}/{container}/{object}", body=replaced('"Number Deleted": 3', '"Number Deleted": 1')
    ),
)
def test_manifest_names_what_is_deleted(store: ObjectStore, session: Session) -> None:
    """A manifest names its segments in order, and a deletion of it all, asked for JSON, counts what it has deleted."""
    container, name, segments = own_object(store, session)
    listed = store.get_object(container, name, multipart_manifest="get").status(200).header("Content-Type", JSON)
    named = [{"name": item["path"], "hash": item["etag"], "bytes": item["size_bytes"]} for item in segments]
    listed.shape([item | {"last_modified": Maybe(iso_time)} for item in named])
    asked = {"Accept": "application/json"}
    deleted = store.delete_object(container, name, asked, multipart_manifest="delete").status(200)
    counts = {"Number Deleted": 3, "Number Not Found": 0, "Errors": []}
    deleted.header("Content-Type", JSON).shape({"Response Status": "200 OK", "Response Body": "", **counts})
    session.settle(lambda: store.head_object(container, name).status(404))
    session.settle(lambda: store.get_container(container).status(200, 204).listing([]))
