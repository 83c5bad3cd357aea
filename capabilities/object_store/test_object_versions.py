"""Object versioning. https://docs.openstack.org/swift/latest/api/object_versioning.html"""

from __future__ import annotations

import secrets

from defcore.kit import Answer, Change, ObjectStore, Session, api_test, flipped


@api_test(
    "a151e158-dcbf-4a1f-a1e7-46cd65895a6f",
    service="object-store",
    creates={"container": 2, "object": 2},
    reference="https://docs.openstack.org/swift/latest/api/object_versioning.html",
    extensions=("object-store:versioned_writes",),
    fails_if=Change(on="GET /v1/{account}/{container}/{object}", nth=2, body=flipped),
)
def test_versioned_container(store: ObjectStore, session: Session) -> None:
    """A container with X-Versions-Location keeps what is overwritten, and gives it back when the new is deleted."""
    old, new = secrets.token_bytes(1024), secrets.token_bytes(1024)
    archive, container, name = session.name(), session.name(), session.name()

    def holds(where: str, count: int, size: int) -> Answer:
        answer = store.head_container(where).status(204).check(store.usual_headers)
        answer.header("X-Container-Object-Count", str(count)).header("X-Container-Bytes-Used", str(size))
        return answer.header("X-Versions-Location", archive if where == container else None)

    store.put_container(archive).status(201, 202, 204).check(store.usual_headers)
    session.settle(lambda: holds(archive, 0, 0))
    created = store.put_container(container, {"X-Versions-Location": archive}).status(201, 202, 204)
    created.check(store.usual_headers)
    session.settle(lambda: holds(container, 0, 0))
    store.put_object(container, name, old, repeatable=False).status(201)
    store.put_object(container, name, new, repeatable=False).status(201)
    store.get_object(container, name).status(200, 206).body(new)
    store.delete_object(container, name, repeatable=False).status(200, 204)
    session.settle(lambda: holds(container, 1, len(old)))
    store.get_object(container, name).status(200, 206).body(old)
    store.delete_object(container, name, repeatable=False).status(200, 204)
    session.settle(lambda: holds(container, 0, 0))
    session.settle(lambda: holds(archive, 0, 0))
