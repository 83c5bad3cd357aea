"""Reads a guideline file of schema 2.0 into the model, strictly."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pydantic import ValidationError

from defcore.errors import InputError
from defcore.guideline import wire
from defcore.guideline.build import build, is_published_source
from defcore.guideline.check import problems
from defcore.guideline.model import GuidelineFile, Provenance, Repair
from defcore.guideline.repairs import Repairer
from defcore.strictjson import line_of, lines_of, loads, show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.strictjson import Json
    from defcore.strictjson import Path as JsonPath

MAX_BYTES = 4_000_000


def load_file(path: Path) -> GuidelineFile:
    """Read a guideline from ``path``. Raises InputError with file, line and JSON path."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            "guideline-unreadable",
            f"cannot be read: {getattr(error, 'strerror', None) or error}",
            where=str(path),
            hint="name a guideline file, or an id such as 2026.11",
        ) from error
    return load_bytes(content, str(path))


def load_bytes(content: bytes, file: str) -> GuidelineFile:
    """Read a guideline from the exact bytes of a file; ``file`` names it in errors.

    ``guideline_digest`` is the sha256 of ``content``. A file without an authority whose source is one of
    ``PUBLISHED_SOURCES`` is a published one: its known slips are repaired with a warning each. Anything else unknown,
    dangling or doubled is an InputError.
    """
    if len(content) > MAX_BYTES:
        raise InputError("guideline-too-large", f"is larger than {MAX_BYTES} bytes", where=file)
    raw = loads(content, file)
    text = content.decode("utf-8")
    repairer = Repairer()
    published = _is_published(raw)
    if published:
        raw = repairer.clean(raw)
    try:
        document = wire.Document.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path: JsonPath = tuple(step for step in first["loc"] if step != "[key]")
        more = f", and {error.error_count() - 1} more" if error.error_count() > 1 else ""
        raise _bad(text, file, path, f"{_words(first['type'], first['msg'])}{more}") from error
    if document.metadata.authority is None and not published:
        raise _bad(text, file, ("metadata",), "required key is missing: authority (who grants which mark)")
    guideline = build(document)
    found = problems(guideline)
    if published:
        repairer.made.extend((item.path, f"{item.message}; taken as it is") for item in found if item.published)
        found = [item for item in found if not item.published]
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise _bad(text, file, found[0].path, f"{found[0].message}{more}")
    provenance = Provenance(file, hashlib.sha256(content).hexdigest(), content, _repairs(text, repairer.made))
    return GuidelineFile(guideline, provenance)


def _repairs(text: str, made: Sequence[tuple[JsonPath, str]]) -> tuple[Repair, ...]:
    lines = lines_of(text, [path for path, _ in made])
    return tuple(Repair(show(path), line, message) for (path, message), line in zip(made, lines, strict=True))


def _is_published(raw: Json) -> bool:
    metadata = raw.get("metadata") if isinstance(raw, dict) else None
    if not isinstance(metadata, dict) or "authority" in metadata:
        return False
    return is_published_source(str(metadata.get("source")))


def _words(kind: str, message: str) -> str:
    ours = {
        "extra_forbidden": "unknown key",
        "missing": "required key is missing",
        "model_type": "Input should be an object",
        "dict_type": "Input should be an object",
    }
    return ours.get(kind, message)


def _bad(text: str, file: str, path: JsonPath, message: str) -> InputError:
    return InputError(
        "bad-guideline",
        f"{show(path)}: {message}",
        where=f"{file}:{line_of(text, path)}",
        hint="schema 2.0 is described in docs/guideline-format.md",
    )
