"""The Markdown summary of ``defcore run --summary``: appended, so that several steps of a CI job share a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.errors import DefcoreError
    from defcore.run.certify import Done


def append(file: Path, done: Done, changes: Sequence[str]) -> None:
    """Append what came of a run: verdict, counts, what to fix, for each program that it was for."""
    from defcore.cli.scoring import scored
    from defcore.report import build_view
    from defcore.report.markdown import summary

    parts = []
    for program in (done.program, *done.also):
        found = scored([done.out], None, program, None)
        view = build_view(found.card, done.record, None, found.moment)
        parts.append(summary(view, changes if program == done.program else ()))
    _write(file, "".join(parts))


def not_tested(file: Path, name: str, error: DefcoreError) -> None:
    """Append that a target could not be tested, and why."""
    from defcore.report.markdown import prose

    _write(file, f"## Cloud {prose(name)}: not tested\n\n{prose(str(error))}\n\n")


def _write(file: Path, text: str) -> None:
    try:
        with file.open("a", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        hint = "name another file with --summary"
        raise InputError("unwritable", f"cannot be written: {error.strerror}", where=str(file), hint=hint) from error
