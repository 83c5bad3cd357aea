"""Finds a guideline by the words that people use: an id, a file, or nothing at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.load import load_file
from defcore.guideline.pinned import pin, pinned
from defcore.locate import data_dir, user_dir

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline, GuidelineFile, Program
    from defcore.guideline.pinned import Pinned


_MAIN = re.compile(r"\d{4}\.\d{2}")
_NAMED = re.compile(r"(?:[\w-]+\.)*(?:\d{4}\.\d{2}|next)")
_SHIPPED = re.compile(r"(?:[a-z][a-z-]*\.)?\d{4}\.\d{2}")


def resolve(word: str | None = None) -> GuidelineFile:
    """Return the guideline of that id or file, or a list of tests as one; without a word, the newest that ships.

    Ids are those of the guidelines that ship with defcore, and of those that the user imported.

    Raises InputError for a word that is neither, and for a file that cannot be read.
    """
    shipped = _shipped()
    if word is None:
        main = [name for name in shipped if _MAIN.fullmatch(name)]
        if not main:
            folder = str(data_dir("guidelines"))
            raise InputError("no-guideline", "no guideline ships with this installation", where=folder)
        return load_file(shipped[max(main)])
    if word in shipped:
        return load_file(shipped[word])
    imported = imported_guidelines()
    if word in imported:
        return load_file(imported[word])
    if word.endswith(".json") or _exists(Path(word)):
        return load_file(Path(word))
    known = ", ".join(sorted({*shipped, *imported}))
    raise InputError(
        "unknown-guideline",
        f"no guideline is called {word!r}",
        hint=f"give a file, or one of: {known}; `defcore guideline import` adds others",
    )


def find_program(guideline: Guideline, word: str) -> Program:
    """Return the program of that key, display name or component. Raises InputError that names those there are."""
    if found := guideline.program(word):
        return found
    words = [*(item.key for item in guideline.programs), *(item.name for item in guideline.components)]
    hint = f"one of: {', '.join(words)}" if words else "it has none at all"
    raise InputError("unknown-program", f"guideline {guideline.id} has no program {word!r}", hint=hint)


def known_guidelines() -> tuple[GuidelineFile, ...]:
    """Return every guideline that ships with defcore, oldest first; add-ons (``dns.2026.11``) are counted apart."""
    shipped = _shipped()
    return tuple(load_file(shipped[name]) for name in sorted(shipped) if _MAIN.fullmatch(name))


def shipped_guidelines() -> tuple[Path, ...]:
    """Return the files of all guidelines that ship with defcore, add-ons too, by name."""
    shipped = _shipped()
    return tuple(shipped[name] for name in sorted(shipped))


def imported_guidelines() -> dict[str, Path]:
    """Return the files of the guidelines that the user imported, by id. Raises InputError for an id twice."""
    return pinned(user_dir("guidelines"))


def import_guidelines(place: Path, *, replace: bool = False) -> list[Pinned]:
    """Import a guideline file, or those of a folder that are named as guidelines are; see ``pinned.pin``."""
    files = in_folder(place) if place.is_dir() else (place,)
    if not files:
        hint = "guidelines are named as 2020.06.json, dns.2020.06.json or next.json"
        raise InputError("no-guideline", "holds no guideline", where=str(place), hint=hint)
    return pin(files, user_dir("guidelines"), taken=_shipped(), replace=replace)


def in_folder(folder: Path) -> tuple[Path, ...]:
    """Return the files of a folder that are named as guidelines are (``2020.06``, ``dns.next``), by name."""
    return tuple(path for path in sorted(folder.glob("*.json")) if is_guideline_name(path.stem) and path.is_file())


def is_guideline_name(stem: str) -> bool:
    """Tell whether a file of that name, without its ending, is a guideline by the rules of naming (A1.2, D4)."""
    return _NAMED.fullmatch(stem) is not None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _shipped() -> dict[str, Path]:
    # A guideline's exceptions lie beside it and are none.
    return {path.stem: path for path in data_dir("guidelines").glob("*.json") if _SHIPPED.fullmatch(path.stem)}
