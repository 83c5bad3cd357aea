"""Reads what lists passes and nothing else: RefStack's JSON, and bare lists of ids or names."""

from __future__ import annotations

from typing import Any

from defcore.errors import InputError
from defcore.guideline.ids import bare_id
from defcore.guideline.testlist import names
from defcore.importing.told import Told
from defcore.run.record import Outcome
from defcore.strictjson import loads

MAX_LIST = 32 * 1024 * 1024
"""The largest list, in bytes: it is read whole."""


def refstack(content: bytes, file: str) -> tuple[list[Told], list[str]]:
    """Read the results that RefStack's client uploads, or its server shows: tests that passed; and notes.

    Each is a name, or an object with ``name`` and perhaps ``uuid``. Raises InputError for anything else.
    """
    raw = loads(content, file)
    results = raw.get("results") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(results, list):
        hint = "RefStack's results are an object with a list `results`"
        raise InputError("not-refstack", "is JSON, but no result of RefStack", where=file, hint=hint)
    told = [Told(_refstack_name(item, number, file), Outcome.PASSED) for number, item in enumerate(results)]
    words = {"cpid": "RefStack knew the cloud as {}", "duration_seconds": "the tests took {} seconds in all"}
    notes = [words[key].format(raw[key]) for key in words if isinstance(raw.get(key), str | int | float)]
    return told, notes


def _refstack_name(item: Any, number: int, file: str) -> str:  # noqa: ANN401 - any JSON
    if isinstance(item, str) and item:
        return item
    if isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]:
        name, uuid = item["name"], item.get("uuid")
        found = bare_id(uuid) if isinstance(uuid, str) else None
        return f"{name.split('[')[0]}[id-{found}]" if found else name
    what = f"$.results[{number}]: is neither a name nor an object with one"
    raise InputError("not-refstack", what, where=file, hint="RefStack lists tests by name, and by uuid")


def passes(content: bytes, file: str) -> list[Told]:
    """Read a list of tests that passed."""
    return [Told(name, Outcome.PASSED) for _, name in names(content, file)]
