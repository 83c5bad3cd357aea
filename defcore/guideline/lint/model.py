"""What a rule is, what it is shown, and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from defcore.guideline.dialects import dialect_of
from defcore.guideline.model import Guideline, GuidelineFile, State, Status
from defcore.guideline.refs import Reference, references
from defcore.strictjson import loads

if TYPE_CHECKING:
    from defcore.guideline.lint.rules.editions import Edition
    from defcore.guideline.model import Capability, Repair, Test
    from defcore.strictjson import Json, Path


class Severity(StrEnum):
    """How bad a finding is: an error must be mended or justified, a warning looked at, an info known."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Looks(StrEnum):
    """What a rule looks at: one guideline, one and its predecessor, several, or the history of a repository."""

    FILE = "file"
    PAIR = "pair"
    SET = "set"
    HISTORY = "history"
    LINT = "lint"
    """The linter itself: files it cannot read, exceptions."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule sees. ``subject`` names one thing, so that an exception can be made for it; ``path`` is its place.

    ``path`` is told in terms of schema 2.0 and turned into the file's own; a ``repair`` knows its place by itself.
    """

    subject: str
    message: str
    path: Path = ()
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule. ``line`` counts from 1, 0 where there is none; ``path`` is the JSON path in the file."""

    rule: str
    severity: Severity
    subject: str
    message: str
    file: str
    path: str
    line: int = 0


@dataclass(frozen=True)
class Subject:
    """A guideline as rules see it: the model, and what they all ask of it, worked out once.

    ``proof`` says of tests, by id, how many faults each noticed, of how many that applied; None: nobody asks for it.
    """

    source: GuidelineFile
    proof: Mapping[str, tuple[int, int]] | None = None

    @property
    def guideline(self) -> Guideline:
        """Return the model."""
        return self.source.guideline

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return self.source.provenance.file

    @cached_property
    def raw(self) -> Json:
        """Return the file's JSON as its bytes stand."""
        return loads(self.source.provenance.content, self.file)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Return the components of other files, resolved."""
        return references(self.source)

    @cached_property
    def states(self) -> dict[str, State]:
        """Map a capability's name to the strictest state that a component gives it."""
        found: dict[str, State] = {}
        for component in self.guideline.components:
            for state, names in component.capabilities:
                for name in names:
                    found[name] = min(found.get(name, state), state, key=lambda item: item.rank)
        return found

    def named(self, *states: State) -> tuple[Capability, ...]:
        """Return the capabilities in these states, in the guideline's order."""
        return tuple(item for item in self.guideline.capabilities if self.states.get(item.name) in states)

    @property
    def required(self) -> tuple[Capability, ...]:
        """Return the required capabilities."""
        return self.named(State.REQUIRED)

    @property
    def series(self) -> str:
        """Name what the guideline is the next of: ``""`` for platforms, ``dns`` and the like for an add-on."""
        match = _ID.fullmatch(self.guideline.id)
        return (match["series"] or "").rstrip(".") if match else self.guideline.id

    @property
    def month(self) -> str | None:
        """Return year and month of approval (``2020.06``) as the id has it (D4), or else the target; None for a draft
        without either.
        """  # noqa: D205 - one sentence
        match = _ID.fullmatch(self.guideline.id)
        if match and match["month"]:
            return match["month"]
        target = _TARGET.search(self.guideline.target_approval or "")
        return f"{target[1]}.{target[2]}" if target else None

    @property
    def decided(self) -> bool:
        """Tell whether it is or was approved."""
        return self.guideline.status in (Status.APPROVED, Status.SUPERSEDED)

    def place(self, path: Path) -> Path:
        """Return where this file has what schema 2.0 has at ``path``."""
        dialect = dialect_of(self.raw)
        return dialect.place(path) if dialect else path


@dataclass(frozen=True, slots=True)
class Pair:
    """A guideline and the one that it follows; tests are matched by id, and by name where one knows no ids."""

    old: Subject
    new: Subject
    matches: dict[str, frozenset[str]]
    """Id of a test in the new one → its ids in the old one: more than one where that knows names only."""

    @property
    def gone(self) -> set[str]:
        """Return the ids of the old one that the new one does not have in any capability."""
        before = {test.id for item in self.old.guideline.capabilities for test in item.tests}
        return before - {old for found in self.matches.values() for old in found}


@dataclass(frozen=True, slots=True)
class Stage:
    """A guideline at one commit of a history, with what its file held before. ``moment`` is ISO 8601."""

    moment: str
    old: Subject | None
    new: Subject | None
    others: tuple[Subject, ...]
    """Every guideline that the tree holds after the commit."""
    before: tuple[Subject, ...]
    """Every guideline that it held before."""


FileCheck: TypeAlias = Callable[[Subject], Iterable[Hit]]
PairCheck: TypeAlias = Callable[[Pair], Iterable[Hit]]
SetCheck: TypeAlias = Callable[[Sequence[Subject]], Iterable[tuple[Subject, Hit]]]
HistoryCheck: TypeAlias = Callable[[Stage], Iterable[Hit]]
Check: TypeAlias = FileCheck | PairCheck | SetCheck | HistoryCheck


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence that a machine can check.

    ``source`` is the section it comes from, ``edition`` the documents that have it and since when; ``since`` is a later
    month (``2016.01``) from which it binds guidelines. ``approved`` is the severity in what is or
    was approved, ``review`` in what is up for approval and ``draft`` in a draft; None: it may hold that.
    """

    id: str
    sentence: str
    source: str
    edition: Edition
    looks: Looks
    approved: Severity | None = Severity.ERROR
    review: Severity | None = Severity.ERROR
    draft: Severity | None = Severity.WARNING
    since: str | None = None
    note: str = ""

    def severity(self, status: Status) -> Severity | None:
        """Return how bad a breach is in a guideline of that status."""
        if status is Status.DRAFT:
            return self.draft
        return self.approved if status in (Status.APPROVED, Status.SUPERSEDED) else self.review

    def binds(self, month: str | None) -> bool:
        """Tell whether the rule was in force for a guideline of that month; None is a draft of today."""
        return month is None or self.in_force <= month

    @property
    def in_force(self) -> str:
        """Return the month of the first guidelines that it binds."""
        return self.since or self.edition.since


def tests_of(capabilities: Iterable[Capability], *, flagged: bool) -> dict[str, Test]:
    """Map id to test over capabilities; without ``flagged`` only those that must pass."""
    return {test.id: test for item in capabilities for test in item.tests if flagged or test.flag is None}


_ID = re.compile(r"(?P<series>(?:[a-z][\w-]*\.)*?)(?:(?P<month>\d{4}\.\d{2})|(?:\d{4}\.)?next)")
_TARGET = re.compile(r"(\d{4})[.-](\d{2})")
