"""A comparison as every renderer sees it: worded, cleaned, grouped. A renderer lays out and escapes, no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.compare import words
from defcore.compare.model import Change, Kind
from defcore.report.words import INTEROP_TONES, INTEROP_WORDS, OUTCOMES, clean, duration, line, moment, plural
from defcore.run.record import Outcome
from defcore.score import Interop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.compare.model import CapabilityCell, Cell, Column, Comparison, Group, TestRow


_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column; ``tone`` is ``good``, ``bad`` or ``open``, ``share`` of 1 its required tests passed (or None)."""

    label: str
    title: str
    detail: str
    verdict: str
    tone: str
    figure: str
    share: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellView:
    """A test in a column. ``key`` names the sign: an outcome's, ``absent`` or ``hidden``."""

    key: str
    word: str
    reason: str
    took: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A test in all columns of its group; ``change`` is the most telling one."""

    id: str
    name: str
    title: str
    change: Change
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Differences of one sort. ``brief`` ones are many and tell little: their names are enough."""

    key: str
    title: str
    about: str
    rows: tuple[RowView, ...]
    brief: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A capability in a column."""

    tone: str
    word: str
    figure: str


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """A capability in all columns of its group."""

    name: str
    standing: str
    shared: bool
    differs: bool
    cells: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How a column agrees with the first, in tests: ``parts`` are (change, its words, count), none of them 0."""

    label: str
    words: str
    parts: tuple[tuple[Change, str, int], ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Columns that may stand side by side. ``relied`` says in a sentence what an application may rely on."""

    labels: tuple[str, ...]
    title: str
    alone: bool
    bars: tuple[Bar, ...]
    sections: tuple[Section, ...]
    capabilities: tuple[CapabilityView, ...]
    relied: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact in all columns; ``differs`` when not all say the same."""

    name: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class PointView:
    """One point of a trend; ``share`` of 1 passed. ``joined``: by the same yardstick as the point before."""

    label: str
    day: str
    figure: str
    tone: str
    share: float
    joined: bool


@dataclass(frozen=True, slots=True)
class TrendView:
    """One subject's points, oldest first, and the same in words."""

    subject: str
    points: tuple[PointView, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of (name, a text a column), for what is only looked up."""

    title: str
    about: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class View:
    """All of it."""

    title: str
    subtitle: str
    columns: tuple[ColumnView, ...]
    apart: tuple[str, ...]
    groups: tuple[GroupView, ...]
    facts: tuple[tuple[str, tuple[FactView, ...]], ...]
    trends: tuple[TrendView, ...]
    tables: tuple[Table, ...]


def build_view(found: Comparison) -> View:
    """Word a comparison."""
    columns = tuple(_column(place, column) for place, column in enumerate(found.columns))
    kinds = {column.kind for column in found.columns}
    noun = words.KINDS[kinds.pop()] if len(kinds) == 1 else "column"
    titles = list(dict.fromkeys(column.title for column in columns))
    return View(
        title=" and ".join(titles) if len(titles) <= 2 else f"{len(titles)} products",  # noqa: PLR2004 - a heading
        subtitle=f"{plural(len(columns), noun)} compared",
        columns=columns,
        apart=found.apart,
        groups=tuple(_group(found, group) for group in found.groups),
        facts=tuple(_facts(found)),
        trends=tuple(_trend(found, item) for item in range(len(found.trends))),
        tables=tuple(_tables(found)),
    )


def label(place: int) -> str:
    """Name a column by its place: A … Z, AA and so on."""
    first, last = divmod(place, 26)
    return (label(first - 1) if first else "") + chr(ord("A") + last)


def _column(place: int, column: Column) -> ColumnView:
    ruler, figures = column.ruler, column.figures
    detail = [column.kind.value, column.engine, moment(column.moment)]
    if ruler:
        detail.append(f"{ruler.program} of {ruler.id}")
    if column.standing:
        detail.append(column.standing)
    verdict = INTEROP_WORDS[column.interop] if column.interop else "Not shown" if figures else "Not judged"
    of = f"{figures.passed:,} of {plural(figures.required, 'required test')} passed" if figures else ""
    return ColumnView(
        label=label(place),
        title=line(column.title),
        detail=line(" · ".join(detail), 400),
        verdict=verdict,
        tone=INTEROP_TONES[column.interop] if column.interop else "open",
        figure=of or f"{plural(len(column.results), 'test')}, judged by no guideline",
        share=figures.passed / figures.required if figures and figures.required else None,
        notes=tuple(line(note, 400) for note in column.notes),
    )


def _group(found: Comparison, group: Group) -> GroupView:
    columns = [found.columns[place] for place in group.places]
    labels = tuple(map(label, group.places))
    rows = tuple(_row(row, columns) for row in group.tests)
    ruler, suite = columns[0].ruler, columns[0].suite
    of = [f"guideline {ruler.id}"] if ruler else []
    if len(found.groups) > 1:
        of.append(f"suite {suite[:12]}" if suite else "tests that are not ours")
    shared = [row.name for row in group.capabilities if row.shared]
    return GroupView(
        labels=labels,
        title=line(f"{_listed(labels)}{': ' if of else ''}{', '.join(of)}"),
        alone=len(columns) == 1,
        bars=tuple(_bar(group, place, labels) for place in range(1, len(columns))),
        sections=tuple(_sections(rows, labels)),
        capabilities=tuple(_capabilities(group)),
        relied=words.relied(
            len(columns), len(shared), len(group.capabilities), sum(row.shared for row in group.tests), len(group.tests)
        ),
        rows=rows,
    )


def _row(row: TestRow, columns: Sequence[Column]) -> RowView:
    change = min(row.changes, key=words.ORDER.index)
    name = line(row.name)
    cells = tuple(_cell(cell, column) for cell, column in zip(row.cells, columns, strict=True))
    return RowView(row.id, name, name.rpartition(".")[2] or name, change, cells)


def _cell(cell: Cell | None, column: Column) -> CellView:
    if cell is None:
        hidden = column.kind is Kind.PUBLIC
        return CellView("hidden" if hidden else "absent", "not shown" if hidden else "not in it", "", "")
    took = []
    if cell.seconds is not None:
        took.append(duration(cell.seconds))
    if cell.requests:
        took.append(plural(cell.requests, "request"))
    seen = OUTCOMES[cell.outcome]
    reason = "" if cell.outcome is Outcome.PASSED else clean(cell.reason)
    return CellView(seen.key, seen.word.lower(), reason, ", ".join(took))


def _sections(rows: Sequence[RowView], labels: tuple[str, ...]) -> Iterator[Section]:
    for change in words.ORDER[:-1]:
        inside = tuple(row for row in rows if row.change is change)
        if inside:
            title, about = words.section(change, labels)
            yield Section(change.value, title, about, inside, change in words.BRIEF)


def _bar(group: Group, place: int, labels: tuple[str, ...]) -> Bar:
    same, both = group.agreement(place)
    tally = group.tally(place)
    parts = tuple((change, words.PARTS[change], count) for change in words.SHOWN if (count := tally[change]))
    share = f" ({100 * same / both:.1f} %)" if both else ""
    others = ", ".join(f"{count:,} {word}" for change, word, count in parts if change is not Change.SAME)
    text = f"{labels[place]} against {labels[0]}: {same:,} of {both:,} tests that both tell of are the same{share}"
    return Bar(labels[place], text + (f"; {others}" if others else ""), parts)


def _capabilities(group: Group) -> Iterator[CapabilityView]:
    for row in group.capabilities:
        states = dict.fromkeys(cell.state.value for cell in row.cells if cell)
        cells = tuple(map(_verdict, row.cells))
        yield CapabilityView(line(row.name), " / ".join(states), row.shared, row.differs, cells)


def _verdict(cell: CapabilityCell | None) -> Verdict:
    if cell is None:
        return Verdict("none", "not asked", "")
    figure = f"{cell.passed}/{len(cell.tests)}"
    if cell.verdict is None:
        return Verdict("open", "not shown", figure)
    if cell.verdict is Interop.UNTESTED and not cell.tests:
        return Verdict("open", "flagged only", "")
    return Verdict(INTEROP_TONES[cell.verdict], INTEROP_WORDS[cell.verdict].lower(), figure)


def _facts(found: Comparison) -> Iterator[tuple[str, tuple[FactView, ...]]]:
    for section, title in words.FACTS.items():
        rows = [fact for fact in found.facts if fact.section == section]
        if rows:
            yield (
                title,
                tuple(FactView(line(row.name), tuple(map(_value, row.values)), row.differs) for row in rows),
            )


def _value(value: str | None) -> str:
    if not value:
        return words.NOTHING
    return f"{value[:16]}…" if _DIGEST.fullmatch(value) else clean(value)


def _trend(found: Comparison, number: int) -> TrendView:
    trend = found.trends[number]
    points = []
    for point in trend.points:
        figures = point.figures
        points.append(
            PointView(
                label=label(point.place),
                day=point.moment[:10],
                figure=f"{figures.passed}/{figures.required}",
                tone=INTEROP_TONES[point.interop] if point.interop else "open",
                share=figures.passed / figures.required if figures.required else 0,
                joined=point.aligned,
            )
        )
    said = "; ".join(f"{item.label} {item.day} {item.figure}{'' if item.joined else ' *'}" for item in points)
    note = "; *: another guideline or suite than before" if any(not item.joined for item in points) else ""
    return TrendView(line(trend.subject), tuple(points), said + note)


def _tables(found: Comparison) -> Iterator[Table]:
    costs = [column.cost for column in found.columns]
    if any(costs):
        shown = {
            "from begin to end": [
                duration(item.wall) if item and item.wall is not None else words.NOTHING for item in costs
            ],
            "in tests, added up": [duration(item.busy) if item else words.NOTHING for item in costs],
            "requests": [f"{item.requests:,}" if item and item.requests else words.NOTHING for item in costs],
        }
        yield Table("What it took", words.COST, tuple((name, tuple(row)) for name, row in shown.items()))
    if found.latencies:
        rows = tuple(
            (
                line(row.operation),
                tuple(f"{item.p50} / {item.p90} / {item.p99}" if item else words.NOTHING for item in row.cells),
            )
            for row in found.latencies
        )
        yield Table("Latency", words.LATENCY, rows)


def _listed(labels: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(labels[:-1]), labels[-1])))
