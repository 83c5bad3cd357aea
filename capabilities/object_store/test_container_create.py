"""Create a container. https://docs.openstack.org/api-ref/object-store/#create-container"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test

PUT = "PUT /v1/{account}/{container}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#create-container"


@api_test(
    "92139d73-7819-4db1-85f8-3f2f22a8d91f",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=PUT, header=("X-Trans-Id", "none")),
)
def test_create_container(store: ObjectStore, session: Session) -> None:
    """A container that did not exist is created by a PUT on its name."""
    name = session.name()
    created = store.put_container(name).status(201, 202, 204).check(store.usual_headers)
    session.advise(lambda: created.status(201))
    session.advise(lambda: session.settle(lambda: store.head_container(name).status(204)))


@api_test(
    "49f866ed-d6af-4395-93e7-4187eb56d322",
    service="object-store",
    reference=REFERENCE,
    fails_if=Change(on=PUT, status=409),
)
def test_create_container_again(store: ObjectStore, session: Session) -> None:
    """A PUT on the name of a container that exists is accepted."""
    name = store.new_container()
    again = store.put_container(name).status(201, 202, 204).check(store.usual_headers)
    session.advise(lambda: again.status(202))
