"""Where things of the object store are: below whatever path a cloud has put it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from defcore.kit.objectstore import ObjectStore


class Actor:
    """Notes what is sent."""

    role = "main"
    target = SimpleNamespace(project_id="p", user_id="u")

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, method: str, url: str, **_: Any) -> None:  # noqa: ANN401 - whatever a request has
        """Note a request."""
        self.sent.append(f"{method} {url}")


def store(url: str) -> ObjectStore:
    """Make a store at ``url``."""
    return ObjectStore(Actor(), url)  # type: ignore[arg-type]


PLACES = [
    ("https://x/v1/AUTH_1", "https://x", "/v1/AUTH_1"),
    ("https://x/cloud/objects/v1/AUTH_1", "https://x/cloud/objects", "/v1/AUTH_1"),
    ("https://x/api/v1/objects/v1/AUTH_1", "https://x/api/v1/objects", "/v1/AUTH_1"),
    ("https://x/swift/v1", "https://x/swift", "/v1"),
]


@pytest.mark.parametrize(("url", "root", "account"), PLACES)
def test_root_and_signed_path(url: str, root: str, account: str) -> None:
    """On a cloud below a path prefix, /info would not be found and no temporary URL would be valid."""
    made = store(url)
    made.info()
    assert made._actor.sent == [f"GET {root}/info"]  # type: ignore[attr-defined]
    assert made.signed_path("box", "v1/a b") == f"{account}/box/v1/a b"


def test_another_account_as_oneself() -> None:
    """An access list would be tested with its owner's own credential, and so prove nothing."""
    mine, theirs = store("https://x/v1/AUTH_1"), store("https://x/v1/AUTH_2")
    guest = mine.at(theirs)
    assert (guest.url, guest._actor) == (theirs.url, mine._actor)
    assert mine.grantee == "p:u"
