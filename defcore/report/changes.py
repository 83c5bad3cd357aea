"""What changed since the run that another is measured by, in words: new trouble, known trouble with its age."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from defcore.report.words import line, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.run.baseline import Change, Comparison


def lines(comparison: Comparison, now: str) -> Iterator[str]:
    """Say it line by line, the new trouble first; ``now`` is when the run was begun, from which ages count."""
    baseline = comparison.baseline
    yield (
        f"measured by run {line(baseline.id)} of {baseline.started[:10]}: "
        f"{len(comparison.worse)} worse, {len(comparison.known)} known, {len(comparison.better)} better"
    )
    yield from (
        f"worse: {line(change.name)}: {before(change)} before, {word(change)} now" for change in comparison.worse
    )
    yield from (f"known: {line(change.name)}: {word(change)}, {age(change, now)}" for change in comparison.known)
    yield from (f"better: {line(change.name)}: {before(change)} before, passed now" for change in comparison.better)


def word(change: Change) -> str:
    """Name the outcome of a test now."""
    return change.now.value.replace("_", " ")


def before(change: Change) -> str:
    """Name the outcome of a test in the earlier run."""
    return change.before.value.replace("_", " ") if change.before else "not there"


def age(change: Change, now: str) -> str:
    """Say since when it is known, and how many days that is."""
    if change.since is None:
        return "known"
    days = (datetime.fromisoformat(now) - datetime.fromisoformat(change.since.at)).days
    return f"since {change.since.at[:10]} ({plural(max(days, 0), 'day')}, run {line(change.since.run)})"
