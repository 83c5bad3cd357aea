"""Where the marks of the pictures stand. Pure geometry, in CSS pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.compare.view import Bar, GroupView, TrendView

CELL = 16
PITCH = 20
COLUMNS = 14
"""Signs in a line: 14 by 20 px fit a phone of 360 px with its margins."""
STEP = 96
TOP, HEIGHT = 28, 120
BAR = 320


@dataclass(frozen=True, slots=True)
class Sign:
    """One test in one column."""

    key: str
    title: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """All tests of a group in one column, each in the same place as in the other sheets."""

    label: str
    words: str
    width: int
    height: int
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar; ``key`` is its change."""

    key: str
    title: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a trend; ``path`` leads to it from the point before, dashed where the yardstick changed."""

    tone: str
    x: int
    y: float
    day: str
    figure: str
    path: str
    joined: bool


def sheets(group: GroupView) -> tuple[Sheet, ...]:
    """Lay out a sheet for each column of a group."""
    found = []
    for place, name in enumerate(group.labels):
        signs = []
        for index, row in enumerate(group.rows):
            down, across = divmod(index, COLUMNS)
            cell = row.cells[place]
            signs.append(Sign(cell.key, f"{row.title}: {cell.word}", across * PITCH + 2, down * PITCH + 2))
        counts: dict[str, int] = {}
        for row in group.rows:
            word = row.cells[place].word
            counts[word] = counts.get(word, 0) + 1
        said = f"{name}: " + (", ".join(f"{count} {word}" for word, count in counts.items()) or "no test")
        lines = max(1, -(-len(signs) // COLUMNS))
        found.append(Sheet(name, said, COLUMNS * PITCH, lines * PITCH, tuple(signs)))
    return tuple(found)


def pieces(bar: Bar) -> tuple[Piece, ...]:
    """Divide a bar by the counts of its parts; each that is there can be seen."""
    total = sum(count for _, _, count in bar.parts)
    found, x = [], 0.0
    for change, words, count in bar.parts:
        width = max(BAR * count / total, 3)
        found.append(Piece(change.value, f"{count} {words}", round(x, 1), round(width, 1)))
        x += width
    return tuple(found)


def marks(trend: TrendView) -> tuple[Mark, ...]:
    """Lay out a trend from left to right; 0 % is at the bottom, 100 % at the top."""
    found: list[Mark] = []
    for index, point in enumerate(trend.points):
        x, y = STEP // 2 + index * STEP, round(TOP + HEIGHT * (1 - point.share), 1)
        path = f"M{found[-1].x} {found[-1].y}L{x} {y}" if found else ""
        found.append(Mark(point.tone, x, y, f"{point.label} {point.day}", point.figure, path, point.joined))
    return tuple(found)
