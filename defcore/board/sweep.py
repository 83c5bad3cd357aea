"""Many stored results against a draft, on several processors; each worker reads files and hands back a byte a test."""

from __future__ import annotations

import gc
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.board.impact import Impact
from defcore.board.records import find, read, spoiled
from defcore.errors import DefcoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from defcore.attest.keys import PublicKey
    from defcore.board.impact import ProgramImpact, Table
    from defcore.guideline.model import Guideline

CHUNK = 25
"""Files that a worker takes at a time; fewer than twice this are read without workers."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The impact on everything that was found.

    ``left_out`` are files that could not be read or were refused, with the reason; ``same`` are results of a run that
    was counted already; ``other`` counts JSON files that are no results.
    """

    draft: str
    previous: str | None
    runs: int
    verified: int
    unverified: int
    same: tuple[str, ...]
    other: int
    left_out: tuple[str, ...]
    programs: tuple[ProgramImpact, ...]

    @property
    def records(self) -> int:
        """How many results were counted."""
        return self.runs + self.verified + self.unverified


@dataclass(frozen=True, slots=True)
class _Read:
    """What a worker hands back: the record without its results."""

    name: str
    kind: str
    run: str = ""
    program: str | None = None
    codes: bytes = b""
    problem: str = ""


def sweep(
    draft: Guideline,
    previous: Guideline | None,
    places: Sequence[Path],
    *,
    keys: Sequence[PublicKey] = (),
    jobs: int = 1,
) -> Swept:
    """Score every result below ``places`` against the draft and the previous guideline, each run once."""
    impact = Impact(draft, previous)
    kinds: Counter[str] = Counter()
    seen: dict[str, str] = {}
    same: list[str] = []
    left_out: list[str] = []
    for item in _read_all(find(places), impact.table, keys, jobs):
        if item.problem:
            left_out.append(item.problem)
        elif item.run in seen:
            same.append(f"{item.name} is of the same run as {seen[item.run]}")
        else:
            kinds[item.kind] += 1
            if item.kind != "other":
                seen[item.run] = item.name
                impact.add(item.name, item.codes, item.program)
    return Swept(
        draft.id,
        previous.id if previous else None,
        kinds["run"],
        kinds["verified"],
        kinds["unverified"],
        tuple(same),
        kinds["other"],
        tuple(left_out),
        impact.result(),
    )


def _read_all(paths: Sequence[Path], table: Table, keys: Sequence[PublicKey], jobs: int) -> Iterator[_Read]:
    if jobs < 2 or len(paths) < 2 * CHUNK:  # noqa: PLR2004 - one job needs no workers
        yield from (_read_one(path, table, keys) for path in paths)
        return
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(table, keys)) as pool:
        yield from pool.map(_work, paths, chunksize=CHUNK)


_given: tuple[Table, Sequence[PublicKey]]


def _begin(table: Table, keys: Sequence[PublicKey]) -> None:
    global _given  # noqa: PLW0603 - a worker's own memory, set once when it begins
    _given = (table, keys)
    # Everything that a worker makes is gone after each file, so looking for cycles would find nothing.
    gc.disable()


def _work(path: Path) -> _Read:
    return _read_one(path, *_given)


def _read_one(path: Path, table: Table, keys: Sequence[PublicKey]) -> _Read:
    try:
        found = read(path, keys)
    except DefcoreError as error:
        return _Read(str(path), "problem", problem=spoiled(error))
    if found is None:
        return _Read(str(path), "other")
    kind = "run" if found.kind == "run" else "verified" if found.verified else "unverified"
    return _Read(found.name, kind, found.run.id, found.program, table.codes(found.run))
