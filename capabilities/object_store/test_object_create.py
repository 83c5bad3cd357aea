"""Create or replace an object. https://docs.openstack.org/api-ref/object-store/#create-or-replace-object"""

from __future__ import annotations

import secrets

from defcore.kit import Change, ObjectStore, Session, api_test
from defcore.kit.object_headers import md5


@api_test(
    "5b4ce26f-3545-46c9-a2ba-5754358a4c62",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference="https://docs.openstack.org/api-ref/object-store/#create-or-replace-object",
    fails_if=Change(on="PUT /v1/{account}/{container}/{object}", header=("ETag", None)),
)
def test_create_object(store: ObjectStore, session: Session) -> None:
    """An object that is stored by a PUT has an ETag, and is downloaded as it was."""
    container, name, data = session.common("room"), session.name(), secrets.token_bytes(1024)
    created = store.put_object(container, name, data).status(201).check(store.usual_headers)
    store.get_object(container, name).status(200, 206).body(data)
    session.advise(lambda: created.header("ETag", md5(data)))
