"""The scoring worksheet: one line a capability, ``cap: [1,0,1] [1,1,1] [1,1,0] [0,1,1] [1] [76]*``, and free notes.

Columns (source: the published worksheet): deployed, tools, clients; future, complete, stable; discover, doc, sticky;
foundation, atomic, proximity; non-admin; total. Values are 0, 1 and ?. A star: the total reaches the cutoff. Every
other line is kept as it is, so that a worksheet that is read and written keeps its notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

GROUPS = (
    ("deployed", "tools", "clients"),
    ("future", "complete", "stable"),
    ("discover", "doc", "sticky"),
    ("foundation", "atomic", "proximity"),
)
CRITERIA = tuple(key for group in GROUPS for key in group)
NON_ADMIN = "non-admin"
COLUMNS = (*CRITERIA, NON_ADMIN)
OPEN = "?"
MAX_BYTES = 1_000_000

_GROUP = r"\s*\[\s*([01?])\s*,\s*([01?])\s*,\s*([01?])\s*\]"
_ROW = re.compile(rf"([\w.-]+):{_GROUP * 4}\s*\[\s*([01?])\s*\]\s*(?:\[\s*(\d{{1,4}}|\?)?\s*\]\s*(\*?))?\s*")
_ALMOST = re.compile(r"\s*[\w.-]+\s*:\s*\[\s*[01?]\s*[],]")
"""What is meant as a row: a line like this that is no row is an error, not a note."""


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one capability: ``values`` in the order of ``COLUMNS``; total and star as they are written."""

    name: str
    values: tuple[str, ...]
    total: int | None = None
    star: bool = False

    def value(self, column: str) -> str:
        """Return 0, 1 or ? for one criterion, or for ``non-admin``."""
        return self.values[COLUMNS.index(column)]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet, line by line: a row, or a line of text."""

    lines: tuple[Row | str, ...]

    def rows(self) -> dict[str, Row]:
        """Map capability to its row."""
        return {line.name: line for line in self.lines if isinstance(line, Row)}


def load_sheet(path: Path) -> Sheet:
    """Read a worksheet from a file. Raises InputError with file and line."""
    from defcore.files import read_bytes  # noqa: PLC0415 - the model alone needs no files

    content = read_bytes(
        path, MAX_BYTES, "worksheet-unreadable", "give a worksheet ('defcore guideline criteria write')"
    )
    return parse_sheet(content, str(path))


def parse_sheet(content: bytes, file: str) -> Sheet:
    """Read a worksheet. Raises InputError for text that is no UTF-8, a spoiled row, a capability that stands twice."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("bad-worksheet", "is not UTF-8 text", where=file) from error
    lines: list[Row | str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = _ROW.fullmatch(line)
        if match is None:
            if _ALMOST.match(line):
                hint = "a row is 'name: [1,0,?] [1,1,1] [1,1,0] [0,1,1] [1] [76]*'"
                raise InputError("bad-worksheet", "is a row that cannot be read", where=f"{file}:{number}", hint=hint)
            lines.append(line.rstrip("\r"))
            continue
        name, *values, total, star = match.groups()
        if name in seen:
            what = f"scores {name} a second time, after line {seen[name]}"
            raise InputError("bad-worksheet", what, where=f"{file}:{number}", hint="keep one of the two rows")
        seen[name] = number
        lines.append(Row(name, tuple(values), int(total) if total and total != OPEN else None, bool(star)))
    return Sheet(tuple(lines))


def write_sheet(sheet: Sheet) -> str:
    """Write a worksheet; the rows of one block stand below each other."""
    text: list[str] = []
    for block in _blocks(sheet.lines):
        width = max((len(line.name) for line in block if isinstance(line, Row)), default=0)
        text += [_row(line, width) if isinstance(line, Row) else line for line in block]
    return "\n".join(text)


def _blocks(lines: Sequence[Row | str]) -> Iterable[list[Row | str]]:
    """Divide at lines of text, so that each run of rows is a block of its own; blank lines do not divide."""
    block: list[Row | str] = []
    for line in lines:
        if isinstance(line, str) and line.strip():
            yield block
            yield [line]
            block = []
        else:
            block.append(line)
    yield block


def _row(row: Row, width: int) -> str:
    groups = [",".join(row.values[start : start + 3]) for start in range(0, len(CRITERIA), 3)]
    parts = [f"[{group}]" for group in (*groups, row.values[-1])]
    total = OPEN if row.total is None else str(row.total)
    return f"{f'{row.name}:':<{width + 1}} {' '.join(parts)} [{total}]{'*' if row.star else ''}"
