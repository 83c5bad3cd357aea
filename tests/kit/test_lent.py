"""What a run lends: to one test at a time, and no more once a test has failed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit import common
from defcore.kit.cleanup import HANDLERS
from defcore.kit.common import Common
from defcore.kit.commons import COMMONS

from .test_session import meta

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.kit.actor import Actor
    from defcore.kit.session import Session


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which things are ended instead of ending them."""
    names: list[str] = []

    def end(actor: Actor, where: dict[str, Any]) -> None:
        assert actor.role == "main"
        names.append(where["name"])

    monkeypatch.setitem(HANDLERS, "thing", end)
    return names


@pytest.fixture(autouse=True)
def maker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make things that are called first, second and so on, of which there are two at once."""
    names = iter(("first", "second", "third"))

    def make(session: Session) -> str:
        name = next(names)
        session.owe("thing", "main", {"name": name})
        return name

    monkeypatch.setitem(COMMONS, "things", Common(make, lent=2))


def test_what_is_lent_is_lent_again(session: Session, ended: list[str]) -> None:
    """Every test that changes a server would have to wait for one of its own."""
    for _ in range(2):
        session.begin(meta(uses=("things",)), 1, 60)
        with session.lent("things") as found:
            assert found == "first"
        session.end()
    assert ended == []
    session.close()
    assert ended == ["first"]


def test_what_a_failing_test_leaves_is_ended_with_it(session: Session, ended: list[str]) -> None:
    """The next test would be judged by the state in which another one left a server, and a small quota be used up."""
    session.begin(meta(uses=("things",)), 1, 60)
    with pytest.raises(ValueError, match="broken"), session.lent("things"):
        raise ValueError("broken")
    session.end()
    assert ended == ["first"]
    with session.lent("things") as found:
        assert found == "second"


def test_what_a_test_means_to_keep_is_its_own(session: Session, ended: list[str]) -> None:
    """A server that a test has deleted, or left with another flavor, would be lent to the next one."""
    session.begin(meta(uses=("things",)), 1, 60)
    with session.lent("things", keep=True) as found:
        assert found == "first"
    session.end()
    assert ended == ["first"]
    with session.lent("things") as found:
        assert found == "second"


def test_what_lies_idle_is_lent_before_something_new_is_made(session: Session, ended: list[str]) -> None:
    """A server more would be booted, which takes longer than all that a test does with it."""
    with session.lent("things") as one, session.lent("things") as other:
        assert (one, other) == ("first", "second")
    with session.lent("things", keep=True) as found:
        assert found == "first"
    with session.lent("things") as found:
        assert found == "second"
    session.close()
    assert sorted(ended) == ["first", "second"]


def test_what_cannot_be_broken_is_kept(session: Session, ended: list[str]) -> None:
    """A failing test of names would cost a server each time."""
    session.begin(meta(uses=("things",)), 1, 60)
    with pytest.raises(ValueError, match="no harm"), session.lent("things", safe=True):
        raise ValueError("no harm")
    session.end()
    with session.lent("things") as found:
        assert found == "first"
    assert ended == []


def test_what_could_not_be_made_is_ended_with_the_test(
    session: Session, ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that never becomes active must not be in the way of the other tests until the run is over."""

    def make(session: Session) -> str:
        session.owe("thing", "main", {"name": "half"})
        raise ValueError("no more")

    monkeypatch.setitem(COMMONS, "things", Common(make, lent=1))
    session.begin(meta(uses=("things",)), 1, 60)
    with pytest.raises(ValueError, match="no more"), session.lent("things"):
        pass
    session.end()
    assert ended == ["half"]


def test_no_two_have_the_same_at_once(session: Session, tmp_path: Path) -> None:
    """Two tests that rename one server at the same time would both fail, and for no fault of the cloud."""
    session.begin(meta(uses=("things",)), 1, 60)
    with session.lent("things") as one, session.lent("things") as other:
        assert (one, other) == ("first", "second")
        session.deadline = 0.0
        with pytest.raises(TroubleError, match="time was up"), session.lent("things"):
            pass
    common.forget(tmp_path)
    session.deadline = None
    with session.lent("things") as found:
        assert found == "third"
