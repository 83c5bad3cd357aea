"""What is created is owed until it is gone; what was refused, or was told to go, costs no further request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit import resources
from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.owing import create, deleted, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

    Exchanges = Callable[..., Exchange]


class Cloud:
    """Stands in the place of an actor and of its services: it gives answers in their order, the last for ever."""

    role = "main"
    project_id = "p"

    def __init__(self, session: Session, exchange: Exchanges, *answers: tuple[int, Any]) -> None:
        """Give these answers."""
        self.session = session
        self.answers = list(answers)
        self.asked: list[str] = []
        self._exchange = exchange

    def client(self, _: str) -> Cloud:
        """Be the service too."""
        return self

    def request(self, operation: str, *_: object, **__: object) -> Answer:
        """Give the next answer."""
        self.asked.append(operation)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(self._exchange(status, body=json.dumps(body).encode()))


def made(session: Session, answer: Answer, kind: str = "image") -> Answer:
    """Have a thing created that is answered like this."""
    return create(session, "main", kind, [{"name": "defcore-x"}], lambda: answer, lambda it: [told(it, "id")])


@pytest.mark.parametrize(
    ("status", "more", "owed"),
    [
        (201, {}, [{"name": "defcore-x", "id": "1"}]),
        (201, {"altered": True}, [{"name": "defcore-x"}]),
        (400, {}, []),
        (404, {}, []),
        (400, {"altered": True}, [{"name": "defcore-x"}]),
        (400, {"unsure": True}, [{"name": "defcore-x"}]),
        (409, {}, []),
        (409, {"unsure": True}, [{"name": "defcore-x"}]),
        (429, {}, [{"name": "defcore-x"}]),
        (503, {}, [{"name": "defcore-x"}]),
    ],
)
def test_what_is_owed_is_what_may_be_there(
    session: Session, exchange: Exchanges, status: int, more: dict[str, bool], owed: list[dict[str, str]]
) -> None:
    """What a cloud made would stay for ever, or a full project be searched for what never was."""
    made(session, Answer(exchange(status, body=b'{"id": "1"}', **more)))
    assert [entry.where for entry in session.ledger.open_entries()] == owed


@pytest.mark.parametrize("body", [b"[]", b'{"id": null}', b'{"another": 1}'])
def test_an_answer_without_an_id_leaves_it_owed_by_name(session: Session, exchange: Exchanges, body: bytes) -> None:
    """It would be a fault of ours where the test has to judge, and the thing would stay."""
    made(session, Answer(exchange(201, body=body)))
    [entry] = session.ledger.open_entries()
    assert (entry.where["name"], entry.where.get("id")) == ("defcore-x", "")


@pytest.mark.parametrize(
    ("status", "text"), [(413, "{}"), (409, "Quota exceeded for resources"), (403, "Quota exceeded for instances")]
)
def test_a_full_quota_is_waited_for(session: Session, exchange: Exchanges, status: int, text: str) -> None:
    """What was just deleted counts for a moment longer, and the next test would fail for it."""
    full = Answer(exchange(status, body=text.encode()))
    answers = [full, full, Answer(exchange(202, body=b'{"id": "1"}'))]
    create(session, "main", "server", [{"name": "n"}], lambda: answers.pop(0), lambda it: [told(it, "id")])
    assert answers == []
    with pytest.raises(CheckFailedError, match=rf"got {status} \(the quota is full\)"):
        made(session, full)


def test_other_conflicts_are_not_waited_for(session: Session, exchange: Exchanges) -> None:
    """A test that expects a refusal would take seconds."""
    assert made(session, Answer(exchange(409, body=b"a conflict"))).exchange.status == 409


def test_what_goes_at_once_is_settled_by_its_deletion(session: Session, exchange: Exchanges) -> None:
    """The cleanup would send each deletion once more."""
    made(session, Answer(exchange(201, body=b'{"id": "1"}')))
    deleted(session, "1", Answer(exchange(204, altered=True)))
    deleted(session, "1", Answer(exchange(409)))
    assert len(session.ledger.open_entries()) == 1
    deleted(session, "1", Answer(exchange(204)))
    deleted(session, "unknown", Answer(exchange(204)))
    assert session.ledger.open_entries() == []


def test_what_was_told_to_go_is_only_looked_for(
    session: Session, exchange: Exchanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each server that a test deletes would be deleted again; one that stays after all must be told."""
    cloud = Cloud(session, exchange, (200, {"server": {"status": "ACTIVE"}}), (404, {}))
    monkeypatch.setattr(session, "actor", lambda _: cloud)
    monkeypatch.setattr(session.debts, "_actor", lambda _: cloud)
    made(session, Answer(exchange(202, body=b'{"id": "1"}')), "server")
    deleted(session, "1", Answer(exchange(204)))
    session.end()
    assert cloud.asked == []
    assert len(session.debts.leaving) == 1
    session.close()
    assert cloud.asked == ["GET /servers/{server_id}"] * 2
    assert session.ledger.open_entries() == []


@pytest.mark.parametrize("alone", [True, False])
def test_several_that_go_are_looked_for_in_one_list(
    session: Session, exchange: Exchanges, monkeypatch: pytest.MonkeyPatch, *, alone: bool
) -> None:
    """The end of a run would send a request for each of them, again and again."""
    there = [{"id": "2", "status": "ACTIVE"}, {"id": "3", "status": "ERROR"}, {"id": "not-ours", "status": "ERROR"}]
    cloud = Cloud(session, exchange, (200, {"servers": there}), (404, {}))
    monkeypatch.setattr(session.debts, "_actor", lambda _: cloud)
    monkeypatch.setattr(session, "_alone", alone)
    for number in "123":
        entry = session.ledger.enter("server", "main", {"name": f"n{number}", "id": number}, test=None, expires=0)
        session.adopt(entry, leaving=True)
    session.close()
    if not alone:
        # Somebody else looks for what all workers have left.
        assert (cloud.asked, len(session.debts.leaving)) == ([], 3)
        return
    assert cloud.asked == ["GET /servers/detail", "GET /servers/{server_id}"]
    assert [item.message for item in session.findings] == [
        "could not end server n3: it was deleted, and is in state error"
    ]
    assert [entry.where["id"] for entry in session.ledger.open_entries()] == ["3"]


def test_what_never_goes_is_told(session: Session, exchange: Exchanges) -> None:
    """A user would believe that nothing is left."""
    cloud = Cloud(session, exchange, (200, {"server": {"status": "ACTIVE"}}))
    assert resources.gone({"1": resources.Going("server", cloud, "1")}) == {"1": False}  # type: ignore[arg-type]
    entry = session.ledger.enter("thing", "main", {"name": "n"}, test=None, expires=0)
    session.debts._leaving[entry.number] = (entry, lambda: False)
    [(_, problem)] = session.debts.confirm(0.2)
    assert problem == "it was deleted, and is still there after 0 s"
