"""Makes a run directory of foreign results: all of it, or nothing."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.ids import identify, nameless_id
from defcore.importing.names import group_of, implementation
from defcore.run.journal import (
    JOURNAL,
    Ended,
    Note,
    PlannedTest,
    Replay,
    Started,
    record_of,
    stamp,
    write_record,
)
from defcore.run.record import Attempt, Cloud, Engine, Failure, Outcome, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defcore.guideline.model import Guideline
    from defcore.importing.names import Group
    from defcore.importing.sources import Foreign
    from defcore.importing.told import Told
    from defcore.run.record import RunRecord

UNKNOWN = "unknown"
DAY = 86400.0
_SHOWN = 5
_VARYING = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{16,}|\d{5,}")
_CAUSE = 200


@dataclass(frozen=True, slots=True)
class Words:
    """What the user says beside the file: how the cloud is called, and what the run is to be scored with."""

    cloud: str = UNKNOWN
    guideline: str | None = None
    program: str | None = None


def gather(foreign: Foreign, guideline: Guideline, words: Words, *, run_id: str, now: float) -> Replay:
    """Make of foreign results what a journal would tell: each outcome is an attempt, and a test's worst will count.

    ``now`` (UNIX seconds) stands where the source tells no time. What befell a class of tests at its beginning befell
    each of its tests in ``guideline``. Raises InputError when the guideline has none of the tests.
    """
    told, notes = _spread(foreign.told, guideline)
    times, timed = _times(told, now, notes)
    plan: dict[str, PlannedTest] = {}
    attempts: dict[str, dict[int, Attempt]] = {}
    for item, began in zip(told, times, strict=True):
        test_id, name = identify(item.name)
        if test_id not in plan:
            plan[test_id] = PlannedTest(id=test_id, name=name, implementation=implementation(name))
        tries = attempts.setdefault(test_id, {})
        tries[len(tries) + 1] = _attempt(item, stamp(began))
    strangers = _strangers(plan.values(), guideline)
    if len(strangers) == len(plan):
        what = f"none of its tests ({len(plan)}) is in guideline {guideline.id}"
        hint = "name the guideline that they are for with --guideline"
        raise InputError("no-known-test", what, where=foreign.file, hint=hint)
    if strangers:
        notes.append(f"{len(strangers)} of {len(plan)} tests are not in guideline {guideline.id}: {_some(strangers)}")
    if again := sum(len(tries) > 1 for tries in attempts.values()):
        notes.append(f"{again} of {len(plan)} tests have more than one outcome: the worst of each counts")
    end = stamp(max(began + (item.seconds or 0) for item, began in zip(told, times, strict=True)))
    makers = Counter(test.implementation for test in plan.values())
    about = {"format": foreign.format, "file": foreign.file, "digest": foreign.digest, "lacks": foreign.lacks}
    head = Started(
        id=run_id,
        at=stamp(min(times)),
        cloud=Cloud(name=words.cloud, auth_url=""),
        engine=Engine(name=makers.most_common(1)[0][0], version=UNKNOWN),
        partial=False,
        selection=f"imported from {foreign.format} (sha256 {foreign.digest})",
        guideline=words.guideline,
        program=words.program,
        programs=(words.program,) if words.program else (),
        source=Source.model_validate(about | {"timed": timed}),
        plan=tuple(plan.values()),
    )
    ended = Ended(at=end, interrupted=any(item.cut for item in told))
    return Replay(head, attempts, [*foreign.notes, *notes], ended)


def write(told: Replay, out: Path) -> RunRecord:
    """Write the run directory that tells this, which is new or empty: whole, or not at all. Raises InputError."""
    beside = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        (beside / JOURNAL).write_bytes(b"".join(line.encode() + b"\n" for line in _lines(told)))
        record = write_record(beside, record_of(told))
        beside.rename(out)
    except OSError as error:
        taken = error.errno in (errno.ENOTEMPTY, errno.EEXIST) and out.is_dir()
        what = "is not empty; a run needs a directory of its own" if taken else f"cannot be written: {error.strerror}"
        hint = "name another directory with -o"
        raise InputError("not-empty" if taken else "cannot-write", what, where=str(out), hint=hint) from error
    finally:
        if beside:
            shutil.rmtree(beside, ignore_errors=True)
    return record


def _lines(told: Replay) -> Iterator[str]:
    """Yield the lines of the journal. Those of attempts are put together here: they are many, and it is far quicker."""
    yield told.head.model_dump_json(exclude_none=True)
    for test_id, tries in told.attempts.items():
        for number, attempt in tries.items():
            result = attempt.model_dump_json(exclude_none=True)
            yield f'{{"event":"test-finished","id":"{test_id}","attempt":{number},"result":{result}}}'
    if told.ended:
        for note in told.notes:
            yield Note(at=told.ended.at, message=note).model_dump_json()
        yield told.ended.model_dump_json(exclude_none=True)


def _spread(told: Iterable[Told], guideline: Guideline) -> tuple[list[Told], list[str]]:
    """Give what befell a class as a whole to its tests; what befell it when all was over is a note."""
    found: list[Told] = []
    notes: list[str] = []
    for item in told:
        group = group_of(item.name)
        if group is None:
            found.append(item)
            continue
        members = _members(group, guideline) if group.setup and item.outcome is not Outcome.PASSED else []
        found += [item._replace(name=name) for name in members]
        if item.outcome is not Outcome.PASSED:
            why = (item.reason or item.trace or "no reason was told").splitlines()[-1]
            tests = f"{len(members)} test{'s' if len(members) > 1 else ''} of the guideline"
            told_of = f"; that is the outcome of {tests}" if members else ""
            notes.append(f"{item.name}: {item.outcome.value}: {why[:_CAUSE]}{told_of}")
    return found, notes


def _members(group: Group, guideline: Guideline) -> list[str]:
    tests = {test.id: test for capability in guideline.capabilities for test in capability.tests}
    return [
        f"{test.name}[id-{test.id}]"
        for test in tests.values()
        if any(group.holds(name) for name in (test.name, *test.aliases))
    ]


def _times(told: Iterable[Told], now: float, notes: list[str]) -> tuple[list[float], bool]:
    """Return when each test began, and whether any is told: else with the first of the others, or else now."""
    known = [item.started for item in told if item.started is not None]
    if known and max(known) > now + DAY:
        notes.append("it tells times that are still to come: the time of the import stands in their place")
        known = []
    first = min(known, default=now)
    return [item.started if known and item.started is not None else first for item in told], bool(known)


def _attempt(item: Told, began: str) -> Attempt:
    failure = None
    if item.outcome in (Outcome.FAILED, Outcome.ERROR) and not item.cut:
        failure = _failure(item)
    return Attempt(
        outcome=item.outcome,
        started=began,
        seconds=item.seconds or 0,
        cut=item.cut,
        reason=None if failure else item.reason,
        failure=failure,
    )


def _failure(item: Told) -> Failure:
    lines = (item.reason or item.trace or "").strip().splitlines()
    said = (lines[0] if item.reason else lines[-1]) if lines else "no reason was told"
    return Failure(
        cause=_VARYING.sub("…", said)[:_CAUSE],
        message=item.reason or said,
        trace=item.trace,
        kind="answer" if item.outcome is Outcome.FAILED else "trouble",
    )


def _strangers(tests: Iterable[PlannedTest], guideline: Guideline) -> tuple[str, ...]:
    """Return what the guideline has neither by id, nor by name, nor by an earlier name."""
    theirs = [test for item in guideline.capabilities for test in item.tests]
    names = {name for test in theirs for name in (test.name, *test.aliases)}
    own = {test.id for test in theirs} | {nameless_id(name) for name in names}
    return tuple(test.name for test in tests if test.id not in own)


def _some(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest
