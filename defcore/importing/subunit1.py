"""Reads subunit v1: lines of text, in which stestr still keeps its runs.

``test: NAME`` begins a test; ``success: NAME`` or another outcome ends it, perhaps with details in brackets; ``time:``
tells the time; every other line was printed by somebody and is passed over. A test that is begun while another goes on
does not end that one: either may still come to its end, and what does not is an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defcore.importing.feed import MAX_BYTES, Feed
from defcore.importing.subunit import EXPECTED, HINT, SIGNATURE
from defcore.importing.told import MAX_TEXT, Told, moment
from defcore.run.record import Outcome

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping

OUTCOMES = {
    b"success": Outcome.PASSED,
    b"successful": Outcome.PASSED,
    b"failure": Outcome.FAILED,
    b"error": Outcome.ERROR,
    b"skip": Outcome.SKIPPED,
    b"xfail": Outcome.FAILED,
    b"uxsuccess": Outcome.FAILED,
}
_COMMAND = re.compile(rb"(test|testing|time|success|successful|failure|error|skip|xfail|uxsuccess): +([^\r\n]+)\r?\n?")
_SIMPLE = b" ["
_MULTIPART = b" [ multipart"
_PART = re.compile(rb"Content-Type: ?[^\r\n]+\r?\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r?\n")


def read(stream: io.BufferedIOBase, file: str, most: int = MAX_BYTES) -> Iterator[Told]:
    """Yield what became of each test of a stream, and at last those that never ended.

    Raises InputError for a stream that is cut off in the details of a test, for subunit v2, and beyond ``most`` bytes.
    """
    feed = Feed(stream, file, most)
    now: float | None = None
    going: dict[bytes, float | None] = {}
    while line := feed.peek_line():
        if line[0] == SIGNATURE:
            what = "holds subunit v2 among the lines of v1"
            raise feed.bad("mixed-subunit", what, "import the two streams on their own")
        found = _COMMAND.fullmatch(line)
        word, rest = found.groups() if found else (b"", b"")
        if word == b"time":
            now = moment(_text(rest))
            if now is None:
                raise feed.bad("bad-subunit", "is damaged: a time that is none", HINT)
        feed.take(len(line))
        if word in (b"test", b"testing"):
            going.setdefault(rest, now)
        elif word in OUTCOMES and (name := _named(rest, going)) is not None:
            how = rest[len(name) :]
            details = _multipart(feed) if how == _MULTIPART else _bracketed(feed) if how == _SIMPLE else b""
            yield _told(name, going.pop(name), word, now, details)
    for name, started in going.items():
        yield Told(_text(name), Outcome.ERROR, started, None, "the results end in this test", cut=True)


def _named(rest: bytes, going: Mapping[bytes, float | None]) -> bytes | None:
    """Return the test in progress of which an outcome is told; None: it is a line that somebody printed."""
    names = (rest, rest.removesuffix(_SIMPLE), rest.removesuffix(_MULTIPART))
    return next((name for name in names if name in going), None)


def _told(name: bytes, started: float | None, word: bytes, now: float | None, details: bytes) -> Told:
    seconds = max(now - started, 0.0) if now is not None and started is not None else None
    shown = _text(details).strip() or None
    outcome = OUTCOMES[word]
    skipped = outcome is Outcome.SKIPPED
    reason = shown if skipped else EXPECTED.get(word.decode())
    return Told(_text(name), outcome, started, seconds, reason, None if skipped else shown)


def _text(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _bracketed(feed: Feed) -> bytes:
    kept = b""
    while (line := feed.line()) not in (b"]\n", b"]\r\n", b"]"):
        if not line:
            raise feed.bad("cut-off", "is cut off in the details of a test", HINT)
        kept = (kept + (line[1:] if line.startswith(b" ]") else line))[-MAX_TEXT:]
    return kept


def _multipart(feed: Feed) -> bytes:
    """Read the parts of the details; return what the tracebacks, or else the reason, hold."""
    parts: dict[bytes, bytes] = {}
    while (line := feed.line()) not in (b"]\n", b"]\r\n", b"]"):
        if not line:
            raise feed.bad("cut-off", "is cut off in the details of a test", HINT)
        if not _PART.fullmatch(line):
            raise feed.bad("bad-subunit", "is damaged: the details of a test have no type", HINT)
        name = feed.line().strip()
        kept = _chunks(feed)
        if name == b"reason" or name.startswith(b"traceback"):
            parts[name] = kept
    return b"\n".join(parts.values())


def _chunks(feed: Feed) -> bytes:
    kept = b""
    while True:
        line = feed.line()
        found = _CHUNK.fullmatch(line)
        if not found:
            what = "is damaged: the details of a test have no length" if line else "is cut off in the details of a test"
            raise feed.bad("bad-subunit" if line else "cut-off", what, HINT)
        size = int(found[1], 16)
        if size == 0:
            return kept
        while size:
            piece = feed.take(min(size, 64 * 1024))
            if not piece:
                raise feed.bad("cut-off", "is cut off in the details of a test", HINT)
            kept = (kept + piece)[-MAX_TEXT:]
            size -= len(piece)
