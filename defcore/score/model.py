"""A scorecard: the two verdicts and everything that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.guideline.model import State
    from defcore.run.record import Outcome


class Interop(StrEnum):
    """Does the cloud do what the guideline asks? Exit codes 0, 1, 3."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNTESTED = "untested"

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 pass, 1 fail, 3 untested."""
        return {Interop.PASS: 0, Interop.FAIL: 1, Interop.UNTESTED: 3}[self]


class Mark(StrEnum):
    """May the product carry the mark?"""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not-eligible"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class TestScore:
    """One test of the guideline in this run. ``matched`` is ``id``, ``name``, ``alias`` or None (not in the run)."""

    __test__ = False

    id: str
    name: str
    outcome: Outcome
    flagged: bool
    matched: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CapabilityScore:
    """One capability of the program. ``verdict`` follows the same lattice as the program's."""

    name: str
    description: str
    status: State
    verdict: Interop
    tests: tuple[TestScore, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of distinct ids. ``required`` = unflagged must-pass ids; the outcomes count among those."""

    required: int
    passed: int
    failed: int
    error: int
    skipped: int
    unsupported: int
    not_run: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is. ``about`` is ``interop`` or ``mark``; ``code`` is for scripts."""

    about: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What one run means under one guideline for one program, on one date."""

    guideline: str
    guideline_digest: str
    guideline_status: str
    authority: str
    mark_name: str
    label: str
    program: str
    program_name: str
    date: str
    interop: Interop
    mark: Mark
    level: str
    reasons: tuple[Reason, ...]
    tests: Counts
    capabilities: tuple[CapabilityScore, ...]
    findings: tuple[str, ...]
