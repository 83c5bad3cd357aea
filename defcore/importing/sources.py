"""Finds out what a foreign file is, and reads it: the outcomes, and what such a file cannot prove."""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from defcore.errors import InputError
from defcore.guideline import testlist
from defcore.importing import junit, lists, subunit, subunit1
from defcore.importing.feed import MAX_BYTES, too_large

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable

    from defcore.importing.told import Told

MAX_OUTCOMES = 100_000
FAILURES = "whether a test failed, was skipped or was not run (it lists passes only)"
ONE_WORD = "whether the cloud answered wrongly or the test broke (it has one word for both, taken as failed)"
TIMES = "when the tests ran"
DURATIONS = "how long they took"
ALWAYS = (
    "which version of the tests ran",
    "which cloud was tested",
    "what was requested and answered",
)
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
    digest = _digest(stream, str(path))
    stream.seek(0)
    head = stream.read(_LOOK)
    stream.seek(0)
    file, lacks = str(path), []
    found: Iterable[Told]
    if passed:
        kind, found = "a list of tests that passed", lists.passes(_whole(stream, file), file)
        lacks = [FAILURES]
    elif head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        kind, found = "JUnit XML", junit.read(stream, file)
    elif head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        kind, lacks = "RefStack's JSON", [FAILURES]
        found, more = lists.refstack(_whole(stream, file), file)
        notes += more
    elif head[:1] == b"\xb3" or (_V2.search(head) and not _V1.search(head)):
        kind, found, lacks = "subunit v2", subunit.read(stream, file), [ONE_WORD]
    elif _V1.search(head):
        kind, found = "subunit v1", subunit1.read(stream, file)
    else:
        raise _unknown(head, file)
    told = _bounded(found, file)
    if not told:
        raise InputError(
            "no-results", f"is {kind}, but holds no result of a test", where=file, hint="run the tests first"
        )
    times = [text for text, lack in ((TIMES, _no_times(told)), (DURATIONS, _no_durations(told))) if lack]
    return Foreign(kind, path.name, digest, told, (*lacks, *times, *ALWAYS), tuple(notes))


def _digest(stream: BinaryIO | io.BufferedIOBase, file: str) -> str:
    found, total = hashlib.sha256(), 0
    while chunk := stream.read(1024 * 1024):
        total += len(chunk)
        if total > MAX_BYTES:
            raise too_large(file, MAX_BYTES)
        found.update(chunk)
    return found.hexdigest()


def _whole(stream: io.BufferedIOBase, file: str) -> bytes:
    content = stream.read(lists.MAX_LIST + 1)
    if len(content) > lists.MAX_LIST:
        raise too_large(file, lists.MAX_LIST)
    return content


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


def _no_times(told: Iterable[Told]) -> bool:
    return any(item.started is None for item in told)


def _no_durations(told: Iterable[Told]) -> bool:
    return any(item.seconds is None and not item.cut for item in told)


def _unknown(head: bytes, file: str) -> InputError:
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
