"""Get object content and metadata.

https://docs.openstack.org/api-ref/object-store/#get-object-content-and-metadata
"""

from __future__ import annotations

import math
import time

from defcore.kit import Change, ObjectStore, Session, api_test, flipped
from defcore.kit.match import anything, digits
from defcore.kit.object_common import FRUIT, content
from defcore.kit.object_headers import check_shapes, md5

GET = "GET /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/api-ref/object-store/#get-object-content-and-metadata"


@api_test(
    "02610ba7-86b7-4272-9ed8-aa8d417cb3cd",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=GET, body=flipped),
)
def test_get_object(store: ObjectStore, session: Session) -> None:
    """An object is downloaded byte for byte as it was stored."""
    container, name = session.common("fruit"), FRUIT[0]
    answer = session.settle(lambda: store.get_object(container, name).status(200, 206)).check(store.usual_headers)
    answer.body(content(name))


@api_test(
    "50d01f12-526f-4360-9ac2-75dd508d7b68",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    fails_if=Change(on=GET, status=200),
)
def test_get_object_if_different(store: ObjectStore, session: Session) -> None:
    """An object whose checksum stands in If-None-Match is not sent again; with another checksum it is."""
    container, name, data = session.common("fruit"), FRUIT[0], content(FRUIT[0])
    same, other = md5(data), md5(b"something else")
    unchanged = session.settle(lambda: store.get_object(container, name, {"If-None-Match": same}).status(304))
    unchanged.header("Date", anything).check(check_shapes)
    changed = store.get_object(container, name, {"If-None-Match": other}).success().check(store.usual_headers)
    session.advise(lambda: changed.body(data))


@api_test(
    "fb024a42-37f3-4ba5-9684-4f40a7910b41",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/swift/latest/api/object-expiration.html",
    fails_if=Change(on=GET, nth=2, status=203),
    seconds=4,
)
def test_get_object_after_expiry(store: ObjectStore, session: Session) -> None:
    """An object that is to be deleted after some seconds tells when, can be read until then, and is gone afterwards."""
    container, began = session.common("room"), time.monotonic()
    name, _ = store.new_object(container)
    # Long enough to be read twice on a slow cloud, short on a quick one.
    seconds = 2 + math.ceil(10 * (time.monotonic() - began))
    # A cloud counts in whole seconds.
    with session.in_time(seconds - 1):
        store.post_object(container, name, {"X-Delete-After": str(seconds)}).status(202)
        shown = store.head_object(container, name).status(200).check(store.usual_headers)
        shown.header("X-Delete-At", digits)
        store.get_object(container, name).status(200, 206).check(store.usual_headers).header("X-Delete-At", anything)
    time.sleep(seconds)
    session.settle(lambda: store.get_object(container, name).status(404), seconds=60)
