"""Copy objects.

https://docs.openstack.org/api-ref/object-store/#copy-object and, for the header X-Copy-From,
https://docs.openstack.org/api-ref/object-store/#create-or-replace-object
"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test, flipped
from defcore.kit.object_common import FRUIT, content

GET = "GET /v1/{account}/{container}/{object}"
HEAD = "HEAD /v1/{account}/{container}/{object}"
COPY = "COPY /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#copy-object"
PUT_REFERENCE = "https://docs.openstack.org/api-ref/object-store/#create-or-replace-object"


@api_test(
    "06f90388-2d0e-40aa-934c-e9a8833e958a",
    service="object-store",
    creates={"object": 1},
    uses=("fruit", "room"),
    reference=REFERENCE,
    fails_if=Change(on=COPY, header=("X-Copied-From", "orchard/plum")),
)
def test_copy_to_destination(store: ObjectStore, session: Session) -> None:
    """A COPY replaces the object that its header Destination names, and says where the copy came from."""
    container, source, room = session.common("fruit"), FRUIT[0], session.common("room")
    target, _ = store.new_object(room)
    answer = store.copy_object(container, source, {"Destination": f"{room}/{target}"}).status(201)
    answer.check(store.usual_headers).header("X-Copied-From", f"{container}/{source}")
    store.get_object(room, target).status(200, 206).body(content(source))


@api_test(
    "1a9ab572-1b66-4981-8c21-416e2a5e6011",
    service="object-store",
    creates={"object": 2},
    uses=("room",),
    reference=PUT_REFERENCE,
    fails_if=Change(on=GET, body=flipped),
)
def test_copy_in_same_container(store: ObjectStore, session: Session) -> None:
    """A PUT with X-Copy-From replaces an object by the content of another one in its container."""
    container = session.common("room")
    source, data = store.new_object(container)
    target, _ = store.new_object(container)
    answer = store.put_object(container, target, headers={"X-Copy-From": f"{container}/{source}"}).status(201)
    answer.check(store.usual_headers)
    store.get_object(container, target).status(200, 206).body(data)


@api_test(
    "aa467252-44f3-472a-b5ae-5b57c3c9c147",
    service="object-store",
    creates={"container": 1, "object": 2},
    uses=("room",),
    reference=PUT_REFERENCE,
    fails_if=Change(on=GET, header=("X-Object-Meta-Colour", None)),
)
def test_copy_across_containers(store: ObjectStore, session: Session) -> None:
    """A PUT with X-Copy-From copies content and metadata of an object into another container."""
    container, other = session.common("room"), store.new_container()
    name, data = store.new_object(container)
    colour = session.name()
    store.post_object(container, name, {"X-Object-Meta-Colour": colour}).status(202).check(store.usual_headers)
    answer = store.put_object(other, name, headers={"X-Copy-From": f"{container}/{name}"}).status(201)
    answer.check(store.usual_headers)
    store.get_object(other, name).status(200, 206).body(data).header("X-Object-Meta-Colour", colour)


@api_test(
    "2248abba-415d-410b-9c30-22dff9cd6e67",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference=PUT_REFERENCE,
    fails_if=Change(on=HEAD, header=("Content-Type", "application/octet-stream")),
)
def test_copy_to_itself(store: ObjectStore, session: Session) -> None:
    """A PUT with X-Copy-From on the object itself changes its content type."""
    container, plain = session.common("room"), "text/plain; charset=UTF-8"
    name, _ = store.new_object(container, headers={"Content-Type": "image/png"})
    changed = {"X-Copy-From": f"{container}/{name}", "Content-Type": plain}
    store.put_object(container, name, headers=changed).status(201).check(store.usual_headers)
    store.head_object(container, name).status(200).header("Content-Type", plain)
