"""What a foreign source tells of one go at one test, before it becomes an attempt of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from defcore.run.record import Outcome

MAX_TEXT = 8_000
"""Characters of a traceback that are kept: its end, where the error stands."""


class Told(NamedTuple):
    """One outcome of one test. ``name`` is the test as the source spells it, ids and tags in brackets among it.

    ``started`` is UNIX seconds and ``seconds`` wall time, both None where the source does not say. ``reason`` is what
    there is to say of it in short, ``trace`` what the test printed when it did not pass. ``cut``: it began, and the
    source ends before it did.
    """

    name: str
    outcome: Outcome
    started: float | None = None
    seconds: float | None = None
    reason: str | None = None
    trace: str | None = None
    cut: bool = False


def moment(text: str) -> float | None:
    """Read a date with its time as UNIX seconds; without a zone it is UTC. None: it is none, or before 1970."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    seconds = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return seconds if seconds >= 0 else None
