"""A run as a subunit v2 stream, for stestr and the tools around it: each test once, with the outcome that counts.

Subunit has one word for what failed and what broke (``fail``), and one for what was left out and what the cloud lacks
(``skip``); a test that was not run only ``exists``.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import TYPE_CHECKING

from defcore.guideline.ids import spell
from defcore.importing.subunit import EOF as LAST
from defcore.importing.subunit import FILE, MIME, RUNNABLE, SIGNATURE, STATUSES, TEST_ID, TIMESTAMP, VERSION
from defcore.report.words import clean, line
from defcore.run.record import Outcome

if TYPE_CHECKING:
    from defcore.run.record import Attempt, RunRecord, TestResult

WORDS = {
    Outcome.PASSED: "success",
    Outcome.FAILED: "fail",
    Outcome.ERROR: "fail",
    Outcome.SKIPPED: "skip",
    Outcome.UNSUPPORTED: "skip",
    Outcome.NOT_RUN: "exists",
}
_TEXT = 'text/plain;charset="utf8"'
_TRACE = 'text/x-traceback;charset="utf8";language="python"'
_CRC = 4
_LAST_SECOND = 2**32 - 1
_SIZES = ((64, 1, 0), (16_384, 2, 0x40), (4_194_304, 3, 0x80), (1_073_741_824, 4, 0xC0))


def write(run: RunRecord) -> bytes:
    """Return the stream. Times are left out where the record has none of its own."""
    timed = run.source is None or run.source.timed
    return b"".join(packet for result in run.results for packet in _packets(result, timed=timed))


def _packets(result: TestResult, *, timed: bool) -> list[bytes]:
    name = spell(result.id, line(result.name, 1000))
    attempt = next((item for item in reversed(result.attempts) if item.outcome is result.outcome), None)
    status = WORDS[result.outcome]
    if status == "exists":
        return [_packet(name, "exists")]
    began = datetime.fromisoformat(attempt.started).timestamp() if attempt and timed else None
    ended = began + attempt.seconds if attempt and began is not None else None
    found = [_packet(name, "inprogress", at=began)]
    text = _text(result, attempt)
    if text and status == "fail":
        found.append(_packet(name, at=ended, file=("traceback", _TRACE, text)))
    elif text:
        found.append(_packet(name, at=ended, file=("reason", _TEXT, text)))
    return [*found, _packet(name, status, at=ended)]


def _text(result: TestResult, attempt: Attempt | None) -> str:
    failure = attempt.failure if attempt else None
    told = [failure.trace or failure.message] if failure else []
    reason = (attempt.reason if attempt else None) or result.reason
    return clean("\n".join(part for part in (*told, reason) if part))


def _packet(
    name: str, status: str | None = None, *, at: float | None = None, file: tuple[str, str, str] | None = None
) -> bytes:
    """Write one packet; ``at`` is UNIX seconds, ``file`` the name, type and whole text of an attachment."""
    flags = VERSION | TEST_ID | RUNNABLE | STATUSES.index(status)
    body = b""
    if at is not None:
        flags |= TIMESTAMP
        seconds, micros = divmod(round(min(max(at, 0), _LAST_SECOND) * 1_000_000), 1_000_000)
        body += seconds.to_bytes(4) + _number(micros * 1000)
    body += _string(name)
    if file:
        flags |= MIME | FILE | LAST
        body += _string(file[1]) + _string(file[0]) + _string(file[2])
    head = SIGNATURE.to_bytes() + flags.to_bytes(2)
    bare = len(head) + len(body) + _CRC
    # The length counts the bytes in which it is written.
    size = next(size for most, size, _ in _SIZES if bare + size < most)
    whole = head + _number(bare + size, size) + body
    return whole + zlib.crc32(whole).to_bytes(_CRC)


def _string(text: str) -> bytes:
    content = text.encode()
    return _number(len(content)) + content


def _number(value: int, least: int = 1) -> bytes:
    _, size, mark = next(item for item in _SIZES if value < item[0] and item[1] >= least)
    return (value | mark << 8 * (size - 1)).to_bytes(size)
