"""List activated capabilities. https://docs.openstack.org/api-ref/object-store/#list-activated-capabilities"""

from __future__ import annotations

from defcore.kit import Change, Maybe, ObjectStore, Session, api_test, with_json
from defcore.kit.match import count, nonempty
from defcore.kit.object_headers import JSON, check_shapes

KNOWN = (
    "account_quotas",
    "bulk_delete",
    "bulk_upload",
    "container_quotas",
    "crossdomain",
    "formpost",
    "object_versioning",
    "ratelimit",
    "slo",
    "staticweb",
    "symlink",
    "tempurl",
    "versioned_writes",
)
"""Capabilities that https://docs.openstack.org/swift/latest/middleware.html describes."""
LIMITS = (
    "account_listing_limit",
    "container_listing_limit",
    "max_file_size",
    "max_meta_count",
    "max_object_name_length",
)


@api_test(
    "6eb04a6a-4860-4e31-ba91-ea3347d76b58",
    service="object-store",
    creates={},
    reference="https://docs.openstack.org/api-ref/object-store/#list-activated-capabilities",
    fails_if=Change(on="GET /info", body=lambda body: body[: len(body) // 2]),
)
def test_list_activated_capabilities(store: ObjectStore, session: Session) -> None:
    """Anybody can read which capabilities the object store has activated, as a JSON object."""
    answer = store.info().status(200).check(check_shapes).shape({})
    session.advise(lambda: answer.shape({"swift": {"version": nonempty}}))


@api_test(
    "e0d0c82e-5469-490b-8202-c966c5f37eb3",
    service="object-store",
    creates={},
    reference="https://docs.openstack.org/api-ref/object-store/#list-activated-capabilities",
    fails_if=Change(on="GET /info", body=with_json("swift", [])),
)
def test_capabilities_are_described(store: ObjectStore) -> None:
    """The list of activated capabilities is JSON, tells the version, and has an object for each one that is known."""
    settings = {name: Maybe(dict) for name in KNOWN}
    limits = {name: Maybe(count) for name in LIMITS}
    store.info().status(200).header("Content-Type", JSON).shape({"swift": {"version": nonempty, **limits}, **settings})
