"""Reads what lists passes and nothing else: RefStack's JSON, and bare lists of ids or names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.importing.told import Told
from defcore.run.record import Outcome
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LIST = 32 * 1024 * 1024
"""The largest list, in bytes: it is read whole."""
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_BARE = re.compile(rf"(?:id-)?({_UUID})(?:,[\w,]*)?")
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+(?:[\[(][^\s]*[\])])?")


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
        found = _BARE.fullmatch(uuid) if isinstance(uuid, str) else None
        return f"{name.split('[')[0]}[id-{found[1].lower()}]" if found else name
    what = f"$.results[{number}]: is neither a name nor an object with one"
    raise InputError("not-refstack", what, where=file, hint="RefStack lists tests by name, and by uuid")


def names(content: bytes, file: str) -> Iterator[str]:
    """Yield the tests of a list, one a line: an id, a name, or a name with its id in brackets; ``#`` begins a comment.

    Raises InputError, with the line, for anything else.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not-a-list", "is no text in UTF-8", where=file, hint="one test a line") from error
    for number, line in enumerate(text.splitlines(), 1):
        word = re.sub(r"(^|\s)#.*", "", line).strip()
        if not word:
            continue
        bare = _BARE.fullmatch(word)
        if not bare and not _NAME.fullmatch(word):
            hint = "one test a line: its id, its name, or its name with [id-…]"
            raise InputError("not-a-list", "holds a line that names no test", where=f"{file}:{number}", hint=hint)
        yield f"[id-{bare[1].lower()}]" if bare else word


def passes(content: bytes, file: str) -> list[Told]:
    """Read a list of tests that passed."""
    return [Told(name, Outcome.PASSED) for name in names(content, file)]
