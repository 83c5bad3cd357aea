"""What takes long is asked for first, and no test waits for it as long as there is another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.kit.common import FOLDER, Common
from defcore.kit.commons import COMMONS
from defcore.run.ahead import LENT, PATIENCE, Ahead

from .test_room import sample

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.suite import SuiteTest

QUICK, READER, KEEPER = sample(1, 1), sample(2, 1, uses=("slow",)), sample(3, 1, uses=("slow", "keys"))
BORROWER, GIVER = sample(4, 1, uses=("lent",)), sample(5, 1, gives=("lent",))
OFFERING = sample(6, 1, gives=("slow",))


class Clock:
    """A clock that stands."""

    now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share something slow and something quick, and lend both kinds."""

    def make(_: object, __: object = None) -> None:
        """Make nothing."""

    monkeypatch.setitem(COMMONS, "slow", Common(make, uses=("quick",), finish=make))
    monkeypatch.setitem(COMMONS, "quick", Common(make))
    monkeypatch.setitem(COMMONS, "lent", Common(make, lent=3, finish=make))
    monkeypatch.setitem(COMMONS, "keys", Common(make, lent=1))


def lay(run: Path, key: str, **told: object) -> None:
    """Lay something where workers lay what they share."""
    (run / FOLDER).mkdir(exist_ok=True)
    (run / FOLDER / f"{key}.json").write_text(json.dumps(told))


def begun(run: Path, clock: Clock, *tests: SuiteTest) -> Ahead:
    """Give what looks ahead, when it has had everything asked for."""
    ahead = Ahead(run, tests, clock)
    while order := ahead.order():
        assert "ask" in order
        ahead.obeyed(())
    return ahead


def test_all_that_is_slow_is_asked_for_at_once(tmp_path: Path, clock: Clock) -> None:
    """A cloud whose servers take long to boot would boot them one after the other."""
    ahead = Ahead(tmp_path, [QUICK, READER, KEEPER, *[BORROWER] * 5], clock)
    assert ahead.order() == {"ask": {"slow": 1, "lent": LENT}}
    assert ahead.order() is None
    assert Ahead(tmp_path, [QUICK], clock).order() is None
    assert Ahead(tmp_path, [READER, BORROWER, GIVER, OFFERING], clock).order() is None


def test_tests_that_need_nothing_go_first(tmp_path: Path, clock: Clock) -> None:
    """Workers would wait for a lock while there is other work."""
    ahead = begun(tmp_path, clock, QUICK, READER, BORROWER)
    assert [ahead.open(test) for test in (QUICK, READER, BORROWER)] == [True, False, False]
    lay(tmp_path, "slow", begun=1)
    assert not ahead.open(READER)
    lay(tmp_path, "slow", value=1)
    lay(tmp_path, "lent-0", value=1)
    lay(tmp_path, "lent-1", begun=1)
    assert [ahead.open(test) for test in (QUICK, READER, BORROWER)] == [True, True, True]
    ahead.started(BORROWER)
    assert not ahead.open(BORROWER)
    ahead.ended(BORROWER)
    assert ahead.open(BORROWER)


def test_it_is_looked_for_now_and_then(tmp_path: Path, clock: Clock) -> None:
    """Each needless look is a request on somebody's cloud; without any, all would wait for ever."""
    ahead = begun(tmp_path, clock, READER, BORROWER)
    assert ahead.order() is None
    clock.now += 1
    assert ahead.order() == {"look": ["lent", "slow"]}
    assert ahead.order() is None
    ahead.obeyed(["slow"])
    assert ahead.order() is None
    clock.now += 1
    assert ahead.order() == {"look": ["lent"]}
    ahead.obeyed(["lent"])
    clock.now += 10
    assert ahead.order() is None


def test_what_could_not_be_asked_for_is_made_by_the_first_that_needs_it(tmp_path: Path, clock: Clock) -> None:
    """The tests of a cloud that boots no server would never be run."""
    ahead = begun(tmp_path, clock, READER, KEEPER, BORROWER)
    clock.now += 1
    ahead.order()
    ahead.obeyed(["slow", "lent"])
    assert ahead.open(READER)
    ahead.started(READER)
    assert not ahead.open(KEEPER)
    assert ahead.open(BORROWER)
    ahead.started(BORROWER)
    assert not ahead.open(BORROWER)
    ahead.ended(READER)
    assert ahead.open(KEEPER)


def test_nobody_waits_for_ever(tmp_path: Path, clock: Clock) -> None:
    """A server that never becomes active must fail the tests that need it."""
    ahead = begun(tmp_path, clock, READER)
    clock.now += PATIENCE + 1
    assert ahead.order() is None
    assert ahead.open(READER)


def test_what_other_tests_leave_is_waited_for(tmp_path: Path, clock: Clock) -> None:
    """A server would be booted for the borrowers, and the one of the giver be deleted."""
    ahead = begun(tmp_path, clock, READER, BORROWER, GIVER, OFFERING)
    assert [ahead.open(test) for test in (READER, BORROWER, GIVER, OFFERING)] == [False, False, True, True]
    lay(tmp_path, "lent-0", begun=1)
    clock.now += 1
    assert ahead.order() == {"look": ["lent"]}
    ahead.obeyed([])
    ahead.ended(GIVER)
    assert not ahead.open(BORROWER)
    lay(tmp_path, "lent-0", value=1)
    assert ahead.open(BORROWER)
    ahead.ended(OFFERING)
    assert ahead.open(READER)


def test_what_is_lent_and_made_at_once_goes_to_as_many_as_there_are(tmp_path: Path, clock: Clock) -> None:
    """The second of two tests would hold a worker up."""
    ahead = begun(tmp_path, clock, KEEPER)
    lay(tmp_path, "slow", value=1)
    assert ahead.open(KEEPER)
    ahead.started(KEEPER)
    assert not ahead.open(KEEPER)
