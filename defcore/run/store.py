"""Finds a run on disk: ``RUN`` on a command line is the run directory or the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from defcore.errors import InputError
from defcore.run.record import RunRecord
from defcore.strictjson import first_wrong, loads

if TYPE_CHECKING:
    from pathlib import Path


def load_run(path: Path) -> RunRecord:
    """Read a run record. A directory's record is rebuilt from its journal, which is the truth.

    Raises InputError for anything that is no run.
    """
    if path.is_dir():
        from defcore.run.journal import JOURNAL, rebuild  # noqa: PLC0415 - the record alone needs no journal

        if not (path / JOURNAL).is_file():
            raise InputError("no-run", "is not a run directory: it has no journal.jsonl", where=str(path))
        return rebuild(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        hint = "give a run directory or its run.json"
        raise InputError("no-run", f"cannot be read: {error.strerror}", where=str(path), hint=hint) from error
    return parse_run(content, str(path))


def parse_run(content: bytes, file: str) -> RunRecord:
    """Parse the bytes of a ``run.json``; ``file`` names it in errors."""
    raw = loads(content, file)
    try:
        return RunRecord.model_validate(raw)
    except ValidationError as error:
        what = f"is not a run record: {first_wrong(error)}"
        raise InputError("bad-run", what, where=file) from error
