"""Container quotas: a limit that the owner sets.

https://docs.openstack.org/api-ref/object-store/#create-update-or-delete-container-metadata
"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test

HEAD = "HEAD /v1/{account}/{container}"
PUT_OBJECT = "PUT /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/swift/latest/middleware.html#container-quotas"
BYTES, COUNT = 10, 3


def limited_container(store: ObjectStore) -> str:
    """Create a container that takes ten bytes and three objects."""
    return store.new_container({"X-Container-Meta-Quota-Bytes": str(BYTES), "X-Container-Meta-Quota-Count": str(COUNT)})


@api_test(
    "9a0fb034-86af-4df0-86fa-f8bd7db21ae0",
    service="object-store",
    reference=REFERENCE,
    extensions=("object-store:container_quotas",),
    fails_if=Change(on=HEAD, header=("X-Container-Bytes-Used", "7")),
)
def test_upload_within_container_quota(store: ObjectStore, session: Session) -> None:
    """An object that just fits a container's byte quota is stored, and the container's size grows by its bytes."""
    container = limited_container(store)
    store.put_object(container, session.name(), b"x" * BYTES).status(201).check(store.usual_headers)
    session.settle(lambda: store.head_container(container).status(204).header("X-Container-Bytes-Used", str(BYTES)))


@api_test(
    "22eeeb2b-3668-4160-baef-44790f65a5a0",
    service="object-store",
    reference=REFERENCE,
    extensions=("object-store:container_quotas",),
    fails_if=Change(on=PUT_OBJECT, status=201),
)
def test_upload_beyond_byte_quota(store: ObjectStore, session: Session) -> None:
    """An object larger than a container's byte quota is refused as too large, and the container stays as it is."""
    container, name = limited_container(store), session.name()
    store.put_object(container, name, b"x" * (BYTES + 1)).status(413)
    store.head_container(container).status(204).header("X-Container-Bytes-Used", "0")
    session.advise(lambda: store.head_object(container, name).status(404))


@api_test(
    "3a387039-697a-44fc-a9c0-935de31f426b",
    service="object-store",
    creates={"container": 1, "object": 3},
    reference=REFERENCE,
    extensions=("object-store:container_quotas",),
    fails_if=Change(on=PUT_OBJECT, status=201),
)
def test_upload_beyond_count_quota(store: ObjectStore, session: Session) -> None:
    """One object more than a container's count quota allows is refused, and the number of objects stays."""
    container = limited_container(store)
    for _ in range(COUNT):
        store.new_object(container, data=b"")
    session.settle(lambda: store.head_container(container).status(204).header("X-Container-Object-Count", str(COUNT)))
    store.put_object(container, session.name()).status(413)
    store.head_container(container).status(204).header("X-Container-Object-Count", str(COUNT))
