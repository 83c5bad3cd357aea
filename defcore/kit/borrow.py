"""State of an account that is not ours: used as it is where it is set, else set for a while and put back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.objectstore import ObjectStore
    from defcore.kit.session import Session

QUOTA = "X-Account-Meta-Quota-Bytes"
TEMP_URL_KEYS = ("X-Account-Meta-Temp-URL-Key", "X-Account-Meta-Temp-URL-Key-2")
LENT = range(2**50 + 1, 2**50 + 2**40)
"""Bytes of the quotas that defcore sets for a while: more than anybody stores, and no number that a person chooses."""
LIFE = 900
"""Seconds for which a temporary URL is signed."""


def account_quota(session: Session, store: ObjectStore, reseller: ObjectStore) -> str:
    """Return the byte quota of the account; where none is set, set one that nobody comes near."""
    with session.setting_up():
        if found := reseller.head_account(url=store.url).success().get(QUOTA):
            return found
        # Of each test its own, so that nobody takes away another's.
        quota = str(LENT.start + secrets.randbelow(len(LENT)))
        session.owe("account-quota", reseller.role, {"account": store.url, "old": None, "ours": [quota]})
        reseller.post_account({QUOTA: quota}, url=store.url).success()
    return quota


def before_us(quota: str) -> str | None:
    """Return a quota as the owner would have it back: None for one that this run, or one beside it, has only lent.

    Whoever lent it takes it away; whoever gave it back later would leave it for ever.
    """
    return None if quota.isascii() and quota.isdigit() and int(quota) in LENT else quota


def temp_url_key(session: Session, store: ObjectStore) -> str:
    """Return a key that signs temporary URLs of the account; where none is set, set one."""
    with session.setting_up():
        account = store.head_account().success()
        for header in TEMP_URL_KEYS:
            if found := account.get(header):
                session.know(found)
                return found
        key = secrets.token_urlsafe(24)
        session.know(key)
        where = {"header": TEMP_URL_KEYS[0], "sha256": hashlib.sha256(key.encode()).hexdigest(), "account": store.url}
        session.owe("account-header", store.role, where)
        store.post_account({TEMP_URL_KEYS[0]: key}).success()
    return key


class TemporaryUrl:
    """A URL that is good for one method on one object until it expires, signed with the account's key.

    https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html
    """

    def __init__(self, session: Session, store: ObjectStore, method: str, container: str, name: str) -> None:
        """Make a URL for ``method`` on an object, which need not exist yet."""
        self._session, self._store, self._method = session, store, method
        self._container, self._name = container, name
        self._key: str | None = None

    def send(self, method: str, data: bytes = b"") -> Answer:
        """Send a request on the URL as somebody without a token."""
        self._key = self._key or temp_url_key(self._session, self._store)
        expires = int(time.time()) + LIFE
        path = self._store.signed_path(self._container, self._name)
        digest = self._digest()
        signature = hmac.new(self._key.encode(), f"{self._method}\n{expires}\n{path}".encode(), digest).hexdigest()
        url = self._store.path(self._container, self._name)
        answer = self._store.anonymous(method, url, data, temp_url_sig=signature, temp_url_expires=str(expires))
        if answer.exchange.status == 401:  # noqa: PLR2004 - HTTP
            # The key may have been another run's, which has ended: a second try reads it again.
            self._key = None
        return answer

    def _digest(self) -> str:
        allowed = self._store.about().get("tempurl", {}).get("allowed_digests") or ["sha256"]
        return next((item for item in ("sha256", "sha512", "sha1") if item in allowed), "sha256")
