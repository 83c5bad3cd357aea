"""Selection by criteria: what a capability scores, who is required under the cutoff, and what several reviewers say.

The score is the sum of the weights of what a capability achieves; needing an administrator is a veto (Core Criteria). A
required capability reaches the cutoff on its own achievements (process A4.4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from defcore.errors import InputError, RefusedError
from defcore.guideline.model import State, Status
from defcore.guideline.worksheet import COLUMNS, CRITERIA, NON_ADMIN, OPEN, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.guideline.model import Capability, Guideline, Scoring

STICKY = "sticky"
"""The criterion that a capability was required before: nobody keeps it up to date by hand."""


class Kind(StrEnum):
    """How a capability's state and its score go together."""

    FITS = "fits"
    UNSCORED = "unscored"
    STALE = "stale-sticky"
    BELOW = "below"
    ADMIN = "admin"
    COULD = "could-be-required"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Standing:
    """One capability by the criteria. ``state`` is its strictest one in any component; None: no component names it.

    ``missing`` are the criteria that it does not achieve.
    """

    name: str
    state: State | None
    score: int
    kind: Kind
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One value that reviewers see differently. ``decides``: the cutoff lies between what their answers lead to."""

    capability: str
    column: str
    votes: tuple[tuple[str, str], ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """Several reviewers' worksheets in one: what they agree on, ``?`` where they do not, and where that is."""

    sheet: Sheet
    disagreements: tuple[Disagreement, ...]
    open: tuple[str, ...]


def score_of(guideline: Guideline, capability: Capability) -> int:
    """Return the sum of the weights of what a capability achieves, each counted once; the veto is the caller's."""
    weights = {item.key: item.weight for item in guideline.scoring.criteria}
    return sum(weights.get(key, 0) for key in set(capability.achievements))


def standings(guideline: Guideline) -> tuple[Standing, ...]:
    """Say of each capability how its state and its score go together, in the guideline's order."""
    return tuple(_standing(guideline, item) for item in guideline.capabilities)


def with_sticky(guideline: Guideline, previous: Guideline) -> Guideline:
    """Set the criterion "sticky" by its definition: a capability has it when the previous guideline required it."""
    if not any(item.key == STICKY for item in guideline.scoring.criteria):
        return guideline
    required = {item.name for item in standings(previous) if item.state is State.REQUIRED}
    return replace(
        guideline, capabilities=tuple(_stuck(item, item.name in required) for item in guideline.capabilities)
    )


def sheet_of(guideline: Guideline) -> Sheet:
    """Write the achievements of a guideline as a worksheet, a block a project."""
    _all_columns(guideline.scoring)
    projects = sorted({item.project for item in guideline.capabilities})
    lines: list[Row | str] = [f"Scoring worksheet of guideline {guideline.id}", ""]
    for project in projects:
        lines += [project, "-" * len(project)]
        for item in guideline.capabilities:
            if item.project == project:
                values = (*("1" if key in item.achievements else "0" for key in CRITERIA), "0" if item.admin else "1")
                lines.append(totalled(Row(item.name, values), guideline.scoring))
        lines.append("")
    return Sheet(tuple(lines))


def total_of(row: Row, scoring: Scoring) -> int:
    """Return what a row adds up to: ``?`` counts as 0; without non-admin it is 0 (a veto)."""
    return _total(row.values, scoring)


def totalled(row: Row, scoring: Scoring) -> Row:
    """Return the row with its total and its star as they should be."""
    total = total_of(row, scoring)
    return replace(row, total=total, star=scoring.cutoff is not None and total >= scoring.cutoff)


def slips(sheet: Sheet, scoring: Scoring) -> tuple[str, ...]:
    """Name the rows whose written total or star is not what their values give."""
    found = []
    for name, row in sheet.rows().items():
        meant = totalled(row, scoring)
        if row.total not in (None, meant.total):
            found.append(f"{name}: the total is {meant.total}, {row.total} is written")
        elif row.total is not None and row.star is not meant.star:
            found.append(
                f"{name}: {meant.total} {'reaches' if meant.star else 'does not reach'} the cutoff, against its star"
            )
    return tuple(found)


def merge(sheets: Mapping[str, Sheet], scoring: Scoring) -> Merged:
    """Merge the worksheets of several reviewers, by reviewer.

    A value that all who gave one agree on is taken; ``?`` is no answer. Where they differ the merged sheet says ``?``.
    """
    if not sheets:
        raise InputError("no-worksheet", "there is no worksheet to merge")
    rows = {reviewer: sheet.rows() for reviewer, sheet in sheets.items()}
    disagreements: list[Disagreement] = []
    merged: dict[str, Row] = {}
    unsettled: list[str] = []
    for name in dict.fromkeys(name for found in rows.values() for name in found):
        votes = {reviewer: found[name] for reviewer, found in rows.items() if name in found}
        row, differing = _merge_rows(name, votes, scoring)
        merged[name] = totalled(row, scoring)
        disagreements += differing
        settled = {item.column for item in differing}
        if any(value == OPEN and column not in settled for column, value in zip(COLUMNS, row.values, strict=True)):
            unsettled.append(name)
    first = next(iter(sheets.values()))
    lines = [merged.pop(line.name) if isinstance(line, Row) else line for line in first.lines]
    return Merged(Sheet((*lines, *merged.values())), tuple(disagreements), tuple(unsettled))


