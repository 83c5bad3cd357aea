"""Reads subunit v2 as it comes: a file, or the pipe of a Tempest that is still running.

A packet: 0xB3, flags, length, then what the flags announce, and a CRC-32 over it all (the format is described with
python-subunit, https://github.com/testing-cabal/subunit). That library makes up a failed test where a stream is damaged
and reads on; a certification must not rest on a guess, so here damage is refused with its place.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from defcore.importing.feed import MAX_BYTES, Feed
from defcore.importing.told import MAX_TEXT, Told
from defcore.run.record import Outcome

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

SIGNATURE = 0xB3
VERSION = 0x2000
STATUSES = (None, "exists", "inprogress", "success", "uxsuccess", "skip", "fail", "xfail")
TEST_ID, ROUTE, TIMESTAMP, RUNNABLE, TAGS, FILE, MIME, EOF = 0x800, 0x400, 0x200, 0x100, 0x80, 0x40, 0x20, 0x10
OUTCOMES = {
    "success": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "xfail": Outcome.FAILED,
    "uxsuccess": Outcome.FAILED,
}
"""Only ``success`` is a pass: a failure that its author expected is one, and a success that he did not is no proof."""
EXPECTED = {
    "xfail": "it failed, as its author expected",
    "uxsuccess": "it succeeded, though its author expected a failure",
}
HINT = "copy it once more from where it was made, or run the tests again"
_SMALLEST = 8
_HEAD = 3
_CRC = 4
_MASKS = (0x3F, 0x3FFF, 0x3FFFFF, 0x3FFFFFFF)


class Packet(NamedTuple):
    """One packet. ``at`` is UNIX seconds; ``file`` names an attachment, of which ``content`` is the next piece."""

    test: str | None
    status: str | None
    at: float | None
    file: str | None
    content: bytes
    route: str | None


def packets(stream: io.BufferedIOBase, file: str, most: int = MAX_BYTES) -> Iterator[Packet]:
    """Yield the packets of a stream; text between them is passed over.

    Raises InputError for a packet that is cut off or damaged, and beyond ``most`` bytes.
    """
    feed = Feed(stream, file, most)
    while True:
        data, at = feed.ahead(_SMALLEST)
        if at == len(data):
            return
        if data[at] != SIGNATURE:
            _pass_over(feed)
            continue
        if len(data) - at < _SMALLEST:
            raise feed.bad("cut-off", "is cut off in the middle of a packet", HINT)
        flags = data[at + 1] << 8 | data[at + 2]
        length, start = _number(data, at + _HEAD)
        if flags & 0xF000 != VERSION or length < _SMALLEST:
            raise feed.bad("bad-subunit", "is no subunit v2, or damaged", HINT)
        head = start - at
        data, at = feed.ahead(length)
        if len(data) - at < length:
            raise feed.bad("cut-off", "is cut off in the middle of a packet", HINT)
        end = at + length - _CRC
        if zlib.crc32(data[at:end]) != int.from_bytes(data[end : end + _CRC]):
            raise feed.bad("bad-subunit", "is damaged: a checksum does not match", HINT)
        try:
            packet = _packet(flags, data, at + head, end)
        except (ValueError, IndexError) as error:
            raise feed.bad("bad-subunit", "is damaged: a packet does not hold what it announces", HINT) from error
        feed.skip(length)
        yield packet


def _pass_over(feed: Feed) -> None:
    """Skip what some tool has printed, up to the next packet: most often a line."""
    line = feed.peek_line()
    end = line.find(SIGNATURE)
    while end >= 0 and _within_character(line[:end]):
        end = line.find(SIGNATURE, end + 1)
    feed.take(end if end >= 0 else len(line))


def _within_character(text: bytes) -> bool:
    """Tell whether ``text`` ends in the middle of a UTF-8 character, of which the signature may be a further byte."""
    for back, least in enumerate((0xC0, 0xE0, 0xF0), 1):
        if len(text) >= back and text[-back] & 0xC0 != 0x80:  # noqa: PLR2004 - 10xxxxxx goes on
            return text[-back] >= least
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    first = data[at]
    if first < 0x40:  # noqa: PLR2004 - the two highest bits count the bytes that follow
        return first, at + 1
    size = first >> 6
    end = at + size + 1
    return int.from_bytes(data[at:end]) & _MASKS[size], end


def _packet(flags: int, data: bytes, at: int, end: int) -> Packet:
    """Take apart what stands from ``at`` to ``end``. Raises ValueError or IndexError when it is not what flags say."""
    test = file = route = None
    when: float | None = None
    content = b""
    if flags & TIMESTAMP:
        when = int.from_bytes(data[at : at + 4])
        nanoseconds, at = _number(data, at + 4)
        when += nanoseconds / 1e9
    if flags & TEST_ID:
        size, at = _number(data, at)
        test = data[at : at + size].decode()
        at += size
    if flags & TAGS:
        count, at = _number(data, at)
        for _ in range(count):
            size, at = _number(data, at)
            at += size
    if flags & MIME:
        size, at = _number(data, at)
        at += size
    if flags & FILE:
        size, at = _number(data, at)
        file = data[at : at + size].decode()
        size, at = _number(data, at + size)
        content = data[at : at + size]
        at += size
    if flags & ROUTE:
        size, at = _number(data, at)
        route = data[at : at + size].decode()
        at += size
    if at != end:
        raise ValueError
    return Packet(test, STATUSES[flags & 7], when, file, content, route)


@dataclass(slots=True)
class _Going:
    began: bool = False
    started: float | None = None
    reason: bytes = b""
    trace: bytes = b""


class Tally:
    """Makes of packets what became of each test, as soon as that is known."""

    def __init__(self) -> None:
        self._going: dict[tuple[str | None, str], _Going] = {}

    def take(self, packet: Packet) -> Told | None:
        """Take the next packet; return the outcome that it completes, or None."""
        if packet.test is None or packet.status == "exists":
            return None
        key = (packet.route, packet.test)
        going = self._going.get(key)
        if going is None:
            going = self._going[key] = _Going()
        if packet.file is not None:
            if packet.file == "reason":
                going.reason = (going.reason + packet.content)[-MAX_TEXT:]
            elif packet.file.startswith("traceback"):
                going.trace = (going.trace + packet.content)[-MAX_TEXT:]
        if packet.status == "inprogress":
            going.began, going.started = True, packet.at
        elif packet.status is not None:
            del self._going[key]
            return _told(packet.test, packet.status, going, packet.at)
        return None

    def begun(self) -> tuple[str, ...]:
        """Return the tests that are in progress."""
        return tuple(test for (_, test), going in self._going.items() if going.began)

    def rest(self) -> Iterator[Told]:
        """Yield what is left when the stream has ended: tests that began and never ended."""
        for (_, test), going in self._going.items():
            if going.began:
                yield Told(
                    test,
                    Outcome.ERROR,
                    going.started,
                    None,
                    "the results end in this test",
                    _shown(going.trace),
                    cut=True,
                )


def _told(test: str, status: str, going: _Going, at: float | None) -> Told:
    known = going.started is not None and at is not None
    seconds = max(at - going.started, 0.0) if known else None  # type: ignore[operator]
    started = going.started if going.started is not None else at
    reason = _shown(going.reason) or EXPECTED.get(status)
    return Told(test, OUTCOMES[status], started, seconds, reason, _shown(going.trace))


def _shown(text: bytes) -> str | None:
    return (text.decode("utf-8", "replace").strip() or None) if text else None


def read(stream: io.BufferedIOBase, file: str, most: int = MAX_BYTES) -> Iterator[Told]:
    """Yield what became of each test of a stream, and at last those that never ended. Raises as ``packets`` does."""
    tally = Tally()
    for packet in packets(stream, file, most):
        if told := tally.take(packet):
            yield told
    yield from tally.rest()
