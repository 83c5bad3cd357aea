"""Container access control lists. https://docs.openstack.org/swift/latest/overview_acl.html"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test

REFERENCE = "https://docs.openstack.org/swift/latest/overview_acl.html#container-acls"


@api_test(
    "a3270f3f-7640-4944-8448-c7ea783ea5b6",
    service="object-store",
    reference=REFERENCE,
    needs=("alt",),
    fails_if=Change(on="GET /v1/{account}/{container}/{object}", status=403),
)
def test_read_with_right(store: ObjectStore, alt: ObjectStore, session: Session) -> None:
    """A user of another project reads the objects of a container that gives the user the right to read."""
    container = store.new_container()
    store.post_container(container, {"X-Container-Read": alt.grantee}).status(204).check(store.usual_headers)
    name = session.name()
    store.put_object(container, name, b"plum").status(201).check(store.usual_headers)
    guest = alt.at(store)
    session.settle(lambda: guest.get_object(container, name).status(200, 206)).check(store.usual_headers)
    session.advise(lambda: guest.put_object(container, name, b"pear").status(403))


@api_test(
    "aa58bfa5-40d9-4bc3-82b4-d07f4a9e392a",
    service="object-store",
    reference=REFERENCE,
    needs=("alt",),
    fails_if=Change(on="PUT /v1/{account}/{container}/{object}", status=403),
)
def test_write_with_right(store: ObjectStore, alt: ObjectStore, session: Session) -> None:
    """A user of another project stores an object in a container that gives the user the right to write."""
    container = store.new_container()
    store.post_container(container, {"X-Container-Write": alt.grantee}).status(204).check(store.usual_headers)
    guest, name = alt.at(store), session.name()
    session.settle(lambda: guest.put_object(container, name, b"plum").status(201)).check(store.usual_headers)
    session.advise(lambda: guest.get_object(container, name).status(403))
