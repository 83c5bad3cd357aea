"""Finds out what a foreign file is, and reads it: the outcomes, and what such a file cannot prove."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from defcore.errors import InputError
from defcore.importing.feed import MAX_BYTES, too_large

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable

    from defcore.importing.told import Told

MAX_OUTCOMES = 100_000
FAILURES = "whether a test failed, was skipped or was not run (it lists passes only)"
BROKE = "whether a failed test met a wrong answer of the cloud, or broke by itself"
TIMES = "when the tests ran"
DURATIONS = "how long they took"
ALWAYS = (
    "which version of the tests ran",
    "which cloud was tested",
    "what was requested and answered",
)
LIST = "a list of tests that passed"
READERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "subunit v2": ("subunit", "read", (BROKE,)),
    "subunit v1": ("subunit1", "read", (BROKE,)),
    "JUnit XML": ("junit", "read", (BROKE,)),
    "RefStack's JSON": ("lists", "refstack", (FAILURES,)),
    LIST: ("lists", "passes", (FAILURES,)),
}
"""Kind of file → the module and function that read it, imported when it is met, and what no such file can prove."""
_HINT = "subunit, a stestr repository, JUnit XML and RefStack's JSON are read"
_V1 = re.compile(
    rb"^(?:test|testing|success|successful|failure|error|skip|xfail|uxsuccess|time|tags|progress): ", re.MULTILINE
)
_V2 = re.compile(rb"\xb3[\x20-\x2f]")
_LOOK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Foreign:
    """Results as they were read: ``format`` and ``file`` for people, ``digest`` the sha256 of the file's bytes."""

    format: str
    file: str
    digest: str
    told: tuple[Told, ...]
    lacks: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read(path: Path, *, passed: bool = False) -> Foreign:
    """Read a file of results, or a stestr repository. ``passed``: it is a list of tests that all passed.

    Raises InputError for what is none, is damaged, cut off, empty or too large.
    """
    notes = []
    if path.is_dir():
        path, note = _stestr(path)
        notes.append(note)
    try:
        with path.open("rb") as stream:
            return _read(stream, path, notes, passed=passed)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError("unreadable", what, where=str(path), hint="name a file of test results") from error


def read_pipe(stream: BinaryIO, *, passed: bool = False) -> Foreign:
    """Read results that come from another program."""
    with tempfile.TemporaryFile() as kept:
        total = 0
        while chunk := stream.read(_LOOK):
            total += len(chunk)
            if total > MAX_BYTES:
                raise too_large("-", MAX_BYTES)
            kept.write(chunk)
        kept.seek(0)
        return _read(kept, Path("-"), [], passed=passed)


def _read(stream: io.BufferedIOBase, path: Path, notes: list[str], *, passed: bool) -> Foreign:
    file = str(path)
    digest = _digest(stream, file)
    stream.seek(0)
    kind = LIST if passed else _kind(stream.read(_LOOK), file)
    stream.seek(0)
    module, name, lacks = READERS[kind]
    told = _bounded(getattr(import_module(f"defcore.importing.{module}"), name)(stream, file), file)
    if not told:
        raise InputError("no-results", f"is {kind}, but holds no result", where=file, hint="run the tests first")
    times = [TIMES] if any(item.started is None for item in told) else []
    spans = [DURATIONS] if any(item.seconds is None and not item.cut for item in told) else []
    return Foreign(kind, path.name, digest, told, (*lacks, *times, *spans, *ALWAYS), tuple(notes))


def _kind(head: bytes, file: str) -> str:
    """Tell by its beginning what a file is. Raises InputError for none that is known."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "JUnit XML"
    if text.startswith(b"{"):
        return "RefStack's JSON"
    if _V1.search(head) and not head.startswith(b"\xb3"):
        return "subunit v1"
    if _V2.search(head):
        return "subunit v2"
    raise _unknown(head, file)


def _digest(stream: BinaryIO | io.BufferedIOBase, file: str) -> str:
    found, total = hashlib.sha256(), 0
    while chunk := stream.read(1024 * 1024):
        total += len(chunk)
        if total > MAX_BYTES:
            raise too_large(file, MAX_BYTES)
        found.update(chunk)
    return found.hexdigest()


def _bounded(found: Iterable[Told], file: str) -> tuple[Told, ...]:
    told = []
    for item in found:
        if not item.name.strip():
            raise InputError("no-name", "holds a test without a name", where=file, hint=_HINT)
        told.append(item)
        if len(told) > MAX_OUTCOMES:
            hint = "import it in parts"
            raise InputError("too-many", f"holds more than {MAX_OUTCOMES} results", where=file, hint=hint)
    return tuple(told)


def _unknown(head: bytes, file: str) -> InputError:
    from defcore.guideline import testlist  # noqa: PLC0415 - needed for this answer only

    try:
        first = next(testlist.names(head[: head.rfind(b"\n") + 1] or head, file), None)
    except InputError:
        first = None
    if first is not None:
        hint = "if all of them passed, say so with --passed"
        what = "is a list of tests, which does not say what became of them"
        return InputError("no-outcomes", what, where=file, hint=hint)
    what = "is empty" if not head.strip() else "is no result of tests that is known here"
    return InputError("unknown-format", what, where=file, hint=_HINT)


def _stestr(folder: Path) -> tuple[Path, str]:
    """Return the last stream of a repository, and what is to be said of it."""
    places = (folder, folder / ".stestr", folder / ".testrepository")
    repository = next((place for place in places if (place / "next-stream").is_file()), None)
    if repository is None:
        hint = "name a stestr repository, or a file of results"
        raise InputError("no-repository", "is a folder, but no stestr repository", where=str(folder), hint=hint)
    runs = sorted(int(path.name) for path in repository.iterdir() if re.fullmatch(r"[0-9]{1,9}", path.name))
    if not runs:
        raise InputError("no-results", "is a stestr repository without a run", where=str(folder), hint="run the tests")
    more = f"; name the file of another of its {len(runs)} runs to import that one" if len(runs) > 1 else ""
    return repository / str(runs[-1]), f"the last run of the stestr repository, {runs[-1]}, was read{more}"
