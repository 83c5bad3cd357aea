"""The index: an SQLite file with what is known of each report, so that a start does not judge ten thousand anew.

It is never the truth: a row counts only while the files that it was made from are as they were, and a file that cannot
be read, or is of another form, is made anew from the folder.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from defcore.registry.model import Entry
from defcore.registry.site.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FILE = ".index.sqlite"
FORM = 1
_TABLES = f"""
CREATE TABLE reports (
    place TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT, run TEXT, entry TEXT, facts TEXT, why TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX by_digest ON reports (digest);
CREATE INDEX by_run ON reports (run);
CREATE TABLE ground (digest TEXT NOT NULL);
PRAGMA user_version = {FORM};
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One report. ``stamp`` tells of which files; ``facts`` is None for one that is not shown, and ``why`` says why."""

    place: str
    stamp: str
    entry: Entry | None
    facts: Facts | None
    why: str = ""


class Index:
    """What a registry holds, in a file. Used by one thread at a time; it is a ``Seen`` for admission."""

    def __init__(self, path: Path) -> None:
        """Open the index, or begin a new one."""
        try:
            self._base = _open(path)
        except sqlite3.DatabaseError:
            for name in (path, *path.parent.glob(f"{path.name}-*")):
                name.unlink(missing_ok=True)
            self._base = _open(path)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    @property
    def ground(self) -> str:
        """Return by what the rows were judged (``site.build.ground``)."""
        found = self._base.execute("SELECT digest FROM ground").fetchone()
        return str(found[0]) if found else ""

    def rows(self) -> dict[str, Row]:
        """Return all rows by their places."""
        return {row.place: row for row in self._rows("1 = 1")}

    def write(self, rows: Iterable[Row], *, ground: str, gone: Iterable[str] = ()) -> None:
        """Enter rows and remove others, all or nothing."""
        with self._base:
            self._base.execute("DELETE FROM ground")
            self._base.execute("INSERT INTO ground VALUES (?)", (ground,))
            self._base.executemany("DELETE FROM reports WHERE place = ?", [(place,) for place in gone])
            self._base.executemany("INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)", map(_values, rows))

    def by_digest(self, digest: str) -> Sequence[Entry]:
        """Return the entries of one full report."""
        return [row.entry for row in self._rows("digest = ?", digest) if row.entry]

    def by_run(self, run: str) -> Sequence[Entry]:
        """Return the entries that rest on one run."""
        return [row.entry for row in self._rows("run = ?", run) if row.entry]

    def _rows(self, where: str, *values: str) -> list[Row]:
        words = f"SELECT place, stamp, entry, facts, why FROM reports WHERE {where} ORDER BY place"  # noqa: S608 - ours
        with closing(self._base.execute(words, values)) as found:
            return [
                Row(
                    place,
                    stamp,
                    Entry(**json.loads(entry)) if entry else None,
                    Facts.model_validate_json(facts) if facts else None,
                    why,
                )
                for place, stamp, entry, facts, why in found
            ]


def _open(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, check_same_thread=False)
    base.execute("PRAGMA journal_mode = WAL")
    # What a power cut takes away is found again in the folder.
    base.execute("PRAGMA synchronous = NORMAL")
    form = base.execute("PRAGMA user_version").fetchone()[0]
    if form not in (0, FORM):
        base.close()
        raise sqlite3.DatabaseError("another form")
    if form == 0:
        base.executescript(f"BEGIN; {_TABLES} COMMIT;")
    return base


def _values(row: Row) -> tuple[str | None, ...]:
    entry = row.entry
    return (
        row.place,
        row.stamp,
        entry.digest if entry else None,
        entry.run if entry else None,
        json.dumps(asdict(entry)) if entry else None,
        row.facts.model_dump_json() if row.facts else None,
        row.why,
    )
