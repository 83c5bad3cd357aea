"""Static large objects: segments that a manifest lists one by one.

https://docs.openstack.org/swift/latest/api/large_objects.html#static-large-objects
"""

from __future__ import annotations

import hashlib
import json
import secrets

from defcore.kit import Answer, Change, Maybe, ObjectStore, Session, api_test, flipped, replaced
from defcore.kit.match import iso_time
from defcore.kit.object_headers import JSON

HEAD = "HEAD /v1/{account}/{container}/{object}"
GET = "GET /v1/{account}/{container}/{object}"
PUT = "PUT /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/swift/latest/api/large_objects.html#static-large-objects"
LEAST = 1024 * 1024
"""Bytes that a segment must have where a cluster does not announce it."""


def upload_segments(store: ObjectStore, session: Session) -> tuple[str, bytes, bytes]:
    """Store two segments of the least size; return their container, the manifest that lists them, and their content."""
    container, name = store.new_container(), session.name()
    least = store.about().get("slo", {}).get("min_segment_size", LEAST)
    content = secrets.token_bytes(min(max(least, 1024), LEAST))
    parts = [store.new_object(container, f"{name}_{number}", content)[0] for number in (1, 2)]
    etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    segments = [{"path": f"/{container}/{part}", "etag": etag, "size_bytes": len(content)} for part in parts]
    return container, json.dumps(segments).encode(), content + content


def upload(store: ObjectStore, session: Session) -> tuple[str, str, bytes]:
    """Store a large object; return its container, its name and its content."""
    container, manifest, content = upload_segments(store, session)
    name = session.name()
    with session.setting_up():
        store.put_object(container, name, manifest, multipart_manifest="put").success()
    return container, name, content


@api_test(
    "2c3f24a6-36e8-4711-9aa2-800ee1fc7b5b",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=PUT, header=("ETag", "0cc175b9c0f1b6a831c399e269772661")),
)
def test_upload_manifest(store: ObjectStore, session: Session) -> None:
    """A manifest that lists stored segments makes a large object, whose ETag stands in quotes."""
    container, manifest, _ = upload_segments(store, session)
    answer = store.put_object(container, session.name(), manifest, multipart_manifest="put").status(201)
    answer.check(store.large_object_headers)
    joined = "".join(item["etag"] for item in json.loads(manifest))
    etag = hashlib.md5(joined.encode(), usedforsecurity=False).hexdigest()
    session.advise(lambda: answer.header("ETag", f'"{etag}"'))


@api_test(
    "e69ad766-e1aa-44a2-bdd2-bf62c09c1456",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=HEAD, header=("X-Static-Large-Object", None)),
)
def test_show_large_object(store: ObjectStore, session: Session) -> None:
    """The metadata of a static large object says that it is one."""
    container, name, content = upload(store, session)
    answer = store.head_object(container, name).status(200).header("X-Static-Large-Object", "True")
    answer.check(store.large_object_headers)
    session.advise(lambda: answer.header("Content-Length", str(len(content))))


@api_test(
    "49bc49bc-dd1b-4c0f-904e-d9f10b830ee8",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:slo",),
    fails_if=Change(on=GET, body=flipped),
)
def test_download_large_object(store: ObjectStore, session: Session) -> None:
    """A static large object is downloaded as its segments in order."""
    container, name, content = upload(store, session)
    answer = store.get_object(container, name).status(200, 206).header("X-Static-Large-Object", "True")
    answer.check(store.large_object_headers).body(content)


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
    container, name, _ = upload(store, session)
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
    container, manifest, _ = upload_segments(store, session)
    name = session.name()
    store.put_object(container, name, manifest, multipart_manifest="put").status(201)
    listed = store.get_object(container, name, multipart_manifest="get").status(200).header("Content-Type", JSON)
    named = [{"name": item["path"], "hash": item["etag"], "bytes": item["size_bytes"]} for item in json.loads(manifest)]
    listed.shape([item | {"last_modified": Maybe(iso_time)} for item in named])
    asked = {"Accept": "application/json"}
    deleted = store.delete_object(container, name, asked, multipart_manifest="delete").status(200)
    counts = {"Number Deleted": 3, "Number Not Found": 0, "Errors": []}
    deleted.header("Content-Type", JSON).shape({"Response Status": "200 OK", "Response Body": "", **counts})
    session.settle(lambda: store.head_object(container, name).status(404))
    session.settle(lambda: store.get_container(container).status(200, 204).listing([]))
