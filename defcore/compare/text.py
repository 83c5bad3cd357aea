"""A comparison as text, for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tabulate import tabulate

from defcore.report.words import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.compare.view import GroupView, Section, View

WIDTH = 100
_MOST = 40
"""Differences of one sort that a terminal shows; the other formats have all."""
_FEW = 5
_CELL = 44


def render(view: View) -> str:
    """Return columns, agreement, differences, capabilities, what can be relied on, facts, trend and cost."""
    parts = [*_head(view)]
    for group in view.groups:
        parts += _group(group, headed=len(view.groups) > 1)
    parts += [*_facts(view), *_trends(view), *_tables(view)]
    return "\n".join(part.rstrip() for part in parts) + "\n"


def _head(view: View) -> Iterator[str]:
    for column in view.columns:
        yield f"{column.label:<3}{column.title} · {column.detail}"
        yield f"   {column.verdict.lower()}: {column.figure}"
        yield from (_wrapped(note, "   note: ") for note in column.notes)
    if view.apart:
        yield ""
        yield from (_wrapped(note, "note: ") for note in view.apart)


def _group(group: GroupView, *, headed: bool) -> Iterator[str]:
    if headed:
        yield ""
        yield f"== {group.title} =="
    if group.alone:
        yield "Nothing else was judged by the same guideline and suite, so nothing stands beside it."
        return
    yield ""
    yield from (_wrapped(bar.words) for bar in group.bars)
    for section in group.sections:
        yield from _section(section, group.labels)
    if group.capabilities:
        yield ""
        head = ["capability", "status", *group.labels]
        rows = [
            [line(item.name, _CELL), item.standing, *(f"{cell.word} {cell.figure}".strip() for cell in item.cells)]
            for item in group.capabilities
        ]
        yield tabulate(rows, head, tablefmt="simple", disable_numparse=True)
    yield ""
    yield f"To rely on: {group.relied}"


def _section(section: Section, labels: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"{section.title} ({len(section.rows)})"
    shown = section.rows[: _FEW if section.brief else _MOST]
    for row in shown:
        yield f"  - {row.name}"
        if section.brief:
            continue
        for name, cell in zip(labels, row.cells, strict=True):
            took = f" ({cell.took})" if cell.took else ""
            reason = f": {line(cell.reason)}" if cell.reason else ""
            yield f"    {name}  {cell.word}{took}{reason}"
    if len(section.rows) > len(shown):
        yield f"  - and {len(section.rows) - len(shown)} more (-f json or html has all)"


def _facts(view: View) -> Iterator[str]:
    rows = [
        [line(fact.name, _CELL), *(line(value, _CELL) for value in fact.values)]
        for _, facts in view.facts
        for fact in facts
        if fact.differs
    ]
    yield ""
    if not rows:
        yield "What they say of themselves does not differ."
        return
    yield "What they say of themselves, where it differs"
    yield tabulate(rows, ["", *(column.label for column in view.columns)], tablefmt="simple", disable_numparse=True)


def _trends(view: View) -> Iterator[str]:
    for trend in view.trends:
        yield ""
        yield _wrapped(f"{trend.subject}: {trend.words}", "Trend of ")


def _tables(view: View) -> Iterator[str]:
    for table in view.tables:
        yield ""
        yield table.title
        head = ["", *(column.label for column in view.columns)]
        yield tabulate([[name, *row] for name, row in table.rows], head, tablefmt="simple", disable_numparse=True)


def _wrapped(text: str, first: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False)
