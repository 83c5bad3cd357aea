"""Dynamic large objects: segments that a manifest joins by the beginning of their names.

https://docs.openstack.org/swift/latest/api/large_objects.html#dynamic-large-objects
"""

from __future__ import annotations

from defcore.kit import Answer, Change, ObjectStore, Session, api_test, flipped

REFERENCE = "https://docs.openstack.org/swift/latest/api/large_objects.html#dynamic-large-objects"
SEGMENTS = [f"segment {number}\n".encode() for number in range(10)]


def upload_segments(store: ObjectStore, session: Session) -> tuple[str, str]:
    """Store ten segments below the name of an object that does not exist yet; return container and name."""
    container, name = store.new_container(), session.name()
    for number, segment in enumerate(SEGMENTS):
        store.new_object(container, f"{name}/{number}", segment)
    return container, name


@api_test(
    "e3e6a64a-9f50-4955-b987-6ce6767c97fb",
    service="object-store",
    creates={"container": 1, "object": 11},
    reference=REFERENCE,
    fails_if=Change(on="GET /v1/{account}/{container}/{object}", body=flipped),
)
def test_upload_in_segments(store: ObjectStore, session: Session) -> None:
    """An object that is made a manifest of segments is downloaded as all of them in order."""
    container, name = upload_segments(store, session)
    manifest = f"{container}/{name}/"
    store.put_object(container, name).status(201).check(store.usual_headers)
    store.post_object(container, name, {"X-Object-Manifest": manifest}).status(202).check(store.usual_headers)

    def shown() -> Answer:
        answer = store.head_object(container, name).status(200).header("X-Object-Manifest", manifest)
        return answer.check(store.large_object_headers)

    session.settle(shown)
    session.settle(lambda: store.get_object(container, name).status(200, 206).body(b"".join(SEGMENTS)))


@api_test(
    "23a3674c-d6de-46c3-86af-ff92bfc8a3da",
    service="object-store",
    creates={"container": 1, "object": 11},
    reference=REFERENCE,
    fails_if=Change(on="HEAD /v1/{account}/{container}/{object}", header=("X-Object-Manifest", None)),
)
def test_show_manifest(store: ObjectStore, session: Session) -> None:
    """The metadata of a dynamic large object says which container and prefix its segments have."""
    container, name = upload_segments(store, session)
    manifest = f"{container}/{name}"
    store.put_object(container, name, headers={"X-Object-Manifest": manifest}).status(201)

    def shown() -> Answer:
        answer = store.head_object(container, name).status(200).header("X-Object-Manifest", manifest)
        return answer.check(store.large_object_headers).header("Accept-Ranges", "bytes")

    session.settle(shown)
