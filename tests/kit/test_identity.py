"""The identity client and what it leaves: application credentials are ended, by id or by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit.answer import Answer
from defcore.kit.cleanup import end_application_credential, find_application_credentials
from defcore.kit.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

ALL = "/v3/users/{user_id}/application_credentials"
ONE = ALL + "/{application_credential_id}"


class Actor:
    """A user at a Keystone that answers what it is told to: status and body by operation."""

    role = "main"

    class target:  # noqa: N801 - stands for an attribute
        """Who the user is."""

        user_id = "u"
        project_id = "p"

        @staticmethod
        def token() -> str:
            """Return a token."""
            return "t"

    def __init__(self, session: Session, exchange: Callable[..., Exchange]) -> None:
        """Answer nothing yet."""
        self.session = session
        self.says: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.identity = Identity(self, "http://cloud/identity/v3")  # type: ignore[arg-type]
        self._exchange = exchange

    def setting_up(self) -> AbstractContextManager[None]:
        """Prepare."""
        return self.session.setting_up()

    def send(self, _: str, url: str, *, operation: str, **more: Any) -> Answer:  # noqa: ANN401
        """Answer an operation."""
        self.asked.append((operation, url.removeprefix("http://cloud/identity") + str(more.get("params") or "")))
        status, body = self.says[operation]
        return Answer(self._exchange(status, body=json.dumps(body).encode(), operation=operation))


@pytest.fixture
def actor(session: Session, exchange: Callable[..., Exchange]) -> Actor:
    """Give a user."""
    return Actor(session, exchange)


def test_versions_are_asked_above_the_version(actor: Actor) -> None:
    """On a cloud that has Keystone below a path the list of versions would not be found."""
    actor.says = {"GET /": (300, {}), "GET /v3": (200, {})}
    actor.identity.versions().status(300)
    actor.identity.description().status(200)
    assert actor.asked == [("GET /", "/"), ("GET /v3", "/v3")]


def test_a_new_credential_is_owed_until_it_is_gone(actor: Actor) -> None:
    """Somebody could go on acting as the user after the run."""
    actor.says = {f"POST {ALL}": (201, {"application_credential": {"id": "1"}}), f"DELETE {ONE}": (204, {})}
    actor.identity.create_credential(name="defcore-x")
    (entry,) = actor.session.ledger.open_entries()
    assert entry.where == {"name": "defcore-x", "id": "1"}
    end_application_credential(actor, entry.where)  # type: ignore[arg-type]
    assert actor.asked[-1] == (f"DELETE {ONE}", "/v3/users/u/application_credentials/1")


def test_one_whose_answer_was_lost_is_found_by_name(actor: Actor) -> None:
    """A run that was killed while it created one does not know its id."""
    listed = {"application_credentials": [{"id": "7", "name": "defcore-x"}]}
    actor.says = {f"GET {ALL}": (200, listed), f"DELETE {ONE}": (404, {})}
    end_application_credential(actor, {"name": "defcore-x"})  # type: ignore[arg-type]
    assert [url for _, url in actor.asked] == [
        "/v3/users/u/application_credentials{'name': 'defcore-x'}",
        "/v3/users/u/application_credentials/7",
    ]
    actor.says[f"DELETE {ONE}"] = (500, {})
    with pytest.raises(TroubleError, match="deleting application credential defcore-x ends with status 500"):
        end_application_credential(actor, {"name": "defcore-x"})  # type: ignore[arg-type]


@pytest.mark.parametrize(("status", "found"), [(200, ["1"]), (403, []), (404, [])])
def test_only_ours_are_found(actor: Actor, status: int, found: list[str]) -> None:
    """Reap must leave somebody's own alone, and bear a cloud that has no application credentials."""
    ours = {"id": "1", "name": "defcore-01234567-htae5-11112222"}
    actor.says = {f"GET {ALL}": (status, {"application_credentials": [ours, {"id": "2", "name": "mine"}]})}
    assert [item.where["id"] for item in find_application_credentials(actor)] == found  # type: ignore[arg-type]


@pytest.mark.parametrize(("told", "version"), [("v3.14", (3, 14)), ("v3.9", (3, 9)), ("v3", (3, 0)), ("x", (3, 0))])
def test_the_version_is_known(actor: Actor, told: str, version: tuple[int, int]) -> None:
    """What came with a later version must not be demanded of a cloud with an older one."""
    actor.says = {"GET /v3": (200, {"version": {"id": told}})}
    assert actor.identity.version() == version


def test_what_our_token_is_good_for(actor: Actor) -> None:
    """What a test expects of the user, its project and roles comes from the cloud, and is no constant."""
    user = {"id": "u", "name": "n", "domain": {"id": "d", "name": "D"}}
    times = {"issued_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-02T00:00:00Z"}
    service = {"id": "s", "type": "identity", "endpoints": []}
    token = {
        "methods": ["password"],
        "user": user,
        "project": user,
        "audit_ids": ["a"],
    }
    told = token | times | {"roles": [{"id": "r", "name": "member"}], "catalog": [service]}
    actor.says = {"GET /v3/auth/tokens": (200, {"token": told})}
    assert actor.identity.own() == told
