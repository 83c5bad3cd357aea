"""Reads a guideline file of any dialect into the model, strictly."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from defcore.errors import InputError
from defcore.guideline.build import is_published_source
from defcore.guideline.check import problems
from defcore.guideline.dialects import DIALECTS, dialect_of, schema_of
from defcore.guideline.model import GuidelineFile, Provenance, Repair, RepairKind
from defcore.guideline.repairs import Repairer
from defcore.strictjson import line_of, lines_of, loads, show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.strictjson import Json
    from defcore.strictjson import Path as JsonPath

MAX_BYTES = 4_000_000
MAX_SHOWN = 40
PINNED = re.compile(r"(.+)\.([0-9a-f]{64})\.json")
"""How an imported guideline is called: by its id and the sha256 of its bytes."""


def load_file(path: Path) -> GuidelineFile:
    """Read a guideline from ``path``, or a bare list of tests as one. Raises InputError with file, line and JSON path.

    A file whose name holds a sha256 was imported, and is refused when its bytes have another.
    """
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
    if path.suffix != ".json" and not content.lstrip().startswith(b"{"):
        from defcore.guideline.testlist import as_guideline  # noqa: PLC0415 - it needs this module

        content = as_guideline(content, path)
    found = load_bytes(content, str(path))
    if (pin := PINNED.fullmatch(path.name)) and found.provenance.digest != pin[2]:
        hint = "remove this file and import the guideline again"
        raise InputError("pin-broken", "was changed since it was imported", where=str(path), hint=hint)
    return found


def load_bytes(content: bytes, file: str) -> GuidelineFile:
    """Read a guideline from the exact bytes of a file; ``file`` names it in errors.

    ``guideline_digest`` is the sha256 of ``content``. A file of a dialect before 2.0, and one without an authority
    whose source is one of ``PUBLISHED_SOURCES``, is a published one: its known slips are repaired with a warning each.
    Anything else unknown, dangling or doubled is an InputError.
    """
    if len(content) > MAX_BYTES:
        raise InputError("guideline-too-large", f"is larger than {MAX_BYTES} bytes", where=file)
    raw = loads(content, file)
    text = content.decode("utf-8")
    dialect = dialect_of(raw)
    if dialect is None:
        known = ", ".join(DIALECTS)
        raise _bad(text, file, ("schema",), f"no dialect is called {_short(schema_of(raw))}: {known} are read")
    repairer = Repairer(dialect.keys)
    published = dialect.old or _is_published(raw)
    if published:
        raw = repairer.clean(raw)
    try:
        reading = dialect.read(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path: JsonPath = tuple(step for step in first["loc"] if step != "[key]")
        more = f", and {error.error_count() - 1} more" if error.error_count() > 1 else ""
        raise _bad(text, file, path, f"{_words(first['type'], first['msg'])}{more}") from error
    guideline = reading.guideline
    if not published and _metadata(raw).get("authority") is None:
        raise _bad(text, file, ("metadata",), "required key is missing: authority (who grants which mark)")
    made = [(RepairKind.SLIP, path, message) for path, message in repairer.made]
    made += [(RepairKind.LEFT_OUT, path, message) for path, message in reading.left_out]
    found = problems(guideline)
    if published:
        taken = [item for item in found if item.published]
        made += [(RepairKind.TAKEN, dialect.place(item.path), f"{item.message}; taken as it is") for item in taken]
        found = [item for item in found if not item.published]
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise _bad(text, file, dialect.place(found[0].path), f"{found[0].message}{more}")
    provenance = Provenance(file, hashlib.sha256(content).hexdigest(), content, _repairs(text, made))
    return GuidelineFile(guideline, provenance)


def _repairs(text: str, made: Sequence[tuple[RepairKind, JsonPath, str]]) -> tuple[Repair, ...]:
    lines = lines_of(text, [path for _, path, _ in made])
    return tuple(
        Repair(show(path), line, message, kind) for (kind, path, message), line in zip(made, lines, strict=True)
    )


def _metadata(raw: Json) -> dict[str, Json]:
    found = raw.get("metadata") if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}


def _is_published(raw: Json) -> bool:
    metadata = _metadata(raw)
    return bool(metadata) and "authority" not in metadata and is_published_source(str(metadata.get("source")))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


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
        hint="the format is described in docs/guideline-format.md",
    )
