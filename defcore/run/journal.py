"""``journal.jsonl``: the truth about a run. A header, one line an event, a footer; flushed with each line.

Kill the process anywhere: what was finished stands there, and a journal that was cut off is known as one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from defcore.errors import InputError
from defcore.run.lines import append, read_lines
from defcore.run.record import (
    Attempt,
    Cloud,
    Engine,
    Outcome,
    RunRecord,
    Source,
    Stamp,
    TestId,
    TestResult,
    Wire,
    decide,
    worst,
)
from defcore.strictjson import first_wrong

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL = "journal.jsonl"
RECORD = "run.json"


class PlannedTest(Wire):
    """A test that the run is about; ``missing`` says why it cannot be run at all."""

    id: TestId
    name: str
    revision: int = 1
    missing: str | None = None
    implementation: str | None = None


class Started(Wire):
    """The header: what is known before the first test.

    ``entries`` maps a role to its entry of ``clouds.yaml``; ``program`` is the first of ``programs``; ``pins`` are the
    user's choices of image, flavor and the like.
    """

    event: Literal["run-started"] = "run-started"
    format: Literal["defcore-journal/1"] = "defcore-journal/1"
    id: str
    at: Stamp
    cloud: Cloud
    engine: Engine
    partial: bool
    selection: str
    guideline: str | None = None
    program: str | None = None
    programs: tuple[str, ...] = ()
    entries: dict[str, str] = Field(default_factory=dict)
    pins: dict[str, str] = Field(default_factory=dict)
    source: Source | None = None
    plan: tuple[PlannedTest, ...]


class TestStarted(Wire):
    """A test begins its attempt."""

    __test__ = False

    event: Literal["test-started"] = "test-started"
    id: TestId
    attempt: int = Field(ge=1)
    at: Stamp


class TestFinished(Wire):
    """A test ended its attempt."""

    __test__ = False

    event: Literal["test-finished"] = "test-finished"
    id: TestId
    attempt: int = Field(ge=1)
    result: Attempt


class Note(Wire):
    """Something about the run as a whole."""

    event: Literal["note"] = "note"
    at: Stamp
    message: str


class Resumed(Wire):
    """The run goes on after it was cut off; ``torn`` bytes of an unfinished line were dropped."""

    event: Literal["run-resumed"] = "run-resumed"
    at: Stamp
    torn: int = Field(default=0, ge=0)


class Ended(Wire):
    """The footer. ``interrupted`` when the run was ended before its time; ``void`` says why it is no result.

    ``spent`` counts the requests beside the tests: those that ended what the tests shared.
    """

    event: Literal["run-ended"] = "run-ended"
    at: Stamp
    interrupted: bool = False
    spent: int = 0
    void: str | None = None


AnyEvent = Started | TestStarted | TestFinished | Note | Resumed | Ended


@cache
def _event() -> TypeAdapter[AnyEvent]:
    return TypeAdapter(Annotated[AnyEvent, Field(discriminator="event")])


def stamp(seconds: float) -> str:
    """Write UNIX seconds as RFC 3339 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Journal:
    """Appends events; workers and the runner share the file."""

    def __init__(self, run: Path) -> None:
        """Open (or begin) the journal of a run directory."""
        self._path = run / JOURNAL
        self._file = os.open(run / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, event: Wire) -> None:
        """Append one event. Raises InputError when the disk does not take it."""
        append(self._file, event.model_dump(mode="json", exclude_none=True))

    def mend(self) -> int:
        """Drop what was cut off of the last line, so that the next one begins afresh; return how many bytes."""
        torn = read_lines(self._path).torn
        if torn:
            os.truncate(self._path, self._path.stat().st_size - torn)
        return torn

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read(run: Path) -> list[AnyEvent]:
    """Read the whole events of a journal. Raises InputError with file and line for one that is no journal."""
    path = run / JOURNAL
    events = []
    for number, line in enumerate(read_lines(path).lines, start=1):
        events.append(parse_event(line, f"{path}:{number}"))
    if not events or not isinstance(events[0], Started):
        hint = "the run was ended before it began; start it again"
        raise InputError("bad-journal", "has no header", where=str(path), hint=hint)
    return events


