"""Follows the journal of a run: one that is going on, in this process or another, or one that has ended. Read-only."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.run.journal import JOURNAL, Ended, Resumed, Started, TestFinished, TestStarted, parse_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from defcore.run.journal import AnyEvent
    from defcore.run.record import Attempt

POLL = 0.1
"""Seconds between two looks at a journal that has nothing new."""


@dataclass(frozen=True, slots=True)
class Step:
    """A test has ended: which, how, and how far the run is. ``left`` is a guess in seconds; ``at`` is the moment."""

    name: str
    attempt: Attempt
    at: float
    done: int
    total: int
    counts: dict[str, int]
    left: float


class Tracker:
    """Keeps the state of a run, event by event."""

    def __init__(self) -> None:
        """Begin before the header."""
        self.head: Started | None = None
        self.ended: Ended | None = None
        self._names: dict[str, str] = {}
        self._total = 0
        self._finished: dict[str, str] = {}
        self._since = self._last = 0.0
        self._new = 0

    @property
    def seconds(self) -> float:
        """How long the run has taken since it was begun, or gone on with, until its last event."""
        return max(self._last - self._since, 0)

    def take(self, event: AnyEvent) -> Step | None:
        """Take the next event; return a step when a test has ended."""
        if isinstance(event, Started):
            self.head, self._since = event, _seconds(event.at)
            self._last = self._since
            self._names = {test.id: test.name for test in event.plan}
            self._total = sum(test.missing is None for test in event.plan)
        elif isinstance(event, Resumed):
            self.ended, self._since, self._new = None, _seconds(event.at), 0
            self._last = self._since
        elif isinstance(event, Ended):
            self.ended, self._last = event, _seconds(event.at)
        elif isinstance(event, TestStarted):
            # Tried once more, it is open again.
            self._finished.pop(event.id, None)
        elif isinstance(event, TestFinished):
            return self._step(event)
        return None

    def _step(self, event: TestFinished) -> Step:
        self._finished[event.id] = event.result.outcome.value
        self._new += 1
        done = len(self._finished)
        at = _seconds(event.result.started) + event.result.seconds
        self._last = max(at, self._last)
        left = self.seconds / self._new * max(self._total - done, 0)
        name = self._names.get(event.id, event.id)
        counts = dict(sorted(Counter(self._finished.values()).items()))
        return Step(name, event.result, at, done, self._total, counts, left)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def follow(run: Path, over: Callable[[], bool], sleep: Callable[[float], None] = time.sleep) -> Iterator[AnyEvent]:
    """Give the events of a run's journal as they come, until ``over`` says so and all that stands there was given.

    Raises InputError with file and line for what is no event.
    """
    path = run / JOURNAL
    place, number = 0, 0
    while True:
        # Asked before the look: what was written until then is seen.
        last = over()
        for line in _new_lines(path, place):
            place += len(line) + 1
            number += 1
            yield parse_event(line, f"{path}:{number}")
        if last:
            return
        sleep(POLL)


def _new_lines(path: Path, place: int) -> list[bytes]:
    """Read the whole lines from ``place`` on; what is cut off is looked at again, for it may be dropped."""
    try:
        with path.open("rb") as file:
            file.seek(place)
            return file.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError("unreadable", f"cannot be read: {error.strerror}", where=str(path)) from error


def line_of(run: Path, event: AnyEvent) -> dict[str, Any]:
    """Give an event as a line of the event stream: the journal's own, and ``run``, the run directory."""
    return {"run": str(run), **event.model_dump(mode="json", exclude_none=True)}


def line_of_step(run: Path, step: Step) -> dict[str, Any]:
    """Give a step as a line of the event stream."""
    return {
        "run": str(run),
        "event": "progress",
        "done": step.done,
        "total": step.total,
        "counts": step.counts,
        "seconds_left": round(step.left, 1),
    }
