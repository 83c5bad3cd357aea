"""Account quotas: a limit that only a reseller's administrator sets.

https://docs.openstack.org/swift/latest/middleware.html#account-quotas
"""

from __future__ import annotations

from defcore.kit import Change, ObjectStore, Session, api_test
from defcore.kit.borrow import QUOTA, account_quota, before_us

REFERENCE = "https://docs.openstack.org/swift/latest/middleware.html#account-quotas"


@api_test(
    "a22ef352-a342-4587-8f47-3bbdb5b039c4",
    service="object-store",
    creates={"object": 1},
    uses=("room",),
    reference=REFERENCE,
    needs=("reseller",),
    extensions=("object-store:account_quotas",),
    fails_if=Change(on="PUT /v1/{account}/{container}/{object}", status=413),
)
def test_upload_within_account_quota(store: ObjectStore, reseller: ObjectStore, session: Session) -> None:
    """In an account with a quota, an object that stays below it is stored."""
    account_quota(session, store, reseller)
    store.put_object(session.common("room"), session.name(), b"plum").status(201).check(store.usual_headers)


@api_test(
    "d1dc5076-555e-4e6d-9697-28f1fe976324",
    service="object-store",
    creates={},
    reference=REFERENCE,
    needs=("reseller",),
    extensions=("object-store:account_quotas",),
    fails_if=Change(on="POST /v1/{account}", status=204),
)
def test_user_cannot_change_account_quota(store: ObjectStore, reseller: ObjectStore, session: Session) -> None:
    """An ordinary user may neither remove nor change the quota of the account."""
    quota = account_quota(session, store, reseller)
    for wish in ("", str(int(quota) + 1)):
        # Where a cloud lets it happen, the owner gets the old quota back.
        entry = session.owe(
            "account-quota", reseller.role, {"account": store.url, "old": before_us(quota), "ours": [wish]}
        )
        store.post_account({QUOTA: wish}).status(403)
        session.settled(entry)
