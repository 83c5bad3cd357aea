"""Tests of the reader of subunit v2, measured by python-subunit, which wrote the format down."""

from __future__ import annotations

import contextlib
import io
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from subunit import ByteStreamToStreamResult
from subunit.v2 import StreamResultToBytes

from defcore.errors import InputError
from defcore.importing.subunit import STATUSES, Tally, packets, read
from defcore.importing.told import MAX_TEXT, Told
from defcore.run.record import Outcome

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=40)


def written(*events: dict[str, Any]) -> bytes:
    """Have python-subunit write a stream of these events."""
    out = io.BytesIO()
    stream = StreamResultToBytes(out)
    for event in events:
        stream.status(**event)
    return out.getvalue()


def told(content: bytes) -> list[Told]:
    """Read a whole stream."""
    return list(read(io.BytesIO(content), "stream"))


def refused(content: bytes, most: int = 10_000_000) -> InputError:
    """Read a stream that is none, and return why."""
    with pytest.raises(InputError) as caught:
        list(read(io.BytesIO(content), "stream", most))
    assert "\n" not in str(caught.value)
    return caught.value


class _Theirs:
    """Notes what python-subunit's own reader sees."""

    def __init__(self) -> None:
        self.seen: list[tuple[object, ...]] = []

    def status(self, **event: Any) -> None:  # noqa: ANN401 - theirs
        """Take an event."""
        at = event["timestamp"]
        content = bytes(event["file_bytes"]) if event["file_bytes"] is not None else b""
        self.seen.append(
            (
                event["test_id"],
                event["test_status"],
                at and at.timestamp(),
                event["file_name"],
                content,
                event["route_code"],
            )
        )


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "test_id": TEXT.filter(bool),
        "test_status": st.sampled_from(STATUSES),
        "test_tags": st.sets(TEXT, max_size=3),
        "runnable": st.booleans(),
        "mime_type": TEXT.filter(bool),
        "eof": st.booleans(),
        "route_code": TEXT,
        "timestamp": st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given beside
    },
)
FILES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.fixed_dictionaries({"file_name": TEXT, "file_bytes": st.binary() | st.just(b"x" * 20_000)})
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(EVENTS, FILES).map(lambda pair: pair[0] | pair[1]), max_size=6))
def test_it_sees_what_the_format_s_own_library_sees(events: list[dict[str, Any]]) -> None:
    """If it fails, a test passes here that failed in the stream, or the other way round."""
    content = written(*events)
    theirs = _Theirs()
    ByteStreamToStreamResult(io.BytesIO(content)).run(theirs)
    ours = [(p.test, p.status, p.at, p.file, p.content, p.route) for p in packets(io.BytesIO(content), "stream")]
    assert [item[:2] + item[3:] for item in ours] == [item[:2] + item[3:] for item in theirs.seen]
    assert [item[2] for item in ours] == [pytest.approx(item[2]) for item in theirs.seen]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(EVENTS, FILES).map(lambda pair: pair[0] | pair[1]), min_size=1, max_size=3), st.data())
def test_damage_is_refused_or_changes_nothing(events: list[dict[str, Any]], data: st.DataObject) -> None:
    """If it fails, a flipped bit makes another result of a stream, or a traceback."""
    content = bytearray(written(*events))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = list(packets(io.BytesIO(bytes(content)), "stream"))
    except InputError:
        return
    # A packet whose signature is gone is text; the others are still what they were.
    whole = list(packets(io.BytesIO(written(*events)), "stream"))
    assert all(packet in whole for packet in found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_results_or_one_line(content: bytes) -> None:
    """If it fails, a wrong file costs a traceback."""
    with contextlib.suppress(InputError):
        told(content)


def test_a_test_is_told_with_time_reason_and_traceback() -> None:
    """If it fails, a report has no duration, and nobody learns why a test did not pass."""
    name = "tempest.a.B.test_c[id-00000000-0000-4000-8000-000000000001]"
    found = told(
        written(
            {"test_id": name, "test_status": "exists"},
            {"test_id": name, "test_status": "inprogress", "timestamp": AT},
            {"test_id": name, "file_name": "pythonlogging:''", "file_bytes": b"much"},
            {"test_id": name, "file_name": "traceback", "file_bytes": b"Trace"},
            {"test_id": name, "file_name": "traceback", "file_bytes": b"back\n", "eof": True},
            {"test_id": name, "test_status": "fail", "timestamp": AT.replace(second=3)},
            {"test_id": "other", "test_status": "skip", "file_name": "reason", "file_bytes": b"no swift"},
        )
    )
    assert found == [
        Told(name, Outcome.FAILED, AT.timestamp(), 3.0, None, "Traceback"),
        Told("other", Outcome.SKIPPED, None, None, "no swift"),
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("success", Outcome.PASSED),
        ("fail", Outcome.FAILED),
        ("skip", Outcome.SKIPPED),
        ("xfail", Outcome.FAILED),
        ("uxsuccess", Outcome.FAILED),
    ],
)
def test_only_success_is_a_pass(status: str, outcome: Outcome) -> None:
    """If it fails, a test that its author expects to fail makes a cloud interoperable."""
    assert [item.outcome for item in told(written({"test_id": "t", "test_status": status}))] == [outcome]


