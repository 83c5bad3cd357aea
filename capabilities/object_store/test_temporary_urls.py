"""Temporary URLs: a signature instead of a token.

https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html
"""

from __future__ import annotations

import secrets

from defcore.kit import Change, ObjectStore, Session, api_test, flipped
from defcore.kit.borrow import TemporaryUrl
from defcore.kit.object_common import FRUIT, content

GET = "GET /v1/{account}/{container}/{object}"
REFERENCE = "https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html"


@api_test(
    "f91c96d4-1230-4bba-8eb9-84476d18d991",
    service="object-store",
    creates={},
    uses=("fruit",),
    reference=REFERENCE,
    extensions=("object-store:tempurl",),
    fails_if=Change(on=GET, status=418),
)
def test_get_by_temporary_url(store: ObjectStore, session: Session) -> None:
    """Whoever has a temporary URL for GET downloads the object without a token, and may ask for its headers."""
    container, name = session.common("fruit"), FRUIT[0]
    link = TemporaryUrl(session, store, "GET", container, name)
    session.settle(lambda: link.send("GET").success()).check(store.usual_headers).body(content(name))
    session.settle(lambda: link.send("HEAD").success()).check(store.usual_headers)


@api_test(
    "9b08dade-3571-4152-8a4f-a4f2a873a735",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference=REFERENCE,
    extensions=("object-store:tempurl",),
    fails_if=Change(on=GET, body=flipped),
)
def test_put_by_temporary_url(store: ObjectStore, session: Session) -> None:
    """Whoever has a temporary URL for PUT replaces the object without a token, and may ask for its headers."""
    container, data = session.common("room"), secrets.token_bytes(40)
    name, _ = store.new_object(container)
    link = TemporaryUrl(session, store, "PUT", container, name)
    session.settle(lambda: link.send("PUT", data).success()).check(store.usual_headers)
    session.settle(lambda: link.send("HEAD").success()).check(store.usual_headers)
    reading = TemporaryUrl(session, store, "GET", container, name)
    session.settle(lambda: reading.send("GET").success()).body(data)