def apply(sheet: Sheet, guideline: Guideline, source: str) -> Guideline:
    """Give each capability of a draft the achievements of its row, and ``admin`` where non-admin is 0.

    ``source`` says where the scores come from; it goes with each. Rows of capabilities that the guideline lacks are
    passed over: a worksheet holds candidates too.

    Raises RefusedError for a guideline that is no draft (D2.2), and InputError for a row with ``?`` in it.
    """
    _all_columns(guideline.scoring)
    if guideline.status not in (Status.DRAFT, Status.REVIEW, Status.ADVISORY):
        what = f"guideline {guideline.id} is {guideline.status.value}: its scores are settled [D2.2]"
        raise RefusedError("rule-d2-2", what)
    rows = sheet.rows()
    for name, row in rows.items():
        if guideline.capability(name) is not None and OPEN in row.values:
            hint = "settle it before it is applied"
            raise InputError("open-score", f"{name} is not settled: {_open(row)}", hint=hint)
    return replace(
        guideline,
        capabilities=tuple(
            _scored(item, rows[item.name], source) if item.name in rows else item for item in guideline.capabilities
        ),
    )


def _standing(guideline: Guideline, item: Capability) -> Standing:
    states = [state for part in guideline.components if (state := part.state_of(item.name)) is not None]
    state = min(states, key=lambda each: each.rank, default=None)
    score = score_of(guideline, item)
    missing = tuple(each.key for each in guideline.scoring.criteria if each.key not in item.achievements)
    return Standing(item.name, state, score, _kind(guideline, item, state, score), missing)


def _kind(guideline: Guideline, item: Capability, state: State | None, score: int) -> Kind:
    cutoff = guideline.scoring.cutoff or 0
    weights = {each.key: each.weight for each in guideline.scoring.criteria}
    if state is not State.REQUIRED:
        tested = any(test.flag is None for test in item.tests)
        candidate = state in (None, State.ADVISORY) and tested and not item.admin
        return Kind.COULD if candidate and score >= cutoff else Kind.OUT
    if item.admin:
        return Kind.ADMIN
    if score >= cutoff:
        return Kind.FITS
    if not set(item.achievements) - {STICKY}:
        return Kind.UNSCORED
    stale = STICKY not in item.achievements and score + weights.get(STICKY, 0) >= cutoff
    return Kind.STALE if stale else Kind.BELOW


def _stuck(item: Capability, sticky: bool) -> Capability:  # noqa: FBT001 - private, and read beside its caller
    kept = {key for key in item.achievements if key != STICKY}
    return replace(item, achievements=tuple(sorted({*kept, STICKY} if sticky else kept)))


def _merge_rows(name: str, votes: Mapping[str, Row], scoring: Scoring) -> tuple[Row, list[Disagreement]]:
    answers = [
        {reviewer: row.values[index] for reviewer, row in votes.items() if row.values[index] != OPEN}
        for index in range(len(COLUMNS))
    ]
    values = [next(iter(set(found.values()))) if len(set(found.values())) == 1 else OPEN for found in answers]
    low, high = (_total([item if item != OPEN else word for item in values], scoring) for word in ("0", "1"))
    decides = scoring.cutoff is not None and low < scoring.cutoff <= high
    differing = [
        Disagreement(name, column, tuple(sorted(found.items())), decides)
        for column, found in zip(COLUMNS, answers, strict=True)
        if len(set(found.values())) > 1
    ]
    return Row(name, tuple(values)), differing


def _total(values: Sequence[str], scoring: Scoring) -> int:
    weights = {item.key: item.weight for item in scoring.criteria}
    if values[-1] == "0":
        return 0
    return sum(weights.get(key, 0) for key, value in zip(CRITERIA, values[:-1], strict=True) if value == "1")


def _scored(item: Capability, row: Row, source: str) -> Capability:
    achieved = sorted(key for key in CRITERIA if row.value(key) == "1")
    return replace(item, achievements=tuple(achieved), admin=row.value(NON_ADMIN) == "0", score_source=source)


def _open(row: Row) -> str:
    return ", ".join(column for column, value in zip(COLUMNS, row.values, strict=True) if value == OPEN)


def _all_columns(scoring: Scoring) -> None:
    """Refuse criteria that the worksheet has no columns for, or an add-on's that lack some."""
    known = Counter(CRITERIA)
    if strange := [item.key for item in scoring.criteria if item.key not in known]:
        raise InputError("strange-criteria", f"the worksheet has no column for {', '.join(strange)}")
