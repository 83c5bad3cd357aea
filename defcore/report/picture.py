"""The picture at a glance: where each test's cell stands. Pure geometry, in CSS pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.report.words import plural

if TYPE_CHECKING:
    from defcore.report.model import CapabilityView, ReportView

CELL = 16
SMALL = 11
PITCH = 20
SPOKEN = 10
"""Tests that the description of a row names; more would be a burden to hear."""
COLUMNS = 14
"""Cells in a row: 14 by 20 px fit a phone of 360 px with its margins."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One test: its symbol, where it stands and how large it is; a small one does not decide."""

    symbol: str
    title: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """One capability's cells. ``words`` and ``detail`` say the same for who cannot see it."""

    anchor: str
    name: str
    decides: bool
    words: str
    detail: str
    width: int
    height: int
    cells: tuple[Cell, ...]


def rows(view: ReportView) -> tuple[Row, ...]:
    """Lay out one row for each capability, in the guideline's order, those that decide first."""
    ordered = sorted(view.capabilities, key=lambda item: not item.decides)
    return tuple(_row(item) for item in ordered)


def _row(item: CapabilityView) -> Row:
    cells = []
    for index, test in enumerate(item.tests):
        down, across = divmod(index, COLUMNS)
        size = CELL if test.decides and item.decides else SMALL
        inset = (PITCH - size) / 2
        beside = "" if test.decides else ", does not decide"
        title = f"{test.title}: {test.outcome.word.lower()}{beside}"
        cells.append(Cell(test.outcome.key, title, across * PITCH + inset, down * PITCH + inset, size))
    total = len(item.tests)
    wanting = [cell.title for cell in cells if cell.symbol != "passed"]
    more = f"; {len(wanting) - SPOKEN} more" if len(wanting) > SPOKEN else ""
    detail = "; ".join(wanting[:SPOKEN]) + more if wanting else "Nothing to fix here"
    standing = "" if item.decides else " This capability does not decide."
    lines = max(1, -(-total // COLUMNS))
    others = f" ({item.others})" if item.others else ""
    spoken = f"{item.name}: {item.passed} tests passed{others}" if total else f"{item.name}: {plural(0, 'test')}"
    width = min(total, COLUMNS) * PITCH if total else PITCH
    return Row(item.anchor, item.name, item.decides, spoken, f"{detail}.{standing}", width, lines * PITCH, tuple(cells))
