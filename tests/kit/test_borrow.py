"""Borrowed account state: what is there is used as it is, what we set is taken back, and nothing else is touched."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from requests.structures import CaseInsensitiveDict

from defcore.cloud.http import Exchange
from defcore.kit.answer import Answer
from defcore.kit.borrow import QUOTA, TEMP_URL_KEYS, account_quota, before_us, temp_url_key
from defcore.kit.cleanup import restore_account_header, restore_account_quota

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "http://x/v1/AUTH_1"
KEY = TEMP_URL_KEYS[0]


class Store:
    """An account in memory."""

    role, url = "main", URL

    def __init__(self, **headers: str) -> None:
        self.headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(headers)
        self.posts = 0

    def head_account(self, url: str | None = None) -> Answer:
        """Show the account."""
        assert url in (None, URL)
        return self._answer("HEAD")

    def post_account(self, headers: dict[str, str], url: str | None = None) -> Answer:
        """Change the account."""
        assert url in (None, URL)
        self.posts += 1
        for name, value in headers.items():
            if name.startswith("X-Remove-"):
                self.headers.pop(name.replace("X-Remove-", "X-"), None)
            else:
                self.headers[name] = value
        return self._answer("POST")

    def _answer(self, method: str) -> Answer:
        operation = f"{method} /v1/{{account}}"
        return Answer(Exchange("req-1", operation, method, URL, {}, b"", 0, 0, 1, 204, self.headers.copy()))


class Session:
    """What borrowing needs of a session."""

    def __init__(self) -> None:
        self.owed: list[dict[str, Any]] = []
        self.known: list[str] = []

    def owe(self, kind: str, role: str, where: dict[str, Any]) -> None:
        """Note what is owed."""
        assert (kind, role) in (("account-quota", "main"), ("account-header", "main"))
        self.owed.append(where)

    def know(self, *found: str) -> None:
        """Note secrets."""
        self.known += found

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Prepare."""
        yield


def actor(store: Store) -> Any:  # noqa: ANN401 - stands for an Actor
    """Make somebody who cleans the account up."""
    return SimpleNamespace(object_store=store)


def test_quota_that_is_there_is_used() -> None:
    """A project in use would lose the quota that its operator set."""
    store, session = Store(**{QUOTA: "1000"}), Session()
    assert account_quota(session, store, store) == "1000"  # type: ignore[arg-type]
    assert (store.posts, session.owed) == (0, [])


def test_quota_is_set_and_taken_back() -> None:
    """A quota of ours would stay in the user's project for ever."""
    store, session = Store(), Session()
    assert int(account_quota(session, store, store)) >= 2**50  # type: ignore[arg-type]
    restore_account_quota(actor(store), session.owed[0])
    assert QUOTA not in store.headers


def test_quota_that_another_run_set_is_not_given_back() -> None:
    """Of two tests at the same time, the one that ends last would restore what the other had borrowed, for ever."""
    store, session = Store(), Session()
    borrowed = account_quota(session, store, store)  # type: ignore[arg-type]
    assert (before_us(borrowed), before_us("1000"), before_us("much")) == (None, "1000", "much")
    restore_account_quota(actor(store), session.owed[0])
    restore_account_quota(actor(store), {"account": URL, "old": before_us(borrowed), "ours": [""]})
    assert QUOTA not in store.headers


def test_quota_of_somebody_else_stays() -> None:
    """A quota that an operator set while we were running would be removed."""
    store, session = Store(), Session()
    account_quota(session, store, store)  # type: ignore[arg-type]
    store.headers[QUOTA] = "5"
    restore_account_quota(actor(store), session.owed[0])
    assert store.headers[QUOTA] == "5"


@pytest.mark.parametrize("wish", ["", "1001"])
def test_quota_that_a_user_could_change_is_given_back(wish: str) -> None:
    """On a cloud that lets users change their quota, the test that shows it would leave it changed."""
    store = Store(**{QUOTA: wish} if wish else {})
    restore_account_quota(actor(store), {"account": URL, "old": "1000", "ours": [wish]})
    assert store.headers[QUOTA] == "1000"


@pytest.mark.parametrize("header", TEMP_URL_KEYS)
def test_key_that_is_there_is_used(header: str) -> None:
    """Temporary URLs that the user has given out would stop working."""
    store, session = Store(**{header: "the user's own"}), Session()
    assert temp_url_key(session, store) == "the user's own"  # type: ignore[arg-type]
    assert (store.posts, session.owed, session.known) == (0, [], ["the user's own"])


def test_key_is_set_and_taken_back() -> None:
    """A key of ours would stay in the account, or its value in the ledger."""
    store, session = Store(), Session()
    key = temp_url_key(session, store)  # type: ignore[arg-type]
    assert store.headers[KEY] == key
    assert key in session.known
    assert key not in str(session.owed)
    restore_account_header(actor(store), session.owed[0])
    assert KEY not in store.headers


def test_key_of_somebody_else_stays() -> None:
    """A key that the user, or another run, has set since would be removed."""
    store, session = Store(), Session()
    temp_url_key(session, store)  # type: ignore[arg-type]
    store.headers[KEY] = "the user's own"
    restore_account_header(actor(store), session.owed[0])
    assert store.headers[KEY] == "the user's own"
