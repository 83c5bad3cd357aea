"""``journal.jsonl``: the truth about a run. A header, one line an event, a footer; flushed with each line.

Kill the process anywhere: what was finished stands there, and a journal that was cut off is known as one.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from defcore.errors import InputError
from defcore.run.lines import append, read_lines
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, Stamp, TestId, TestResult, Wire, worst
from defcore.strictjson import show

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


class Started(Wire):
    """The header: everything that is known before the first test."""

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


class Ended(Wire):
    """The footer. ``interrupted`` when the user ended the run before its time."""

    event: Literal["run-ended"] = "run-ended"
    at: Stamp
    interrupted: bool = False


Event = Annotated[Started | TestStarted | TestFinished | Note | Ended, Field(discriminator="event")]
_EVENT: TypeAdapter[Started | TestStarted | TestFinished | Note | Ended] = TypeAdapter(Event)


def stamp(seconds: float) -> str:
    """Write UNIX seconds as RFC 3339 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Journal:
    """Appends events; workers and the runner share the file."""

    def __init__(self, run: Path) -> None:
        """Open (or begin) the journal of a run directory."""
        self._file = os.open(run / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, event: Wire) -> None:
        """Append one event. Raises InputError when the disk does not take it."""
        append(self._file, event.model_dump(mode="json", exclude_none=True))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read(run: Path) -> list[Started | TestStarted | TestFinished | Note | Ended]:
    """Read the whole events of a journal. Raises InputError with file and line for one that is no journal."""
    path = run / JOURNAL
    events = []
    for number, line in enumerate(read_lines(path).lines, start=1):
        try:
            events.append(_EVENT.validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            what = f"is not an event of a journal: {show(first['loc'])}: {first['msg']}"
            raise InputError("bad-journal", what, where=f"{path}:{number}") from error
    if not events or not isinstance(events[0], Started):
        hint = "the run was ended before it began; start it again"
        raise InputError("bad-journal", "has no header", where=str(path), hint=hint)
    return events


def rebuild(run: Path) -> RunRecord:
    """Make the run record from the journal, as far as it got."""
    events = read(run)
    head = events[0]
    assert isinstance(head, Started)  # noqa: S101 - read() has seen to it
    attempts: dict[str, dict[int, Attempt]] = {}
    begun: dict[str, dict[int, str]] = {}
    ended: Ended | None = None
    notes = []
    for event in events[1:]:
        if isinstance(event, TestStarted):
            begun.setdefault(event.id, {})[event.attempt] = event.at
        elif isinstance(event, TestFinished):
            attempts.setdefault(event.id, {})[event.attempt] = event.result
        elif isinstance(event, Note):
            notes.append(event.message)
        elif isinstance(event, Ended):
            ended = event
    for test_id, times in begun.items():
        for number, at in times.items():
            if number not in attempts.get(test_id, {}):
                cut = Attempt(outcome=Outcome.ERROR, started=at, seconds=0, reason="the run was cut off in this test")
                attempts.setdefault(test_id, {})[number] = cut
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
        results=tuple(_result(test, attempts.get(test.id, {})) for test in head.plan),
        notes=tuple(notes),
    )


def _result(test: PlannedTest, attempts: dict[int, Attempt]) -> TestResult:
    tries = tuple(attempts[number] for number in sorted(attempts))
    outcome = worst([item.outcome for item in tries])
    reason = test.missing or (None if tries else "the run ended before it")
    return TestResult(
        id=test.id, name=test.name, outcome=outcome, revision=test.revision, attempts=tries, reason=reason
    )


def write_record(run: Path) -> RunRecord:
    """Rebuild ``run.json``; it is replaced as a whole or not at all."""
    record = rebuild(run)
    beside = run / f".{RECORD}.{os.getpid()}"
    text = json.dumps(record.model_dump(mode="json", exclude_none=True), indent=1, ensure_ascii=False)
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
