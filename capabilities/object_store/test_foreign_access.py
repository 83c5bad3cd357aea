"""What users of another project may do: nothing that nobody allowed them.

https://docs.openstack.org/swift/latest/overview_acl.html
"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test
from defcore.kit.object_common import FRUIT, content

REFERENCE = "https://docs.openstack.org/swift/latest/overview_acl.html#container-acls"


@api_test(
    "de971dbc-d778-4f74-991e-e503504cafc1",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    needs=("alt",),
    fails_if=Change(on="HEAD /v1/{account}/{container}/{object}", nth=2, status=200),
)
def test_strangers_read_nothing(store: ObjectStore, alt: ObjectStore, session: Session) -> None:
    """A user of another project to whom nobody gave a right reads no account, no container and no object."""
    container, name = session.common("fruit"), FRUIT[0]
    store.head_object(container, name).status(200)
    guest = alt.at(store)
    guest.get_account().status(403)
    guest.head_account().status(403)
    guest.get_container(container).status(403)
    guest.head_container(container).status(403)
    guest.get_object(container, name).status(403)
    guest.head_object(container, name).status(403)


@api_test(
    "cdb7d561-fd13-46cb-b1f6-e5429b8c8d69",
    service="object-store",
    creates={"container": 1, "object": 1},
    reference=REFERENCE,
    needs=("alt",),
    fails_if=Change(on="DELETE /v1/{account}/{container}/{object}", status=204),
)
def test_strangers_change_nothing(store: ObjectStore, alt: ObjectStore, session: Session) -> None:
    """A user of another project to whom nobody gave a right changes no container and no object, and deletes none."""
    container = store.new_container()
    name, data = store.new_object(container, FRUIT[0], content(FRUIT[0]))
    guest, colour = alt.at(store), {"X-Container-Meta-Colour": "blue"}
    guest.put_container(container, colour).status(403)
    guest.post_container(container, colour).status(403)
    guest.delete_container(container).status(403)
    guest.put_object(container, name, b"pear").status(403)
    guest.post_object(container, name, {"X-Object-Meta-Colour": "blue"}).status(403)
    guest.copy_object(container, name, {"Destination": f"{container}/copy"}).status(403)
    guest.delete_object(container, name).status(403)
    session.settle(lambda: store.get_container(container).status(200).listing([name]))
    store.get_object(container, name).status(200).header("X-Object-Meta-Colour", None).body(data)