def test_a_test_that_never_ended_is_an_error() -> None:
    """If it fails, a worker that died in a test leaves no trace of it."""
    found = told(
        written(
            {"test_id": "t", "test_status": "inprogress", "timestamp": AT},
            {"test_id": "logs only", "file_name": "log", "file_bytes": b"x"},
        )
    )
    assert [(item.name, item.outcome, item.cut) for item in found] == [("t", Outcome.ERROR, True)]


def test_what_goes_on_can_be_asked() -> None:
    """If it fails, nobody sees which test Tempest is at."""
    tally = Tally()
    for packet in packets(io.BytesIO(written({"test_id": "t", "test_status": "inprogress"})), "stream"):
        assert tally.take(packet) is None
    assert tally.begun() == ("t",)


def test_of_a_long_traceback_the_end_is_kept() -> None:
    """If it fails, one test's output fills the memory, or the line with the error is lost."""
    events: list[dict[str, Any]] = [
        {"test_id": "t", "file_name": "traceback", "file_bytes": b"x" * 100_000} for _ in range(3)
    ]
    events.append({"test_id": "t", "file_name": "traceback", "file_bytes": b"Error: 1"})
    found = told(written(*events, {"test_id": "t", "test_status": "fail"}))[0].trace or ""
    assert len(found) == MAX_TEXT
    assert found.endswith("Error: 1")


@pytest.mark.parametrize("text", ["a warning\n", "no end of line", "m³ (3 bytes of ³ are 0xB3)\n", "euro €³𐳀³", "\n\n"])
def test_text_between_the_packets_is_passed_over(text: str) -> None:
    """If it fails, a warning that some tool printed into the stream costs the results."""
    packet = written({"test_id": "t", "test_status": "success"})
    assert [item.name for item in told(text.encode() + packet + text.encode() + packet)] == ["t", "t"]


def test_every_cut_within_a_packet_is_refused_with_its_place() -> None:
    """If it fails, a stream that was cut off by a full disk counts as a whole one."""
    first = written({"test_id": "t", "test_status": "success"})
    content = first + written({"test_id": "u", "test_status": "fail"})
    for end in range(len(first) + 1, len(content)):
        error = refused(content[:end])
        assert error.code == "cut-off"
        assert f"byte {len(first)}" in error.what


def test_a_wrong_checksum_is_refused() -> None:
    """If it fails, a damaged stream is read as if nothing were wrong."""
    content = bytearray(written({"test_id": "t", "test_status": "fail"}))
    content[2] ^= 5
    assert refused(bytes(content)).code == "bad-subunit"


def test_a_packet_that_holds_less_than_its_flags_say_is_refused() -> None:
    """If it fails, a made-up packet with a good checksum ends in a traceback."""
    body = b"\xb3\x29\x03\x0c\x3f\x3f\x3f\x3f"
    assert refused(body + zlib.crc32(body).to_bytes(4)).code == "bad-subunit"


def test_another_version_is_refused() -> None:
    """If it fails, a future subunit is read by the rules of this one."""
    body = b"\xb3\x33\x03\x08"
    assert refused(body + zlib.crc32(body).to_bytes(4)).code == "bad-subunit"


def test_beyond_the_limit_it_is_refused() -> None:
    """If it fails, an endless stream is read for ever."""
    packet = written({"test_id": "t", "test_status": "success"})
    assert refused(packet * 20_000, most=100_000).code == "too-large"


def test_a_line_without_end_is_refused() -> None:
    """If it fails, a disk image taken for a stream fills the memory."""
    assert refused(b"x" * 3_000_000).code == "long-line"


def test_too_many_packets_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, a file of the smallest packets is read for minutes."""
    monkeypatch.setattr("defcore.importing.feed.MAX_PIECES", 3)
    assert refused(written({"test_id": "t", "test_status": "success"}) * 4).code == "too-many"


def test_an_end_within_the_smallest_packet_is_refused() -> None:
    """If it fails, a stream of three bytes counts as one."""
    assert refused(b"\xb3\x29\x03").code == "cut-off"
