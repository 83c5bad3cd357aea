"""Static large objects: segments that a manifest lists one by one.

https://docs.openstack.org/swift/latest/api/large_objects.html#static-large-objects
"""

from __future__ import annotations

import hashlib
import json
import secrets

from defcore.kit import Answer, Change, ObjectStore, Session, api_test, flipped

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
