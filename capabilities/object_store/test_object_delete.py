"""Delete an object. https://docs.openstack.org/api-ref/object-store/#delete-object"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test


@api_test(
    "17738d45-03bd-4d45-9e0b-7b2f58f98687",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#delete-object",
    fails_if=Change(on="DELETE /v1/{account}/{container}/{object}", status=404),
)
def test_delete_object(store: ObjectStore, session: Session) -> None:
    """An object is deleted by a DELETE on its name."""
    container = session.common("room")
    name, _ = store.new_object(container)
    store.delete_object(container, name).status(200, 204).check(store.usual_headers)
    session.advise(lambda: session.settle(lambda: store.head_object(container, name).status(404)))
