"""The progress of a run on a terminal, or in plain lines where there is none."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from defcore.run.crew import Progress
    from defcore.run.follow import Step
    from defcore.run.record import Attempt, RunRecord

WIDTH = 28


class Bar:
    """Draws on stderr: a bar while tests run, and each test that did not pass as it comes.

    With a ``label`` (one of several clouds) there is no bar, and each line begins with it.
    """

    def __init__(self, label: str = "") -> None:
        """Look whether stderr is a terminal that somebody watches; the logs of CI are none."""
        dumb = os.environ.get("CI") or os.environ.get("TERM") == "dumb"
        self._live = sys.stderr.isatty() and not dumb and not label
        self._label = f"{label}: " if label else ""
        self._began = time.monotonic()
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wipe the bar."""
        self._wipe()

    def started(self, count: int, selection: str, out: Path) -> None:
        """Say what will run, and where it is written."""
        self._began = time.monotonic()
        self._say(f"{count} tests ({selection}), written to {out}")

    def progress(self, step: Progress) -> None:
        """Count a test that this process ran; show it when it did not pass."""
        self._counts[step.attempt.outcome.value] += 1
        took = time.monotonic() - self._began
        left = took / step.done * (step.total - step.done)
        self._ended(step.name, step.attempt, step.done, step.total, left)

    def follow(self, step: Step) -> None:
        """Show a test of which a journal tells."""
        self._counts = Counter(step.counts)
        self._ended(step.name, step.attempt, step.done, step.total, step.left)

    def summary(self, record: RunRecord, seconds: float | None = None) -> None:
        """Say how it ended, in one line. Without ``seconds`` it took as long as we have watched it."""
        counts = Counter(item.outcome.value for item in record.results)
        words = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items()))
        requests = sum(item.requests for result in record.results for item in result.attempts)
        retries = sum(item.retries for result in record.results for item in result.attempts)
        took = time.monotonic() - self._began if seconds is None else seconds
        self._say(f"{words}; {requests} requests, {retries} of them retries, {took:.1f} s")
        if record.void:
            self._say(f"this run is no result: {record.void}")
        for note in record.notes:
            self._say(f"note: {note}")

    def _ended(self, name: str, attempt: Attempt, done: int, total: int, left: float) -> None:
        outcome = attempt.outcome.value
        if outcome != "passed":
            self._wipe()
            self._say(f"{outcome.replace('_', ' '):>11}  {name}")
            self._say(f"{'':>11}  {attempt.reason}")
        if self._live:
            filled = WIDTH * done // max(total, 1)
            bar = "━" * filled + "╌" * (WIDTH - filled)
            line = f"\r{bar} {done}/{total}  {self._words()}  about {left:.0f} s left \x1b[K"
            click.echo(line, err=True, nl=False)
        elif done % 10 == 0 or done == total:
            self._say(f"{done}/{total} done, {self._words()}")

    def _say(self, line: str) -> None:
        click.echo(f"{self._label}{line}", err=True)

    def _words(self) -> str:
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(self._counts.items()))

    def _wipe(self) -> None:
        if self._live:
            click.echo("\r\x1b[K", err=True, nl=False)
