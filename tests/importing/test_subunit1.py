"""Tests of the reader of subunit v1, measured by python-subunit."""

from __future__ import annotations

import contextlib
import io
from datetime import UTC, datetime

import pytest
import subunit
from hypothesis import given, settings
from hypothesis import strategies as st
from testtools import PlaceHolder
from testtools.content import text_content

from defcore.errors import InputError
from defcore.importing.subunit1 import read
from defcore.importing.told import Told
from defcore.run.record import Outcome

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
NAMES = st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,3}(\[id-1\])?", fullmatch=True)
CALLS = {
    "addSuccess": Outcome.PASSED,
    "addFailure": Outcome.FAILED,
    "addError": Outcome.ERROR,
    "addSkip": Outcome.SKIPPED,
    "addExpectedFailure": Outcome.FAILED,
    "addUnexpectedSuccess": Outcome.FAILED,
}


def told(content: bytes) -> list[Told]:
    """Read a whole stream."""
    return list(read(io.BytesIO(content), "stream"))


def refused(content: bytes, most: int = 10_000_000) -> InputError:
    """Read a stream that is none, and return why."""
    with pytest.raises(InputError) as caught:
        list(read(io.BytesIO(content), "stream", most))
    assert "\n" not in str(caught.value)
    return caught.value


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, st.sampled_from(sorted(CALLS)), st.text(max_size=30)), max_size=5))
def test_what_the_format_s_own_library_writes_is_read(events: list[tuple[str, str, str]]) -> None:
    """If it fails, results that old tools wrote come in wrong."""
    out = io.BytesIO()
    client = subunit.TestProtocolClient(out)
    for name, call, text in events:
        test = PlaceHolder(name)
        client.time(AT)
        client.startTest(test)
        client.time(AT.replace(second=2))
        kind = "reason" if call == "addSkip" else "traceback"
        getattr(client, call)(test, details={kind: text_content(text), "log": text_content("] \n]\n")})
        client.stopTest(test)
    found = told(out.getvalue())
    assert [(item.name, item.outcome) for item in found] == [(name, CALLS[call]) for name, call, _ in events]
    assert all((item.started, item.seconds) == (AT.timestamp(), 2.0) for item in found)


def test_simple_details_times_and_printed_lines() -> None:
    """If it fails, a stream that was written by hand, or by the C library, is misread."""
    found = told(
        b"hello\ntest: a.b\nsuccess: other\n  success: a.b\nfailure: a.b [\nTrace\n ]kept\n]\n"
        b"testing: c\r\nskip: c [\nno swift\n]\ntest: d\nsuccessful: d\nxfail: d\n"
    )
    assert found == [
        Told("a.b", Outcome.FAILED, trace="Trace\n]kept"),
        Told("c", Outcome.SKIPPED, reason="no swift"),
        Told("d", Outcome.PASSED),
    ]


def test_a_test_begun_within_another_hides_neither() -> None:
    """If it fails, a worker that died takes the results of all later tests with it."""
    found = told(b"test: a\ntest: b\nsuccess: b\ntest: a\nsuccess: b\n")
    assert [(item.name, item.outcome, item.cut) for item in found] == [
        ("b", Outcome.PASSED, False),
        ("a", Outcome.ERROR, True),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"test: a\nfailure: a [\nTrace",
        b"test: a\nfailure: a [ multipart\n",
        b"test: a\nfailure: a [ multipart\nContent-Type: text/plain\ntraceback\n",
        b"test: a\nfailure: a [ multipart\nContent-Type: text/plain\ntraceback\n5\r\nab",
    ],
)
def test_a_stream_cut_off_in_details_is_refused(content: bytes) -> None:
    """If it fails, half a stream counts as a whole one."""
    assert refused(content).code == "cut-off"


@pytest.mark.parametrize(
    "content",
    [
        b"time: yesterday\n",
        b"time: 0001-01-01 00:00:00+23:59\n",
        b"test: a\nfailure: a [ multipart\nno type\n",
        b"test: a\nfailure: a [ multipart\nContent-Type: text/plain\ntraceback\nxyz\n",
    ],
)
def test_damage_is_refused(content: bytes) -> None:
    """If it fails, a damaged stream ends in a traceback."""
    assert refused(content).code == "bad-subunit"


def test_v2_among_the_lines_is_refused() -> None:
    """If it fails, v2 bytes read as v1 give no results, and nobody is told."""
    assert refused(b"test: a\nsuccess: a\n\xb3\x29\x01\x0c").code == "mixed-subunit"


def test_beyond_the_limit_it_is_refused() -> None:
    """If it fails, an endless stream is read for ever."""
    assert refused(b"test: a\nsuccess: a\n" * 20_000, most=100_000).code == "too-large"


PIECES = (
    b"test: a\n",
    b"success: a",
    b" [ multipart",
    b" [",
    b"\n",
    b"]\n",
    b"5\r\n",
    b"x",
    b"Content-Type: t\n",
    b"0\r\n",
    b"time: 1\n",
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_any_bytes_give_results_or_one_line(parts: list[bytes]) -> None:
    """If it fails, a wrong file costs a traceback."""
    with contextlib.suppress(InputError):
        told(b"".join(parts))
