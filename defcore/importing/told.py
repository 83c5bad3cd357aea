"""What a foreign source tells of one go at one test, before it becomes an attempt of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.run.record import Outcome

MAX_TEXT = 8_000
"""Characters of a traceback that are kept: its end, where the error stands."""


@dataclass(frozen=True, slots=True)
class Told:
    """One outcome of one test. ``name`` is the test as the source spells it, ids and tags in brackets among it.

    ``started`` is UNIX seconds and ``seconds`` wall time, both None where the source does not say. ``trace`` is what
    the test printed when it did not pass. ``cut``: it began, and the source ends before it did.
    """

    name: str
    outcome: Outcome
    started: float | None = None
    seconds: float | None = None
    reason: str | None = None
    trace: str | None = None
    cut: bool = False
