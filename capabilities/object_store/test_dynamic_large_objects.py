"""Dynamic large objects: segments that a manifest joins by the beginning of their names.

https://docs.openstack.org/swift/latest/api/large_objects.html#dynamic-large-objects
"""

from __future__ import annotations

from defcore.kit import Answer, Change, ObjectStore, Session, api_test, flipped
from defcore.kit.object_common import FRUIT, content

REFERENCE = "https://docs.openstack.org/swift/latest/api/large_objects.html#dynamic-large-objects"
FOLDER = "fruit"
SEGMENTS = [content(name) for name in FRUIT if name.startswith(FOLDER)]
"""Of the shared objects those that a manifest joins: two of four, in the order of their names."""


@api_test(
    "e3e6a64a-9f50-4955-b987-6ce6767c97fb",
    service="object-store",
    creates={"object": 1},
    uses=("fruit", "room"),
    reference=REFERENCE,
    fails_if=Change(on="GET /v1/{account}/{container}/{object}", body=flipped),
)
def test_upload_in_segments(store: ObjectStore, session: Session) -> None:
    """An object that is made a manifest of segments is downloaded as all of them in order."""
    container, name, manifest = session.common("room"), session.name(), f"{session.common('fruit')}/{FOLDER}/"
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
    creates={"object": 1},
    uses=("fruit", "room"),
    reference=REFERENCE,
    fails_if=Change(on="HEAD /v1/{account}/{container}/{object}", header=("X-Object-Manifest", None)),
)
def test_show_manifest(store: ObjectStore, session: Session) -> None:
    """The metadata of a dynamic large object says which container and prefix its segments have."""
    container, name, manifest = session.common("room"), session.name(), f"{session.common('fruit')}/{FOLDER}"
    store.put_object(container, name, headers={"X-Object-Manifest": manifest}).status(201)

    def shown() -> Answer:
        answer = store.head_object(container, name).status(200).header("X-Object-Manifest", manifest)
        return answer.check(store.large_object_headers).header("Accept-Ranges", "bytes")

    session.settle(shown)
