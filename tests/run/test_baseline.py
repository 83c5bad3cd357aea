"""A run measured by an earlier one: CI must turn red for what is new, and for nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.report.changes import lines
from defcore.run.baseline import FILE, Baseline, Comparison, compare, load, remember
from defcore.run.record import Outcome

from .records import record_of

if TYPE_CHECKING:
    from pathlib import Path

MONDAY, TUESDAY, FRIDAY = "2026-11-16T10:00:00Z", "2026-11-17T10:00:00Z", "2026-11-20T10:00:00Z"


def kind(before: str | None, now: str) -> str:
    """Say how one test is sorted."""
    old = record_of({1: before} if before else {2: "passed"})
    found = compare(record_of({1: now}), Baseline(old, {}))
    names = [name for name in ("worse", "known", "better") if getattr(found, name)]
    return names[0] if names else "told nowhere"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("passed", "passed", "told nowhere"),
        ("passed", "failed", "worse"),
        ("passed", "error", "worse"),
        ("passed", "skipped", "worse"),
        ("passed", "unsupported", "worse"),
        ("passed", "not_run", "worse"),
        ("failed", "failed", "known"),
        ("failed", "passed", "better"),
        ("failed", "error", "known"),
        ("failed", "unsupported", "known"),
        ("unsupported", "failed", "worse"),
        ("skipped", "unsupported", "known"),
        ("error", "failed", "worse"),
        ("error", "unsupported", "worse"),
        ("error", "error", "known"),
        ("error", "passed", "better"),
        ("error", "not_run", "known"),
        ("not_run", "not_run", "told nowhere"),
        ("not_run", "failed", "worse"),
        ("not_run", "error", "known"),
        (None, "passed", "told nowhere"),
        (None, "failed", "worse"),
    ],
)
def test_what_is_worse_known_or_better(before: str | None, now: str, told: str) -> None:
    """If it fails, CI is red for an old failure, or green for a new one."""
    assert kind(before, now) == told


def measured(path: Path, now: dict[int, str], by: Path, run: str, started: str) -> Comparison:
    """Write a run that is measured by another, as ``defcore run --baseline`` does."""
    path.mkdir()
    record = record_of(now, run, started)
    (path / "run.json").write_text(record.model_dump_json(), encoding="utf-8")
    found = compare(record, chain(by))
    remember(path, found)
    return found


def chain(path: Path) -> Baseline:
    """Load a baseline from a folder that holds a record in the place of a journal."""
    known = load(path / "run.json").record
    memory = path / FILE
    if not memory.exists():
        return Baseline(known, {})
    from defcore.run.baseline import Memory

    return Baseline(known, Memory.model_validate_json(memory.read_bytes()).known)


def test_a_chain_of_runs_keeps_the_first_date(tmp_path: Path) -> None:
    """A failure that is five days old must be told as that, though each run is measured by yesterday's."""
    first = tmp_path / "1"
    first.mkdir()
    (first / "run.json").write_text(record_of({1: "failed", 2: "failed"}, "one", MONDAY).model_dump_json())
    measured(tmp_path / "2", {1: "failed", 2: "passed"}, first, "two", TUESDAY)
    third = measured(tmp_path / "3", {1: "failed", 2: "failed"}, tmp_path / "2", "three", FRIDAY)
    assert [(change.name, change.since and change.since.run) for change in third.known] == [("test 1", "one")]
    assert [change.name for change in third.worse] == ["test 2"]
    assert list(lines(third, FRIDAY)) == [
        "measured by run two of 2026-11-17: 1 worse, 1 known, 0 better",
        "worse: test 2: passed before, failed now",
        "known: test 1: failed, since 2026-11-16 (4 days, run one)",
    ]


def test_trouble_in_between_does_not_make_an_old_failure_news(tmp_path: Path) -> None:
    """The network broke on Tuesday; the failure of Monday is still the same on Friday."""
    first = tmp_path / "1"
    first.mkdir()
    (first / "run.json").write_text(record_of({1: "failed"}, "one", MONDAY).model_dump_json())
    measured(tmp_path / "2", {1: "error"}, first, "two", TUESDAY)
    third = measured(tmp_path / "3", {1: "failed"}, tmp_path / "2", "three", FRIDAY)
    assert third.worse == ()
    assert third.known[0].since
    assert (third.known[0].since.at, third.known[0].since.outcome) == (MONDAY, Outcome.FAILED)


def test_what_is_new_or_better_is_said() -> None:
    """A test that was not there before has no outcome to compare with."""
    old = Baseline(record_of({1: "failed"}, "one", MONDAY), {})
    assert list(lines(compare(record_of({1: "passed", 2: "not_run"}), old), FRIDAY))[1:] == [
        "worse: test 2: not there before, not run now",
        "better: test 1: failed before, passed now",
    ]


def test_a_run_that_is_no_result_is_no_measure(tmp_path: Path) -> None:
    """Measured by an outage, everything would be better."""
    path = tmp_path / "run.json"
    path.write_text(record_of({1: "error"}, void="outage: all of it").model_dump_json())
    with pytest.raises(InputError, match="is no result: outage"):
        load(path)


@pytest.mark.parametrize("content", ["{", "{}", '{"format": "defcore-baseline/2", "baseline": "x", "known": {}}'])
def test_a_spoilt_memory_is_one_line(tmp_path: Path, content: str) -> None:
    """Ages that cannot be read must not be made up."""
    from defcore.run.journal import Ended, Journal, Started
    from defcore.run.record import Cloud, Engine

    journal = Journal(tmp_path)
    cloud, engine = Cloud(name="x", auth_url="http://k"), Engine(name="native", version="0")
    journal.add(Started(id="r", at=MONDAY, cloud=cloud, engine=engine, partial=False, selection="s", plan=()))
    journal.add(Ended(at=MONDAY))
    journal.close()
    assert load(tmp_path).known == {}
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"baseline\.json"):
        load(tmp_path)
