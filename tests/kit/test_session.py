"""What the tests of a process share: needs, deadlines, debts, evidence, secrets."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit.answer import CheckFailedError
from defcore.kit.change import Change
from defcore.kit.cleanup import HANDLERS
from defcore.kit.meta import TestMeta
from defcore.kit.outcomes import NotRunError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.kit.actor import Actor
    from defcore.kit.session import Session

TEST_ID = "0f0e0d0c-1111-4222-8333-444455556666"


def meta(**more: Any) -> TestMeta:  # noqa: ANN401 - words of a declaration
    """Declare a test."""
    return TestMeta(TEST_ID, "object-store", "https://r", Change(on="OP", status=500), **more)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which things are ended instead of ending them; what is called ``stuck`` cannot be."""
    names: list[str] = []

    def end(actor: Actor, where: dict[str, Any]) -> None:
        assert actor.role == "main"
        if where["name"] == "stuck":
            message = "no way with pl4nted-password"
            raise RuntimeError(message)
        names.append(where["name"])

    monkeypatch.setitem(HANDLERS, "thing", end)
    return names


def test_a_credential_that_is_missing_is_told_with_the_remedy(session: Session) -> None:
    """Who forgot the second project must read what to add, not hunt for it."""
    with pytest.raises(NotRunError) as caught:
        session.begin(meta(needs=("alt",)), 1, 60)
    assert str(caught.value) == "needs a second project: give --alt NAME, or add an entry x-alt to clouds.yaml"


def test_an_extension_that_is_not_announced_is_unsupported(session: Session) -> None:
    """A cloud that says that it has no large objects does not fail their tests."""

    class Store:
        def lacks(self, name: str) -> bool:
            return name == "slo"

    session.actor("main").object_store = Store()  # type: ignore[assignment]
    session.begin(meta(extensions=("object-store:tempurl", "other:slo")), 1, 60)
    with pytest.raises(UnsupportedError, match="object-store service does not announce slo"):
        session.begin(meta(extensions=("object-store:slo",)), 1, 60)


def test_a_test_begins_with_a_clean_sheet(session: Session, exchange: Callable[..., Exchange]) -> None:
    """The requests or findings of one test must not be told of the next."""
    session.begin(meta(), 1, 60)
    session.saw(exchange())
    session.note("something")
    session.begin(meta(), 2, 60)
    assert (session.requests, session.retries, session.findings, session.stage) == (0, 0, [], "test")
    assert session.changer is None
    assert session.deadline
    assert session.deadline - time.monotonic() <= 60


def test_what_a_test_owes_is_ended_last_first(session: Session, ended: list[str]) -> None:
    """A container cannot go before what is in it."""
    session.begin(meta(), 1, 60)
    for name in ("first", "second", "third"):
        session.owe("thing", "main", {"name": name})
    done = session.owe("thing", "main", {"name": "gone already"})
    session.settled(done)
    session.end()
    assert ended == ["third", "second", "first"]
    assert session.ledger.open_entries() == []
    assert session.deadline is None


def test_what_several_tests_share_is_made_once_and_ended_last(session: Session, ended: list[str]) -> None:
    """A container that another test still reads must not vanish with the test that made it."""

    def make() -> str:
        session.owe("thing", "main", {"name": "shared"})
        return "made"

    session.begin(meta(), 1, 60)
    assert [session.shared("key", make), session.shared("key", make)] == ["made", "made"]
    session.owe("thing", "main", {"name": "own"})
    session.end()
    assert ended == ["own"]
    session.close()
    assert ended == ["own", "shared"]


def test_what_cannot_be_ended_is_told_and_stays_in_the_ledger(session: Session, ended: list[str]) -> None:
    """A leak must be known to the user, and the rest must be cleaned up all the same."""
    session.begin(meta(), 1, 60)
    for name in ("first", "stuck", "third"):
        session.owe("thing", "main", {"name": name})
    session.end()
    assert ended == ["third", "first"]
    assert [(item.kind, item.message) for item in session.findings] == [
        ("cleanup", "could not end thing stuck: no way with [hidden]")
    ]
    assert [entry.where["name"] for entry in session.ledger.open_entries()] == ["stuck"]


def test_what_a_dead_process_left_can_be_taken_over(session: Session, ended: list[str]) -> None:
    """A worker that was killed leaves containers that nobody else knows of."""
    entry = session.ledger.enter("thing", "main", {"name": "orphan"}, test=None, expires=0)
    session.adopt(entry)
    session.close()
    assert ended == ["orphan"]
    assert session.ledger.open_entries() == []


