"""The progress of a run on a terminal, or in plain lines where there is none."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from defcore.run.plan import Plan
    from defcore.run.record import RunRecord
    from defcore.run.runner import Progress

WIDTH = 28


class Bar:
    """Draws on stderr: a bar while tests run, and each test that did not pass as it comes."""

    def __init__(self) -> None:
        """Look whether stderr is a terminal."""
        self._live = sys.stderr.isatty()
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

    def started(self, plan: Plan, out: Path) -> None:
        """Say what will run, and where it is written."""
        self._began = time.monotonic()
        click.echo(f"{len(plan.tests)} tests ({plan.selection}), written to {out}", err=True)

    def progress(self, step: Progress) -> None:
        """Count a test; show it when it did not pass."""
        outcome = step.attempt.outcome.value
        self._counts[outcome] += 1
        if outcome != "passed":
            self._wipe()
            click.echo(f"{outcome.replace('_', ' '):>11}  {step.test.node.partition('::')[2]}", err=True)
            click.echo(f"{'':>11}  {step.attempt.reason}", err=True)
        if self._live:
            self._draw(step)
        elif step.done % 10 == 0 or step.done == step.total:
            click.echo(f"{step.done}/{step.total} done, {self._words()}", err=True)

    def summary(self, record: RunRecord) -> None:
        """Say how it ended, in one line."""
        counts = Counter(item.outcome.value for item in record.results)
        words = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items()))
        requests = sum(item.requests for result in record.results for item in result.attempts)
        retries = sum(item.retries for result in record.results for item in result.attempts)
        took = time.monotonic() - self._began
        click.echo(f"{words}; {requests} requests, {retries} of them retries, {took:.1f} s", err=True)
        for note in record.notes:
            click.echo(f"note: {note}", err=True)

    def _draw(self, step: Progress) -> None:
        filled = WIDTH * step.done // step.total
        took = time.monotonic() - self._began
        left = took / step.done * (step.total - step.done)
        bar = "━" * filled + "╌" * (WIDTH - filled)
        click.echo(
            f"\r{bar} {step.done}/{step.total}  {self._words()}  about {left:.0f} s left \x1b[K", err=True, nl=False
        )

    def _words(self) -> str:
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(self._counts.items()))

    def _wipe(self) -> None:
        if self._live:
            click.echo("\r\x1b[K", err=True, nl=False)
