"""From the files that a user named to columns: signed ones are verified, runs are scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest import dispatch
from defcore.attest.keys import load_public
from defcore.attest.verify import verify
from defcore.cli import trusted
from defcore.cli.scoring import choose_program, known, latencies
from defcore.compare import Column, of_judgement, of_report, of_run
from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.run.store import load_run, parse_run
from defcore.score import score
from defcore.strictjson import loads

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.guideline import GuidelineFile
    from defcore.run.record import RunRecord


@dataclass(frozen=True, slots=True)
class Words:
    """What the user said: how to judge runs, and whom to trust for what is signed, on which day.

    Without words for them, runs are judged as the first of them says. ``keys`` are files; ``authority`` is a pin or a
    file.
    """

    guideline: str | None
    program: str | None
    keys: Sequence[Path]
    authority: str | None
    at: dt.datetime


def columns_of(files: Sequence[Path], words: Words) -> tuple[Column, ...]:
    """Make a column of each file, in their order. Raises InputError and RefusedError, naming the file."""
    if words.keys and words.authority:
        what = "--key trusts a key and --trust an authority: only one of them can judge"
        raise InputError("two-anchors", what, hint="leave out one of them")
    runs = [load_run(path) if path.is_dir() else _run(path) for path in files]
    ruler = _ruler(next((run for run in runs if run), None), words)
    return tuple(
        _judged(run, path, ruler, words) if run else _signed(path, words) for path, run in zip(files, runs, strict=True)
    )


def _run(path: Path) -> RunRecord | None:
    """Read a run record; None for what is signed."""
    data = trusted.read(path)
    if dispatch.kind_of(data) is not dispatch.Kind.REPORT:
        return None
    value = loads(data, str(path))
    return None if isinstance(value, dict) and "payload" in value else parse_run(data, str(path))


def _ruler(first: RunRecord | None, words: Words) -> tuple[GuidelineFile, str] | None:
    """Choose one guideline and program for all runs; without any word for it, they are compared test by test only."""
    guideline, program = (first.guideline, first.program) if first else (None, None)
    guideline, program = words.guideline or guideline, words.program or program
    if first is None or not (guideline or program):
        return None
    source = resolve(guideline)
    return source, choose_program(source, program).key


def _judged(run: RunRecord, path: Path, ruler: tuple[GuidelineFile, str] | None, words: Words) -> Column:
    if ruler is None:
        return of_run(run, latencies=latencies(path))
    source, program = ruler
    card = score(source, [run], program, date=words.at.date(), known=known())
    return of_run(run, guideline=source.guideline, card=card, latencies=latencies(path))


def _signed(path: Path, words: Words) -> Column:
    name = str(path)
    kind = dispatch.kind_of(trusted.read(path))
    if kind in (dispatch.Kind.ACT, dispatch.Kind.TRUST):
        raise InputError(
            "no-results", f"holds no results: it is a {kind}", where=name, hint="name a report or a bundle"
        )
    if words.authority:
        return of_judgement(trusted.judged(trusted.gather([path]), words.authority, words.at, (), name))
    if kind is dispatch.Kind.BUNDLE or not words.keys:
        hint = "name whom you trust: --key FILE for a report, --trust PIN or FILE for a report or a bundle"
        raise InputError(
            "no-anchor", "is signed, and nobody is trusted, so nothing can be proved", where=name, hint=hint
        )
    keys = [load_public(item) for item in words.keys]
    return of_report(verify(trusted.read(path), keys, file=name, known=known(), now=words.at))