def parse_event(line: bytes, where: str) -> AnyEvent:
    """Read one line of a journal; ``where`` is its file and line, for the InputError."""
    try:
        return _event().validate_json(line)
    except ValidationError as error:
        what = f"is not an event of a journal: {first_wrong(error)}"
        raise InputError("bad-journal", what, where=where) from error


@dataclass(slots=True)
class Replay:
    """What a journal tells, gathered: ``attempts`` by test id and number, cut-off ones among them."""

    head: Started
    attempts: dict[str, dict[int, Attempt]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    ended: Ended | None = None

    def todo(self) -> list[PlannedTest]:
        """Return the tests that can be run and of which no attempt came to its end."""
        return [
            test
            for test in self.head.plan
            if test.missing is None and all(item.cut for item in self.attempts.get(test.id, {}).values())
        ]

    def next_attempt(self, test_id: str) -> int:
        """Return the number of the next attempt at a test."""
        return max(self.attempts.get(test_id, {}), default=0) + 1


def replay(run: Path) -> Replay:
    """Read a journal and gather what it tells, as far as it got."""
    events = read(run)
    head = events[0]
    assert isinstance(head, Started)  # noqa: S101 - read() has seen to it
    told = Replay(head)
    for event in events[1:]:
        if isinstance(event, TestStarted):
            cut = Attempt(
                outcome=Outcome.ERROR, started=event.at, seconds=0, cut=True, reason="the run was cut off in this test"
            )
            told.attempts.setdefault(event.id, {}).setdefault(event.attempt, cut)
        elif isinstance(event, TestFinished):
            told.attempts.setdefault(event.id, {})[event.attempt] = event.result
        elif isinstance(event, Note):
            told.notes.append(event.message)
        elif isinstance(event, Resumed):
            told.ended = None
        elif isinstance(event, Ended):
            told.ended = event
    return told


def rebuild(run: Path) -> RunRecord:
    """Make the run record from the journal, as far as it got."""
    return record_of(replay(run))


def record_of(told: Replay) -> RunRecord:
    """Make the run record of what a journal tells."""
    head, ended = told.head, told.ended
    return RunRecord(
        id=head.id,
        started=head.at,
        ended=ended.at if ended else None,
        complete=ended is not None and not ended.interrupted,
        partial=head.partial,
        selection=head.selection,
        guideline=head.guideline,
        program=head.program,
        cloud=head.cloud,
        engine=head.engine,
        void=ended.void if ended else None,
        source=head.source,
        results=tuple(_result(test, told.attempts.get(test.id, {}), head) for test in head.plan),
        notes=tuple(told.notes),
    )


def _result(test: PlannedTest, attempts: dict[int, Attempt], head: Started) -> TestResult:
    tries = tuple(attempts[number] for number in sorted(attempts))
    reason = test.missing or (None if tries else "the run ended before it")
    # Why a foreign test was tried again nobody can tell: its errors give way to nothing.
    outcome = worst([item.outcome for item in tries]) if head.source else decide(tries)
    return TestResult(
        id=test.id,
        name=test.name,
        outcome=outcome,
        implementation=test.implementation or head.engine.name,
        revision=test.revision,
        attempts=tries,
        reason=reason,
    )


def write_record(run: Path, record: RunRecord | None = None) -> RunRecord:
    """Rebuild ``run.json`` (or write ``record``, which is the same); it is replaced as a whole or not at all."""
    record = record or rebuild(run)
    beside = run / f".{RECORD}.{os.getpid()}"
    text = record.model_dump_json(indent=1, exclude_none=True)
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(run / RECORD)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError("cannot-write", f"cannot be written: {error.strerror}", where=str(run / RECORD)) from error
    return record
