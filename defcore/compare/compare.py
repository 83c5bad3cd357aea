"""Compares columns. Pure: no I/O, no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.compare.model import (
    SECTIONS,
    CapabilityRow,
    Change,
    Comparison,
    FactRow,
    Group,
    Kind,
    LatencyRow,
    Point,
    TestRow,
    Trend,
)
from defcore.errors import InputError
from defcore.run.record import Outcome
from defcore.score import Interop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.compare.model import CapabilityCell, Cell, Column

_MUTE = (Outcome.ERROR, Outcome.NOT_RUN)


def compare(columns: Sequence[Column]) -> Comparison:
    """Compare two columns or more; within a group of aligned ones, each is measured by the group's first.

    Runs are compared test by test whatever their suites are: that engines may disagree is the question. As soon as a
    signed report is among them, only columns of one guideline (digest), judged with one suite, share a group. Raises
    InputError for fewer than two columns.
    """
    if len(columns) < 2:  # noqa: PLR2004 - it takes two
        raise InputError(
            "too-few", "there is nothing to compare with", hint="name two or more runs, reports or bundles"
        )
    groups = tuple(_group(columns, places) for places in _aligned(columns))
    return Comparison(
        columns=tuple(columns),
        groups=groups,
        apart=tuple(_apart(columns, groups)),
        facts=_facts(columns),
        trends=trends(columns),
        latencies=_latencies(columns),
    )


def trends(columns: Sequence[Column]) -> tuple[Trend, ...]:
    """Return a trend for each subject that has two columns or more with figures, oldest first."""
    found: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        if column.figures is not None:
            found.setdefault(column.subject, []).append(place)
    return tuple(_trend(columns, subject, places) for subject, places in found.items() if len(places) > 1)


def change_of(before: Cell | None, now: Cell | None, *, hidden: bool) -> Change:
    """Name what became of a test; ``hidden``: one of the two columns tells of passes only."""
    if before is None or now is None:
        if before is now:
            return Change.SAME
        one = Change.ADDED if before is None else Change.REMOVED
        return Change.HIDDEN if hidden else one
    if before.outcome is now.outcome:
        return Change.SAME
    if before.outcome in _MUTE or now.outcome in _MUTE:
        return Change.SILENT
    if Outcome.PASSED in (before.outcome, now.outcome):
        return Change.BETTER if now.outcome is Outcome.PASSED else Change.WORSE
    return Change.OTHER


def capability_change(before: CapabilityCell | None, now: CapabilityCell | None) -> Change:
    """Name what became of a capability."""
    if before is None or now is None:
        one = Change.ADDED if before is None else Change.REMOVED
        return Change.SAME if before is now else one
    if before.verdict is now.verdict:
        return Change.SAME
    if before.verdict is None or now.verdict is None:
        return Change.HIDDEN
    if Interop.UNTESTED in (before.verdict, now.verdict):
        return Change.SILENT
    return Change.BETTER if now.verdict is Interop.PASS else Change.WORSE


def yardstick(column: Column) -> tuple[str, str]:
    """Return what has to be equal for two columns to stand side by side: the guideline's digest, and the suite.

    Where the tests were not ours, no digest is known of them, and who made them stands in for it.
    """
    makers = {cell.implementation for cell in column.results.values() if cell.implementation}
    return column.ruler.digest if column.ruler else "", column.suite or f"tests by {', '.join(sorted(makers))}"


def _aligned(columns: Sequence[Column]) -> list[list[int]]:
    if all(column.kind is Kind.RUN for column in columns):
        return [list(range(len(columns)))]
    found: dict[tuple[str, str], list[int]] = {}
    for place, column in enumerate(columns):
        found.setdefault(yardstick(column), []).append(place)
    return list(found.values())


def _apart(columns: Sequence[Column], groups: Sequence[Group]) -> Iterator[str]:
    if len(groups) > 1:
        firsts = [yardstick(columns[group.places[0]]) for group in groups]
        if len({ruler for ruler, _ in firsts}) > 1:
            yield "They were judged by different guidelines, or by different texts of one."
        if len({suite for _, suite in firsts}) > 1:
            yield "They were tested with different suites."
        return
    suites = {yardstick(column)[1] for column in columns}
    if len(suites) > 1:
        yield "The tests are not the same code: a difference can come from the tests as well as from the cloud."
    elif any(column.suite is None for column in columns):
        yield "Which version of the tests was used is not recorded."
    if len({column.ruler and column.ruler.program for column in columns}) > 1:
        yield "They were tested for different programs: what only one of them asks is marked."


def _group(columns: Sequence[Column], places: Sequence[int]) -> Group:
    own = [columns[place] for place in places]
    homes: dict[str, dict[str, None]] = {}
    for column in own:
        for name, capability in (column.capabilities or {}).items():
            for test_id in capability.tests:
                homes.setdefault(test_id, {})[name] = None
    ids = dict.fromkeys(test_id for column in own for test_id in column.results)
    tests = tuple(_test(test_id, own, tuple(homes.get(test_id, ()))) for test_id in ids)
    names = dict.fromkeys(name for column in own for name in column.capabilities or ())
    return Group(tuple(places), tests, tuple(_capability(name, own) for name in names))


def _test(test_id: str, columns: Sequence[Column], capabilities: tuple[str, ...]) -> TestRow:
    cells = tuple(column.results.get(test_id) for column in columns)
    first = columns[0].kind is Kind.PUBLIC
    changes = tuple(
        change_of(cells[0], cell, hidden=first or column.kind is Kind.PUBLIC)
        for cell, column in zip(cells, columns, strict=True)
    )
    name = next(cell.name for cell in cells if cell)
    return TestRow(test_id, name, capabilities, cells, changes)


def _capability(name: str, columns: Sequence[Column]) -> CapabilityRow:
    cells = tuple((column.capabilities or {}).get(name) for column in columns)
    return CapabilityRow(
        name=name,
        cells=cells,
        changes=tuple(capability_change(cells[0], cell) for cell in cells),
        shared=all(cell is not None and cell.verdict is Interop.PASS for cell in cells),
    )


def _facts(columns: Sequence[Column]) -> tuple[FactRow, ...]:
    said = [{(fact.section, fact.name): fact.value for fact in column.facts} for column in columns]
    keys = sorted(dict.fromkeys(key for own in said for key in own), key=lambda key: SECTIONS.index(key[0]))
    return tuple(_fact(key, said) for key in keys)


def _fact(key: tuple[str, str], said: Sequence[dict[tuple[str, str], str]]) -> FactRow:
    asked = {own.get(key) for own in said if any(section == key[0] for section, _ in own)}
    return FactRow(*key, tuple(own.get(key) for own in said), len(asked) > 1)


def _trend(columns: Sequence[Column], subject: str, places: list[int]) -> Trend:
    places.sort(key=lambda place: columns[place].moment)
    points = []
    for number, place in enumerate(places):
        column = columns[place]
        aligned = number == 0 or yardstick(column) == yardstick(columns[places[number - 1]])
        if column.figures is not None:
            points.append(Point(place, column.moment, column.figures, column.interop, aligned))
    return Trend(subject, tuple(points))


def _latencies(columns: Sequence[Column]) -> tuple[LatencyRow, ...]:
    if sum(bool(column.latencies) for column in columns) < 2:  # noqa: PLR2004 - one alone is on its own report
        return ()
    known = [{item.operation: item for item in column.latencies} for column in columns]
    count = {name: sum(own[name].count for own in known if name in own) for own in known for name in own}
    names = sorted(count, key=lambda name: (-count[name], name))
    return tuple(LatencyRow(name, tuple(own.get(name) for own in known)) for name in names)
