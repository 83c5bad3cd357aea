"""Stored results on disk: run directories, run records, signed reports; read one at a time, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.files import read_bytes
from defcore.run.journal import JOURNAL
from defcore.run.store import load_run, parse_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from defcore.attest.keys import PublicKey
    from defcore.run.record import RunRecord

REPORT = ".dsse.json"
MAX_BYTES = 64_000_000
_MARK = b"defcore-run/"

Kind = Literal["run", "report"]


@dataclass(frozen=True, slots=True)
class Record:
    """One stored result. ``name`` is for people; ``verified`` is true of a report that a given key has signed."""

    name: str
    kind: Kind
    verified: bool
    program: str | None
    run: RunRecord


def find(places: Iterable[Path]) -> list[Path]:
    """List what may hold a result: files and run directories as given, and everything of the sort below a folder.

    Raises InputError for a place that does not exist.
    """
    found: dict[Path, None] = {}
    for place in places:
        if not place.exists():
            raise InputError(
                "no-records", "does not exist", where=str(place), hint="give a folder of results, or a file"
            )
        found.update(dict.fromkeys(_below(place) if place.is_dir() else [place]))
    return list(found)


def read(path: Path, keys: Sequence[PublicKey] = ()) -> Record | None:
    """Read one result; None for JSON that is none.

    A report is verified when keys are given, and only then. Raises a DefcoreError for a spoiled one.
    """
    if path.is_dir():
        return _of_run(path, load_run(path))
    content = read_bytes(path, MAX_BYTES, "no-record", "give run records, run directories or signed reports")
    if path.name.endswith(REPORT):
        return _of_report(path, content, keys)
    # Other JSON files lie beside results: products, guidelines, scorecards.
    if _MARK not in content:
        return None
    return _of_run(path, parse_run(content, str(path)))


def _below(folder: Path) -> Iterator[Path]:
    if (folder / JOURNAL).is_file():
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _below(path)
        elif path.name.endswith(".json"):
            yield path


def _of_run(path: Path, run: RunRecord) -> Record:
    return Record(str(path), "run", verified=False, program=run.program, run=run)


def _of_report(path: Path, content: bytes, keys: Sequence[PublicKey]) -> Record:
    from defcore.attest import dsse  # noqa: PLC0415 - cryptography is not needed for plain records
    from defcore.attest import statement as st  # noqa: PLC0415
    from defcore.attest.intoto import read_payload  # noqa: PLC0415
    from defcore.attest.verify import MODELS, verify  # noqa: PLC0415

    name = str(path)
    if keys:
        predicate: st.Claim = verify(content, keys, file=name).statement.predicate
    else:
        predicate = read_payload(dsse.parse(content, name).payload, name, MODELS).predicate
    return Record(name, "report", bool(keys), predicate.program, st.run_of(predicate))


def spoiled(error: DefcoreError) -> str:
    """Say in one line why a file was left out."""
    word = "refused" if isinstance(error, RefusedError) else "unreadable"
    return f"{word}: {error}"
