"""A journal is followed while others write it: nothing is lost, nothing told twice, nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.run.follow import Tracker, follow, line_of, line_of_step
from defcore.run.journal import (
    JOURNAL,
    AnyEvent,
    Ended,
    Journal,
    Note,
    PlannedTest,
    Resumed,
    Started,
    TestFinished,
    TestStarted,
)
from defcore.run.record import Attempt, Cloud, Engine, Outcome

from .records import test_id

if TYPE_CHECKING:
    from pathlib import Path


def at(seconds: int) -> str:
    """Give a moment of that Friday."""
    return f"2026-11-20T10:{seconds // 60:02d}:{seconds % 60:02d}Z"


def head(count: int, missing: int = 0) -> Started:
    """Begin a run of so many tests at ten o'clock."""
    plan = [PlannedTest(id=test_id(number), name=f"test {number}") for number in range(count)]
    plan += [PlannedTest(id=test_id(count + number), name="x", missing="no such test") for number in range(missing)]
    return Started(
        id="run",
        at=at(0),
        cloud=Cloud(name="x", auth_url="http://k"),
        engine=Engine(name="native", version="0"),
        partial=False,
        selection="all",
        plan=tuple(plan),
    )


def finished(number: int, seconds: int, outcome: str = "passed", attempt: int = 1) -> TestFinished:
    """End a test at so many seconds after ten."""
    result = Attempt(outcome=Outcome(outcome), started=at(seconds - 1), seconds=1)
    return TestFinished(id=test_id(number), attempt=attempt, result=result)


def begun(number: int, seconds: int, attempt: int = 1) -> TestStarted:
    """Begin a test."""
    return TestStarted(id=test_id(number), attempt=attempt, at=at(seconds))


def test_how_far_a_run_is_and_how_long_it_takes() -> None:
    """If it fails, whoever watches waits for the wrong time; a test that cannot be run is not waited for."""
    tracker = Tracker()
    assert tracker.take(head(4, missing=3)) is None
    assert tracker.take(begun(0, 0)) is None
    step = tracker.take(finished(0, 10))
    assert step
    assert (step.name, step.done, step.total, step.left, step.counts) == ("test 0", 1, 4, 30.0, {"passed": 1})
    step = tracker.take(finished(1, 20, "not_run"))
    assert step
    assert (step.done, step.left, step.counts) == (2, 20.0, {"not_run": 1, "passed": 1})
    assert tracker.seconds == 20
    assert tracker.take(Note(at=at(30), message="x")) is None
    assert tracker.take(Ended(at=at(40))) is None
    assert (tracker.seconds, tracker.ended and tracker.ended.at) == (40, at(40))


def test_a_run_that_goes_on_counts_from_there() -> None:
    """The night in between is no measure of the time that is left; a test that is tried again is open again."""
    tracker = Tracker()
    for event in (head(4), finished(0, 10, "failed"), finished(1, 20), begun(2, 20), Ended(at=at(21))):
        tracker.take(event)
    tracker.take(Resumed(at=at(1000)))
    assert tracker.ended is None
    tracker.take(begun(0, 1000, 2))
    step = tracker.take(finished(2, 1005))
    assert step
    assert (step.done, step.total, step.left, step.counts) == (2, 4, 10.0, {"passed": 2})
    step = tracker.take(finished(0, 1010, attempt=2))
    assert step
    assert (step.done, step.counts) == (3, {"passed": 3})


def test_a_journal_of_another_plan_is_followed_all_the_same() -> None:
    """A clock that went backwards or an id that the plan lacks must not end the watching."""
    tracker = Tracker()
    tracker.take(head(1))
    step = tracker.take(
        TestFinished(
            id=test_id(9), attempt=1, result=Attempt(outcome=Outcome.PASSED, started="2020-01-01T00:00:00Z", seconds=1)
        )
    )
    assert step
    assert (step.name, step.left) == (test_id(9), 0)


def test_lines_are_told_once_as_they_come_and_a_torn_one_when_it_is_whole(tmp_path: Path) -> None:
    """A worker writes while we read; a resumed run drops what was cut off."""
    journal = Journal(tmp_path)
    rest: list[AnyEvent] = [finished(0, 1), Resumed(at=at(2), torn=7), Ended(at=at(3))]
    looks = 0

    def over() -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            journal.add(head(1))
            with (tmp_path / JOURNAL).open("ab") as file:
                file.write(b'{"event')
        if looks == 3:
            assert journal.mend() == 7
            for event in rest:
                journal.add(event)
        return looks > 3

    found = list(follow(tmp_path, over, sleep=lambda _: None))
    assert found == [head(1), *rest]
    assert looks == 4


def test_what_is_no_event_is_told_with_file_and_line(tmp_path: Path) -> None:
    """Somebody's editor, or a disk that broke."""
    Journal(tmp_path).add(head(1))
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b"garbage\n")
    with pytest.raises(InputError, match=r"journal\.jsonl:2"):
        list(follow(tmp_path, lambda: True))


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    """What is no file cannot be followed."""
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        list(follow(tmp_path, lambda: True))


def test_the_lines_of_the_stream(tmp_path: Path) -> None:
    """Scripts are written against these fields."""
    tracker = Tracker()
    tracker.take(head(2))
    step = tracker.take(finished(0, 10))
    assert step
    assert line_of_step(tmp_path, step) == {
        "run": str(tmp_path),
        "event": "progress",
        "done": 1,
        "total": 2,
        "counts": {"passed": 1},
        "seconds_left": 10.0,
    }
    assert line_of(tmp_path, Ended(at=at(1))) == {
        "run": str(tmp_path),
        "event": "run-ended",
        "at": at(1),
        "interrupted": False,
        "spent": 0,
    }
