"""A static site from a registry's folder: only what changed since the last time is judged and made again.

What is kept of each report and what each page was made from lie in ``SITE/.registry-build.json``; without that file
everything is made anew. A page is written whole or not at all; pages that are no more are removed.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from defcore import __version__
from defcore.attest.canonical import sha256_hex
from defcore.errors import InputError
from defcore.files import write_whole
from defcore.registry.site.build import Kept, gather, ground
from defcore.registry.site.html import environment
from defcore.registry.site.model import build
from defcore.registry.site.pages import pages
from defcore.run.record import Wire

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from defcore.registry.site.pages import Page
    from defcore.registry.store import Folder
    from defcore.suite.collect import SuiteTest

STATE = ".registry-build.json"


class State(Wire):
    """What the last render left: ``ground`` is what reports were judged by, ``pages`` map addresses to stamps."""

    format: Literal["defcore-registry-build/1"] = "defcore-registry-build/1"
    ground: str = ""
    reports: dict[str, Kept] = {}  # noqa: RUF012 - pydantic copies it
    pages: dict[str, str] = {}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a render did: reports shown, reports judged anew, pages in all, pages written, pages removed, left out."""

    reports: int
    judged: int
    pages: int
    written: int
    removed: int
    left_out: tuple[tuple[str, str], ...]


def render(folder: Folder, target: Path, now: dt.datetime, suite: Mapping[str, SuiteTest]) -> Rendered:
    """Write the site of a registry into the folder ``target``.

    Raises InputError for a target that holds something else, and whatever reading the registry raises.
    """
    state = _load(target)
    known = folder.known()
    basis = ground(known, now)
    found = gather(folder, known, now, state.reports if state.ground == basis else {})
    site = build(known, found.facts, now, found.left_out)

    def read(place: str) -> bytes:
        return folder.read(place).public or b""

    stamps, written = _write(pages(site, read, suite), target, state.pages)
    removed = _remove(target, state.pages.keys() - stamps.keys())
    made = State(ground=basis, reports=dict(found.kept), pages=stamps)
    write_whole(target / STATE, made.model_dump_json().encode())
    return Rendered(len(site.reports), found.judged, len(stamps), written, removed, site.left_out)


def stamp(page: Page) -> tuple[str, object]:
    """Return what tells whether a page must be made anew, and what it is made from."""
    view = page.basis()
    return sha256_hex(f"{_makers()}\n{view!r}".encode()), view


@cache
def _makers() -> str:
    """Return a digest of everything by which pages are made."""
    source = environment()
    loader = source.loader
    assert loader is not None  # noqa: S101 - the engine has one
    texts = [loader.get_source(source, name)[0] for name in loader.list_templates() if not name.endswith(".pyc")]
    return sha256_hex("\n".join([__version__, *texts]).encode())


def _write(made: Iterable[Page], target: Path, before: Mapping[str, str]) -> tuple[dict[str, str], int]:
    stamps: dict[str, str] = {}
    folders: set[Path] = set()
    written = 0
    for page in made:
        now, view = stamp(page)
        stamps[page.path] = now
        path = target / page.path
        if before.get(page.path) == now and path.is_file():
            continue
        if path.parent not in folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            folders.add(path.parent)
        # Nothing here is the truth: it need not be on the disk before the next page is made.
        waiting = path.with_name(f".{path.name}.new")
        waiting.write_bytes(page.make(view))
        waiting.replace(path)
        written += 1
    return stamps, written


def _remove(target: Path, gone: Collection[str]) -> int:
    for name in gone:
        path = target / name
        if ".." in path.parts or not path.is_relative_to(target):
            continue
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == target or any(os.scandir(parent)):
                break
            parent.rmdir()
    return len(gone)


def _load(target: Path) -> State:
    """Read what the last render left. Refuse a folder that is not empty and was not made here."""
    path = target / STATE
    if not path.is_file():
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            what = "holds something that is no site of a registry"
            raise InputError("not-a-site", what, where=str(target), hint="name a new or an empty folder")
        return State()
    try:
        return State.model_validate(json.loads(path.read_bytes()))
    except (ValueError, ValidationError):
        return State()
