"""List activated capabilities. https://docs.openstack.org/api-ref/object-store/#list-activated-capabilities"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test
from defcore.kit.match import nonempty
from defcore.kit.object_headers import check_shapes


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
