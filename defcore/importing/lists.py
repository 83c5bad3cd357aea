"""Reads what lists passes and nothing else: RefStack's JSON, and bare lists of ids or names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.guideline.ids import bare_id
from defcore.guideline.testlist import names
from defcore.importing.feed import too_large
from defcore.importing.told import Told
from defcore.run.record import Outcome
from defcore.strictjson import loads

if TYPE_CHECKING:
    import io

MAX_LIST = 32 * 1024 * 1024
"""The largest list, in bytes: it is read whole."""


def refstack(stream: io.BufferedIOBase, file: str) -> list[Told]:
    """Read the results that RefStack's client uploads, or its server shows: tests that passed.

    Each is a name, or an object with ``name`` and perhaps ``uuid``. Raises InputError for anything else.
    """
    raw = loads(_whole(stream, file), file)
    results = raw.get("results") if isinstance(raw, dict) else None
    if not isinstance(results, list):
        hint = "RefStack's results are an object with a list `results`"
        raise InputError("not-refstack", "is JSON, but no result of RefStack", where=file, hint=hint)
    return [Told(_refstack_name(item, number, file), Outcome.PASSED) for number, item in enumerate(results)]


def _refstack_name(item: Any, number: int, file: str) -> str:  # noqa: ANN401 - any JSON
    if isinstance(item, str) and item:
        return item
    if isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]:
        name, uuid = item["name"], item.get("uuid")
        found = bare_id(uuid) if isinstance(uuid, str) else None
        return f"{name.split('[')[0]}[id-{found}]" if found else name
    what = f"$.results[{number}]: is neither a name nor an object with one"
    raise InputError("not-refstack", what, where=file, hint="RefStack lists tests by name, and by uuid")


def passes(stream: io.BufferedIOBase, file: str) -> list[Told]:
    """Read a list of tests that passed."""
    return [Told(name, Outcome.PASSED) for _, name in names(_whole(stream, file), file)]


def _whole(stream: io.BufferedIOBase, file: str) -> bytes:
    content = stream.read(MAX_LIST + 1)
    if len(content) > MAX_LIST:
        raise too_large(file, MAX_LIST)
    return content
