"""What a proof has tried, in a file that is the truth: one line of JSON a trial, so that it can be gone on with."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Literal

from pydantic import Field, TypeAdapter, ValidationError

from defcore.errors import InputError
from defcore.run.lines import read_lines
from defcore.run.record import Digest, Outcome, TestId, Wire
from defcore.strictjson import first_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TRIALS = "trials.jsonl"
Verdict = Literal["killed", "survived", "beside", "setup", "error", "unmet"]


class Head(Wire):
    """What the proof is about. ``kinds`` and ``variations`` are ids; ``suite_digest`` names the exact tests."""

    event: Literal["head"] = "head"
    format: Literal["defcore-proof/1"] = "defcore-proof/1"
    suite_digest: Digest
    run: str
    cloud: str
    selection: str
    kinds: tuple[str, ...]
    variations: tuple[str, ...]
    tests: tuple[TestId, ...]


class Clean(Wire):
    """A test with nothing armed, and the faults (operation, kind) that would alter what it judged."""

    event: Literal["clean"] = "clean"
    test: TestId
    outcome: Outcome
    reason: str | None = None
    seconds: float = Field(ge=0)
    applicable: tuple[tuple[str, str], ...] = ()


class Trial(Wire):
    """A test with one fault armed. ``met``: it altered an answer. ``beside``: the failure names another exchange.

    Only ``killed`` counts: the test's own check of an altered answer failed, in what it judges. ``setup``: the lie
    broke what the class of a test of Tempest sets up. ``replayed``: on the answers of its clean run, not on the cloud.
    """

    event: Literal["trial"] = "trial"
    test: TestId
    operation: str
    kind: str
    verdict: Verdict
    reason: str | None = None
    seconds: float = Field(ge=0)
    replayed: bool = False


class Varied(Wire):
    """A test with an allowed variation applied: it must pass."""

    event: Literal["varied"] = "varied"
    test: TestId
    variation: str
    outcome: Outcome
    reason: str | None = None
    seconds: float = Field(ge=0)


Event = Head | Clean | Trial | Varied
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def line(event: Event) -> bytes:
    """Write one event."""
    return json.dumps(event.model_dump(mode="json"), ensure_ascii=False).encode() + b"\n"


def read(folder: Path) -> tuple[Head, list[Event]]:
    """Read a proof; a last line that was cut off is passed over. Raises InputError with file and line."""
    path = folder / TRIALS
    hint = "name a directory that 'defcore suite prove' wrote"
    if not path.is_file():
        raise InputError("no-proof", f"there is no {TRIALS}", where=str(folder), hint=hint)
    events: list[Event] = []
    for number, found in enumerate(read_lines(path).lines, start=1):
        try:
            events.append(_EVENT.validate_json(found))
        except ValidationError as error:
            what = f"is no line of a proof: {first_wrong(error)}"
            raise InputError("bad-proof", what, where=f"{path}:{number}", hint=hint) from error
    if not events or not isinstance(events[0], Head):
        raise InputError("bad-proof", "does not begin with what it is about", where=str(path), hint=hint)
    return events[0], events[1:]


def done(
    events: Sequence[Event],
) -> tuple[dict[str, Clean], dict[tuple[str, str, str], Trial], dict[tuple[str, str], Varied]]:
    """Sort events: clean runs by test, trials by (test, operation, kind), variations by (test, id); the last counts."""
    return (
        {item.test: item for item in events if isinstance(item, Clean)},
        {(item.test, item.operation, item.kind): item for item in events if isinstance(item, Trial)},
        {(item.test, item.variation): item for item in events if isinstance(item, Varied)},
    )


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    """Give the file of trials, to append to; what was cut off of its last line is dropped first."""
    path = folder / TRIALS
    if torn := read_lines(path).torn:
        os.truncate(path, path.stat().st_size - torn)
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        yield number
    finally:
        os.close(number)
