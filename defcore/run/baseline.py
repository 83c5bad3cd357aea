"""A run measured by an earlier one: what got worse, and what was known to be wrong already, and since when.

``baseline.json`` in a run directory keeps what that run knew, so that a chain of runs remembers the first date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from defcore.errors import InputError
from defcore.files import read_bytes, write_whole
from defcore.run.record import Outcome, Stamp, TestId, Wire, worst
from defcore.run.store import load_run
from defcore.strictjson import first_wrong, loads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defcore.run.record import RunRecord

FILE = "baseline.json"
_LIMIT = 16 * 1024 * 1024


class Since(Wire):
    """The first run of a chain in which a test was known not to pass: its id, and when it was begun.

    ``outcome`` is the worst that the chain has seen of the test: trouble in between does not make it news.
    """

    run: str
    at: Stamp
    outcome: Outcome


class Memory(Wire):
    """What a run knew of the tests that did not pass in it, nor in the run that it was measured by."""

    format: Literal["defcore-baseline/1"] = "defcore-baseline/1"
    baseline: str
    known: dict[TestId, Since]


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier run, and what was known in it."""

    record: RunRecord
    known: Mapping[str, Since]


@dataclass(frozen=True, slots=True)
class Change:
    """One test, before and now; ``before`` is None for one that the earlier run was not about."""

    id: str
    name: str
    before: Outcome | None
    now: Outcome
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``worse`` is new trouble, ``known`` old trouble with its age, ``better`` what passes now and did not."""

    baseline: RunRecord
    worse: tuple[Change, ...]
    known: tuple[Change, ...]
    better: tuple[Change, ...]


def load(path: Path) -> Baseline:
    """Read the run that another is measured by. Raises InputError for one that is no result."""
    record = load_run(path)
    if record.void:
        hint = "take a run that is a result as the baseline"
        raise InputError("void-baseline", f"is no result: {record.void}", where=str(path), hint=hint)
    memory = path / FILE
    if not path.is_dir() or not memory.exists():
        return Baseline(record, {})
    raw = loads(read_bytes(memory, _LIMIT, "bad-baseline", "remove it to forget what was known"), str(memory))
    try:
        return Baseline(record, Memory.model_validate(raw).known)
    except ValidationError as error:
        what = f"is no memory of a baseline: {first_wrong(error)}"
        raise InputError("bad-baseline", what, where=str(memory), hint="remove it to forget what was known") from error


def compare(record: RunRecord, baseline: Baseline) -> Comparison:
    """Sort the tests of a run that did not pass into new and known; pure.

    Whatever passed before and does not now is worse, and so is what is wrong now and was not judged before, and what
    the earlier run was not about. The rest was known: since the earlier run, or since the one that it knew it from.
    What was run in neither is told nowhere.
    """
    before = {result.id: result.outcome for result in baseline.record.results}
    worse, known, better = [], [], []
    for result in record.results:
        old, now = before.get(result.id), result.outcome
        if now is Outcome.PASSED:
            if old not in (None, Outcome.PASSED):
                better.append(Change(result.id, result.name, old, now))
            continue
        first = baseline.known.get(result.id)
        seen = old if first is None or old in (None, Outcome.PASSED) else worst((old, first.outcome))
        if seen is None or _worse(seen, now):
            worse.append(Change(result.id, result.name, old, now))
        elif (old, now) != (Outcome.NOT_RUN, Outcome.NOT_RUN):
            run, at = (first.run, first.at) if first else (baseline.record.id, baseline.record.started)
            since = Since(run=run, at=at, outcome=worst((seen, now)))
            known.append(Change(result.id, result.name, old, now, since))
    return Comparison(baseline.record, tuple(worse), tuple(known), tuple(better))


_JUDGED = (Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED)
"""Outcomes that say something of the cloud."""


def _worse(old: Outcome, now: Outcome) -> bool:
    """Say whether a test that does not pass is worse than it was: it passed, or was not judged, or did not fail."""
    if old is Outcome.PASSED:
        return True
    return now in _JUDGED and (old not in _JUDGED or (now is Outcome.FAILED and old is not Outcome.FAILED))


def remember(out: Path, comparison: Comparison) -> None:
    """Keep in the run directory what was known, and since when, for the run that is measured by this one."""
    known = {change.id: change.since for change in comparison.known if change.since}
    memory = Memory(baseline=comparison.baseline.id, known=known)
    write_whole(out / FILE, memory.model_dump_json(indent=1).encode() + b"\n")
