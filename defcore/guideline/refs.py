"""Finds the components that a guideline takes from other files: beside it, or among the guidelines that ship.

Nothing is ever fetched. A reference says what it resolved to by the digest of that file, so that two people can see
whether they mean the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.find import imported_guidelines, shipped_guidelines
from defcore.guideline.load import load_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.model import Component, GuidelineFile
    from defcore.strictjson import Path as JsonPath

FIELDS = ("components", "required_platform_components", "optional_platform_components")
KINDS = {"platform": "platforms", "add-on": "add-ons", "vertical": "verticals"}
_FILE = re.compile(r"([\w.-]+?)(?:\.json)?/?(?:[?#].*)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """A component of another file. ``component`` is None when it was not found; ``problem`` then says why.

    ``at_hand``: the file was found, so a component that is missing is missing for good. ``digest`` is the sha256 of
    the file's bytes.
    """

    program: str
    name: str
    source: str
    path: JsonPath
    file: str | None
    digest: str | None
    component: Component | None
    problem: str | None

    @property
    def at_hand(self) -> bool:
        """Tell whether the file that the reference names was found and read."""
        return self.digest is not None


def references(source: GuidelineFile) -> tuple[Reference, ...]:
    """Resolve every component reference of a guideline that names another file, in the order of the file."""
    here = Path(source.provenance.file)
    loaded: dict[str, GuidelineFile | InputError | None] = {}
    found = []
    for program, name, where, path in _asked(source):
        if where not in loaded:
            loaded[where] = _load(where, here)
        found.append(_reference(program, name, where, path, loaded[where]))
    return tuple(found)


def _asked(source: GuidelineFile) -> Iterator[tuple[str, str, str, JsonPath]]:
    for program in source.guideline.programs:
        for field in FIELDS:
            for index, ref in enumerate(getattr(program, field)):
                if ref.source is not None:
                    path = (KINDS[program.kind.value], program.name, field, index)
                    yield program.key, ref.name, ref.source, path


def _reference(
    program: str, name: str, where: str, path: JsonPath, other: GuidelineFile | InputError | None
) -> Reference:
    if other is None:
        return Reference(program, name, where, path, None, None, None, "that file is not at hand")
    if isinstance(other, InputError):
        return Reference(program, name, where, path, other.where, None, None, f"that file cannot be read: {other.what}")
    component = other.guideline.component(name)
    problem = None if component else f"guideline {other.guideline.id} has no component {name!r}"
    return Reference(program, name, where, path, other.provenance.file, other.provenance.digest, component, problem)


def _load(where: str, here: Path) -> GuidelineFile | InputError | None:
    # Only the last part of an address counts: the old group moved house four times.
    match = _FILE.fullmatch(where.rstrip("/").rpartition("/")[2])
    if match is None:
        return None
    name = f"{match[1]}.json"
    shipped = {path.name: path for path in shipped_guidelines()}
    shipped |= {f"{name}.json": path for name, path in imported_guidelines().items()}
    # Add-ons were kept in a folder below the platforms, later in add-ons/guidelines beside guidelines.
    near, up, above = here.parent, here.parent.parent, here.parent.parent.parent
    for path in (near / name, up / name, up / "guidelines" / name, above / "guidelines" / name, shipped.get(name)):
        if path is not None and path.is_file():
            try:
                return load_file(path)
            except InputError as error:
                return error
    return None