def test_cleaning_up_a_dead_cloud_takes_bounded_time(session: Session) -> None:
    """At the end of a run on a cloud that died the user must not wait for every container's time-out."""
    session.begin(meta(), 1, 60)
    for number in range(20):
        session.owe("container", "main", {"name": f"c{number}"})
    began = time.monotonic()
    session.end()
    assert time.monotonic() - began < 5
    assert len(session.findings) == 20


def test_names_are_fresh_and_tell_only_the_run(session: Session) -> None:
    """Two runs in one project must not meet, and a cloud must not see which test asks."""
    names = {session.name() for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("defcore-01234567-") for name in names)
    assert session.name("versions").endswith("-versions")
    assert session.actors == ("main",)


def test_every_exchange_of_a_test_is_kept_as_evidence(
    session: Session, exchange: Callable[..., Exchange], tmp_path: Path
) -> None:
    """Without it a vendor could not see what its cloud answered; between tests nothing is kept."""
    session.saw(exchange())
    session.begin(meta(), 3, 60)
    session.saw(exchange(503))
    session.saw(exchange(attempt=2))
    session.saw(exchange(0, attempt=3, error="no answer in time"))
    lines = (tmp_path / "evidence" / f"{TEST_ID}.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [json.loads(line) for line in lines]
    assert [(item["status"], item["attempt"], item["test_attempt"]) for item in kept] == [
        (503, 1, 3),
        (200, 2, 3),
        (0, 3, 3),
    ]
    assert (session.requests, session.retries) == (3, 2)
    assert [(item.kind, item.message) for item in session.findings] == [
        ("flaky", "GET /v1/{account} was sent again, attempt 2: status 503"),
        ("flaky", "GET /v1/{account} was sent again, attempt 3: status 200"),
    ]


def test_secrets_that_a_cloud_hands_out_are_known_from_then_on(
    session: Session, exchange: Callable[..., Exchange]
) -> None:
    """A failure that quotes the answer would print the password that the cloud has just made."""
    session.saw(exchange(200, {"Content-Type": "application/json"}, b'{"server": {"adminPass": "made-by-cloud"}}'))
    session.saw(exchange(201, {"X-Subject-Token": "handed-out"}, b""))
    assert session.scrubber.text("made-by-cloud handed-out") == "[hidden] [hidden]"


def test_an_advisory_check_decides_nothing(session: Session, exchange: Callable[..., Exchange]) -> None:
    """Under a published id only what the published test asserts may fail a cloud."""

    def check(found: Exchange | None) -> None:
        raise CheckFailedError("status", "200", "pl4nted-password", found)

    session.advise(lambda: None)
    session.advise(lambda: check(exchange()))
    session.advise(lambda: check(None))
    assert [(item.kind, item.message) for item in session.findings] == [
        ("advisory", "GET /v1/{account}: status: expected 200, got [hidden]"),
        ("advisory", "status: expected 200, got [hidden]"),
    ]
    with pytest.raises(ZeroDivisionError):
        session.advise(lambda: 1 / 0)


def test_an_advisory_check_of_a_repeated_change_tells_nothing(
    session: Session, exchange: Callable[..., Exchange]
) -> None:
    """A container that a lost PUT has made already answers the second with 202: a finding would be a lie."""

    def check() -> None:
        raise CheckFailedError("status", "201", "202", exchange(202, unsure=True))

    session.advise(check)
    assert session.findings == []


def test_what_holds_for_a_while_is_judged_only_in_that_while(
    session: Session, exchange: Callable[..., Exchange]
) -> None:
    """An object that expires while a slow network holds up the next request has not been lost by the cloud."""
    failure = CheckFailedError("status", "200", "404", exchange(404))
    with pytest.raises(CheckFailedError), session.in_time(60):
        raise failure
    with pytest.raises(TroubleError, match="too slow to be judged"), session.in_time(0):
        raise failure


def test_an_eventually_consistent_read_may_settle(session: Session) -> None:
    """A listing that lags a second behind is allowed; one that never comes is not."""
    calls: list[int] = []

    def third_time() -> str:
        calls.append(1)
        if len(calls) < 3:
            raise CheckFailedError("body", "a", "b", None)
        return "settled"

    def never() -> str:
        raise CheckFailedError("body", "a", "b", None)

    assert session.settle(third_time) == "settled"
    began = time.monotonic()
    for seconds in (None, 0.3):
        with pytest.raises(CheckFailedError):
            session.settle(never, seconds)
    assert 0.4 < time.monotonic() - began < 2
