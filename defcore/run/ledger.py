"""What a run owes to the cloud: everything it created or changed, entered before the request is sent.

``ledger.jsonl`` is append-only. Only what stands in it is ever deleted, so nobody else's resources can be.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.run.lines import append, read_lines

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "ledger.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing owed. ``kind`` names the handler that ends it, ``role`` the credential, ``where`` finds it.

    ``test`` is the test that owes it, or None for what several tests share. A secret never stands in ``where``.
    ``expires`` and ``made`` are UNIX seconds.
    """

    number: str
    kind: str
    role: str
    where: dict[str, Any]
    test: str | None
    expires: float
    made: float = 0


class Ledger:
    """Appends to a run's ledger; several processes may do so at once."""

    def __init__(self, path: Path) -> None:
        """Open (or begin) the ledger at ``path``."""
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def enter(
        self, kind: str, role: str, where: dict[str, Any], *, test: str | None, expires: float, made: float = 0
    ) -> Entry:
        """Enter something that is about to be created or changed."""
        entry = Entry(uuid.uuid4().hex[:16], kind, role, where, test, expires, made)
        append(self._file, {"op": "owes", **{name: getattr(entry, name) for name in Entry.__slots__}})
        return entry

    def learn(self, entry: Entry, **where: str) -> None:
        """Note what the cloud has told of the thing since it was entered, such as its id."""
        entry.where.update(where)
        append(self._file, {"op": "learned", "number": entry.number, "where": where})

    def settle(self, entry: Entry) -> None:
        """Note that the thing is gone, or is as it was."""
        append(self._file, {"op": "settled", "number": entry.number})

    def count(self) -> int:
        """Return how many things were ever entered."""
        return sum(b'"op":"owes"' in line for line in read_lines(self._path).lines)

    def open_entries(self) -> list[Entry]:
        """Return what is still owed, oldest first."""
        return open_entries(self._path)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def open_entries(path: Path) -> list[Entry]:
    """Return what a ledger says is still owed, oldest first; nothing is written. Raises InputError for no ledger."""
    owed: dict[str, Entry] = {}
    for number, line in enumerate(read_lines(path).lines, start=1):
        try:
            value = json.loads(line)
            if value["op"] == "settled":
                owed.pop(value["number"], None)
            elif value["op"] == "learned":
                if value["number"] in owed:
                    owed[value["number"]].where.update(value["where"])
            else:
                entry = Entry(**{name: value[name] for name in Entry.__slots__})
                _typed(entry)
                owed[entry.number] = entry
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError("bad-ledger", "holds a line that is no entry", where=f"{path}:{number}") from error
    return list(owed.values())


def _typed(entry: Entry) -> None:
    texts = (entry.number, entry.kind, entry.role)
    times = (entry.expires, entry.made)
    if not (
        all(isinstance(item, str) for item in texts)
        and isinstance(entry.where, dict)
        and all(isinstance(item, int | float) for item in times)
    ):
        raise TypeError
