"""Delete a container. https://docs.openstack.org/api-ref/object-store/#delete-container"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test


@api_test(
    "95d3a249-b702-4082-a2c4-14bb860cf06a",
    service="object-store",
    reference="https://docs.openstack.org/api-ref/object-store/#delete-container",
    fails_if=Change(on="DELETE /v1/{account}/{container}", status=409),
)
def test_delete_container(store: ObjectStore, session: Session) -> None:
    """An empty container is deleted by a DELETE on its name."""
    name = store.new_container()
    store.delete_container(name).status(204).check(store.usual_headers)
    session.advise(lambda: session.settle(lambda: store.head_container(name).status(404)))
