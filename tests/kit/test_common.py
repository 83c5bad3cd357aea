"""What a run has in common is made once, by whoever asks first, and known to all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit.answer import CheckFailedError
from defcore.kit.cleanup import HANDLERS
from defcore.kit.common import TRIES, Common, forget, get, known
from defcore.kit.commons import COMMONS, commons
from defcore.kit.meta import RESOURCES
from defcore.kit.pins import PINS

from .test_session import meta

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.kit.session import Session


def making(value: object, made: list[object]) -> Common:
    """Give a common thing that notes how often it is made."""

    def make(_: Session) -> object:
        made.append(value)
        time.sleep(0.05)
        return value

    return Common(make)


def test_it_is_made_once_whoever_asks(session: Session, tmp_path: Path) -> None:
    """Four workers would boot four servers in the place of one."""
    made: list[object] = []
    common = making({"id": 1}, made)
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(get(session, tmp_path, "x", common))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [{"id": 1}]
    assert found == [{"id": 1}] * 6
    assert known(tmp_path, "x") == {"id": 1}
    forget(tmp_path)
    assert known(tmp_path, "x") is None


def test_a_cloud_that_cannot_make_it_is_not_asked_for_ever(session: Session, tmp_path: Path) -> None:
    """Forty tests would each wait for a server that ends in ERROR."""
    tried: list[int] = []

    def make(_: Session) -> None:
        tried.append(1)
        raise CheckFailedError("$.server.status", "ACTIVE", "ERROR", None)

    for _ in range(5):
        with pytest.raises(CheckFailedError, match=r"\$\.server\.status: expected ACTIVE, got ERROR"):
            get(session, tmp_path, "x", Common(make))
    assert len(tried) == TRIES


def test_trouble_of_one_test_is_not_that_of_the_next(session: Session, tmp_path: Path) -> None:
    """A line that broke for a moment would cost all tests that share the thing."""
    answers: list[object] = [TroubleError("gone for a moment"), {"id": 1}]

    def make(_: Session) -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(TroubleError):
        get(session, tmp_path, "x", Common(make))
    assert get(session, tmp_path, "x", Common(make)) == {"id": 1}


def test_nobody_waits_for_another_beyond_the_tests_time(session: Session, tmp_path: Path) -> None:
    """A worker that hangs while it makes the thing would hang all others."""
    inside, over = threading.Event(), threading.Event()

    def make(_: Session) -> int:
        inside.set()
        over.wait(10)
        return 1

    thread = threading.Thread(target=get, args=(session, tmp_path, "x", Common(make)))
    thread.start()
    inside.wait(10)
    session.deadline = time.monotonic() + 0.2
    with pytest.raises(TroubleError, match="time was up before another one had made"):
        get(session, tmp_path, "x", Common(make))
    over.set()
    thread.join()


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which things are ended instead of ending them."""
    names: list[str] = []
    monkeypatch.setitem(HANDLERS, "thing", lambda _, where: names.append(where["name"]))
    return names


def owing(session: Session) -> Callable[[Session], int]:
    """Give a maker that creates a thing."""

    def make(_: Session) -> int:
        session.owe("thing", "main", {"name": "shared"})
        return 1

    return make


@pytest.mark.parametrize("alone", [True, False])
def test_it_is_ended_by_whoever_ends_the_run(
    session: Session, ended: list[str], monkeypatch: pytest.MonkeyPatch, *, alone: bool
) -> None:
    """A worker that ends early would take the server away under the others."""
    monkeypatch.setitem(COMMONS, "x", Common(owing(session)))
    monkeypatch.setattr(session, "_alone", alone)
    session.begin(meta(uses=("x",)), 1, 60)
    assert [session.common("x"), session.common("x")] == [1, 1]
    session.end()
    assert ended == []
    session.close()
    assert ended == (["shared"] if alone else [])
    assert len(session.ledger.open_entries()) == (0 if alone else 1)


def test_what_is_not_declared_is_not_given(session: Session) -> None:
    """The forecast would not know of it, and the quota would be exceeded."""
    session.begin(meta(), 1, 60)
    with pytest.raises(ValueError, match="declare it with uses=\\('server',\\)"):
        session.common("server")


def test_the_table_is_sound() -> None:
    """A misspelt key would be found only by the run that needs it."""
    for key, common in COMMONS.items():
        assert set(common.uses) <= set(COMMONS), key
        assert set(common.creates) <= set(RESOURCES), key
    assert commons(["server"]) == {"server", "image", "flavor", "network", "keypair"}
    assert {"image", "flavor", "network"} <= set(PINS) & set(COMMONS)
