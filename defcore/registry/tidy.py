"""The folder around the reports: nothing strange in it, nothing taken away from it, every act the authority's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from defcore.attest import acts as authority
from defcore.attest import chain
from defcore.attest.canonical import printable
from defcore.attest.dsse import MAX_BYTES
from defcore.errors import DefcoreError
from defcore.files import read_bytes
from defcore.guideline.find import is_guideline_name
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.model import Finding
from defcore.registry.names import is_entry
from defcore.registry.settings import FILE as SETTINGS
from defcore.registry.store import ACTS, DEPTH, GUIDELINES, TRUST, Folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defcore.attest.acts import Decision
    from defcore.attest.trust import Trust

AT_ROOT = (SETTINGS, TRUST, "README.md")
_MOST = 200
"""Strange files that are named; of more only the number would help nobody."""


def stray(folder: Folder) -> list[Finding]:
    """Name whatever is no part of a registry. What is hidden at the root (``.git``) is nobody's business here."""
    found = []
    for finding in _stray(folder.root, ""):
        found.append(finding)
        if len(found) >= _MOST:
            found.append(Finding("place", str(folder.root), "holds more that does not belong here"))
            break
    return found


def kept(folder: Folder, base: Folder) -> Iterator[Finding]:
    """Name what was changed or taken away since ``base``. The trust policy and the acts may grow, and only that."""
    for name in (SETTINGS,):
        if (base.root / name).read_bytes() != (folder.root / name).read_bytes():
            yield Finding("kept", name, "is changed: whoever keeps the registry does that, apart from reports")
    try:
        old, new = base.trust(), folder.trust()
        if chain.newer(old, new, TRUST) is not new and old.versions[-1].digest != new.versions[-1].digest:
            yield Finding("trust", TRUST, "lacks versions that were there before")
    except DefcoreError as error:
        yield Finding("trust", TRUST, error.what)
    for path in base.act_files():
        now = folder.root / ACTS / path.name
        if not now.is_file() or len(now.read_bytes()) < path.stat().st_size:
            yield Finding("kept", f"{ACTS}/{path.name}", "is gone, or lacks a signature that it had")
    for place in base.places():
        for name in (PUBLIC, FULL):
            yield from _same(folder.root, base.root, f"{place}/{name}")
    guidelines = base.root / GUIDELINES
    for path in sorted(guidelines.glob("*")) if guidelines.is_dir() else ():
        yield from _same(folder.root, base.root, f"{GUIDELINES}/{path.name}")


def read_acts(folder: Folder, trust: Trust) -> tuple[tuple[Decision, ...], list[Finding]]:
    """Read every act; one that is not the authority's, or lies under another name than its own, is a finding."""
    found: list[Decision] = []
    findings = []
    for path in folder.act_files():
        where = f"{ACTS}/{path.name}"
        try:
            act = authority.read(read_bytes(path, MAX_BYTES, "unreadable", "is this an act?"), trust, where)
        except DefcoreError as error:
            findings.append(Finding("acts", where, error.what))
            continue
        if path.stem != act.digest:
            findings.append(Finding("acts", where, f"should be called {act.digest}.json"))
        found.append(act)
    return tuple(found), findings


def _same(now: Path, before: Path, name: str) -> Iterator[Finding]:
    if (before / name).is_file():
        path = now / name
        if not path.is_file():
            yield Finding("kept", name, "is gone")
        elif path.read_bytes() != (before / name).read_bytes():
            yield Finding("kept", name, "is not what it was")


def _stray(root: Path, below: str) -> Iterator[Finding]:
    depth = below.count("/") + 1 if below else 0
    with os.scandir(root / below) as found:
        items = sorted(found, key=lambda item: item.name)
    for item in items:
        place = f"{below}/{item.name}" if below else item.name
        if depth == 0 and item.name.startswith("."):
            continue
        if item.is_symlink():
            yield Finding("place", printable(place), "is a link, and leads who knows where")
        elif item.is_dir(follow_symlinks=False):
            if depth >= DEPTH or (depth == DEPTH - 1 and not is_entry(item.name)):
                yield Finding("place", printable(place), "is no folder of a report")
            elif place not in (ACTS, GUIDELINES):
                yield from _stray(root, place)
            else:
                yield from _flat(root, place)
        elif not (item.name in AT_ROOT if depth == 0 else depth == DEPTH and item.name in (FULL, PUBLIC)):
            yield Finding("place", printable(place), "does not belong here")


def _flat(root: Path, name: str) -> Iterator[Finding]:
    for path in sorted((root / name).iterdir()):
        right = path.suffix == ".json" and (name == ACTS or is_guideline_name(path.stem))
        if not right or path.is_symlink() or not path.is_file():
            yield Finding("place", printable(f"{name}/{path.name}"), "does not belong here")
