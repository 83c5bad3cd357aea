"""Guidelines that the user imported: each a file whose name holds its id and the sha256 of its bytes.

They are known by their ids as those that ship are, and a byte that changes afterwards is found out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.files import write_together
from defcore.guideline.load import PINNED, load_file

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path


_ID = re.compile(r"[\w-]+(?:\.[\w-]+)*")


@dataclass(frozen=True, slots=True)
class Pinned:
    """What became of one file: ``before`` is the digest that its id had, ``new`` false if it is the same."""

    id: str
    digest: str
    file: str
    new: bool
    before: str | None = None


def pinned(folder: Path) -> dict[str, Path]:
    """Return the files of the imported guidelines by id. Raises InputError for an id that is there twice."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.json")):
        if match := PINNED.fullmatch(path.name):
            if match[1] in found:
                hint = f"remove the file that is not meant from {folder}"
                raise InputError("pinned-twice", f"guideline {match[1]} was imported twice", where=str(path), hint=hint)
            found[match[1]] = path
    return found


def pin(files: Sequence[Path], folder: Path, *, taken: Collection[str], replace: bool = False) -> list[Pinned]:
    """Import guideline files: all of them, or none.

    ``taken`` are the ids that ship with defcore. Raises InputError for a file that is no guideline, an id that ships,
    two files of one id, and, unless ``replace``, for an id that was imported with other bytes.
    """
    held = pinned(folder)
    found: dict[str, Pinned] = {}
    contents: dict[Path, bytes] = {}
    for path in files:
        source = load_file(path)
        name, digest = source.guideline.id, source.provenance.digest
        if not _ID.fullmatch(name):
            raise InputError("bad-id", f"has the id {name!r}, which can be no name", where=str(path))
        if name in taken:
            hint = "name the file itself to use it"
            raise InputError("ships", f"has the id {name}, which ships with defcore", where=str(path), hint=hint)
        if name in found:
            what = f"has the id {name}, as {found[name].file} has"
            raise InputError("same-id", what, where=str(path), hint="import one of them")
        before = load_file(held[name]).provenance.digest if name in held and not replace else None
        if before not in (None, digest):
            what = f"guideline {name} was imported with other bytes (sha256 {before}, here {digest})"
            raise InputError("other-bytes", what, where=str(path), hint="to take its place, give --replace")
        here = folder / f"{name}.{digest}.json"
        old = held.get(name)
        found[name] = Pinned(name, digest, str(path), old != here, old.name.split(".")[-2] if old else None)
        contents[here] = source.provenance.content
    _store(contents, [held[name] for name in found if name in held and held[name] not in contents], folder)
    return list(found.values())


def _store(contents: dict[Path, bytes], old: Sequence[Path], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("unwritable", f"cannot be made: {error.strerror}", where=str(folder)) from error
    # Between these two steps an id stands there twice, and is refused until the import is done again.
    write_together(contents)
    for path in old:
        path.unlink(missing_ok=True)
