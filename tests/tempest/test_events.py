"""What a worker of Tempest says, and what is made of it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.cloud.redact import HIDDEN, Scrubber
from defcore.errors import CloudError
from defcore.run.record import Attempt, Outcome
from defcore.tempest.events import Done, Finished, OfClass, Sent, attempt, parse

RECORDED = (Path(__file__).parent / "recorded.jsonl").read_bytes().splitlines()
SENT = Sent(403, "GET", "http://cloud/v2.1/servers?key=planted", 0.1, "req-1", "ServersTest:test_it")


def trace(raised: str) -> str:
    """Make a traceback that ends so."""
    return f'Traceback (most recent call last):\n  File "x.py", line 1, in test_it\n    it()\n{raised}\n'


def judged(raised: str, status: str = "fail", **words: Any) -> Attempt:  # noqa: ANN401 - of Finished
    """Make an attempt of a test that raised something."""
    usual = {"event": "finished", "name": "n", "at": 10.0, "seconds": 1.5, "requests": (SENT,), "status": status}
    found = Finished.model_validate(usual | {"traceback": raised} | words)
    return attempt(found, Scrubber(["planted-password"]), found.at, found.seconds)


def test_a_recorded_stream_is_read() -> None:
    """What Tempest 47 really said must be understood, test by test."""
    events = [parse(line) for line in RECORDED]
    ended = [event for event in events if isinstance(event, Finished)]
    outcomes = [attempt(event, Scrubber(), event.at, event.seconds) for event in ended]
    assert [item.outcome for item in outcomes] == [Outcome.PASSED] * 2 + [Outcome.SKIPPED, Outcome.PASSED]
    assert outcomes[2].reason == "Instance validation tests are disabled."
    assert outcomes[0].requests == 1
    assert outcomes[0].seconds == 0.449
    assert outcomes[0].started.startswith("2026-11-20T")
    assert isinstance(events[-1], Done)


@given(st.binary(max_size=200))
def test_anything_else_is_one_clear_line(line: bytes) -> None:
    """A worker that talks nonsense must not end in a traceback of ours."""
    with contextlib.suppress(CloudError):
        parse(line)


@given(st.integers(0, len(RECORDED) - 1), st.integers(0, 300))
def test_a_line_that_was_cut_off_is_one_clear_line(number: int, length: int) -> None:
    """A worker that is killed while it speaks leaves half a line."""
    line = RECORDED[number]
    if length < len(line):
        with pytest.raises(CloudError):
            parse(line[:length])


@pytest.mark.parametrize(
    ("raised", "outcome", "kind", "cause"),
    [
        ("testtools.matchers._impl.MismatchError: 200 != 404", "failed", "answer", "MismatchError: 200 != 404"),
        (
            "tempest.lib.exceptions.ServerFault: Got server fault\nDetails: x",
            "failed",
            "answer",
            "ServerFault: Got server fault",
        ),
        (
            "tempest.lib.exceptions.TimeoutException: Request timed out",
            "failed",
            "answer",
            "TimeoutException: Request timed out",
        ),
        ("AssertionError", "failed", "answer", "AssertionError"),
        ("KeyError: 'server'", "failed", "answer", "KeyError: 'server'"),
        (
            "urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='h')",
            "error",
            "trouble",
            "MaxRetryError: HTTPConnectionPool(host='h')",
        ),
        ("ConnectionRefusedError: [Errno 111]", "error", "trouble", "ConnectionRefusedError: [Errno 111]"),
        ("fixtures._fixtures.timeout.TimeoutException", "error", "trouble", "TimeoutException"),
        ("tempest.lib.exceptions.RateLimitExceeded: Rate", "error", "trouble", "RateLimitExceeded: Rate"),
        ("tempest.lib.exceptions.InvalidCredentials: Invalid", "error", "input", "InvalidCredentials: Invalid"),
        ("ImportError: no module", "error", "bug", "ImportError: no module"),
    ],
)
def test_what_was_raised_says_whose_fault_it_is(raised: str, outcome: str, kind: str, cause: str) -> None:
    """A network that broke must not be held against the cloud, and a wrong answer must not be excused."""
    found = judged(trace(raised))
    assert found.failure
    assert (found.outcome, found.failure.kind, found.failure.cause) == (outcome, kind, cause)
    assert found.reason == cause
    assert found.failure.request == "GET http://cloud/v2.1/servers?key=%5Bhidden%5D".replace("%5Bhidden%5D", HIDDEN)
    assert found.failure.request_id == "req-1"


def test_a_denial_tells_its_status() -> None:
    """A run of nothing but denials is no result, and that is found by the status."""
    failure = judged(trace("tempest.lib.exceptions.Forbidden: Forbidden\nDetails: no")).failure
    assert failure
    assert (failure.place, failure.actual) == ("status", "403")


def test_of_several_tracebacks_the_last_one_counts() -> None:
    """What was raised from something else says more than what it was raised from."""
    both = trace("KeyError: 'a'") + "\nDuring handling of the above exception, another exception occurred:\n\n"
    assert judged(both + trace("ValueError: b")).reason == "ValueError: b"


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        ("success", "passed", None),
        ("xfail", "skipped", "Tempest expects it to fail"),
        ("uxsuccess", "failed", "it passed where Tempest knows that it must not"),
        ("skip", "skipped", "Tempest gives no reason"),
        ("error", "error", "Tempest gives no traceback"),
    ],
)
def test_every_word_of_tempest_has_one_of_ours(status: str, outcome: str, reason: str | None) -> None:
    """Only what passed is green; an expected failure is no pass."""
    found = judged("", status)
    assert (found.outcome, found.reason) == (outcome, reason)


@given(st.text(), st.sampled_from(["fail", "error", "skip"]))
def test_no_secret_gets_through(text: str, status: str) -> None:
    """A traceback or a reason that quotes a password must not land in a record."""
    secret = "planted-password"  # noqa: S105 - planted
    found = judged(trace(f"ValueError: {text}{secret}"), status, reason=f"{secret}{text}")
    assert secret not in json.dumps(found.model_dump(mode="json"))


def test_a_traceback_does_not_tell_of_the_machine() -> None:
    """A signed report must not name the home of whoever ran it."""
    places = '  File "/home/ann/.cache/x/lib/python3.11/site-packages/tempest/a.py", line 1, in b\n    b()\n    ~^^\n'
    places += '  File "/home/ann/.pyenv/lib/python3.11/unittest/case.py", line 2, in c\n    c()\n'
    failure = judged(f"Traceback (most recent call last):\n{places}KeyError: 1\n").failure
    assert failure
    assert failure.message == (
        'Traceback (most recent call last):\n  File "tempest/a.py", line 1, in b\n    b()\n'
        '  File "unittest/case.py", line 2, in c\n    c()\nKeyError: 1\n'
    )


def test_of_a_long_traceback_the_end_is_kept() -> None:
    """A test that compares megabytes must not fill the record with them, nor lose what was raised."""
    failure = judged("x" * 100_000 + "\n" + trace("ValueError: b")).failure
    assert failure
    assert len(failure.message) < 7000
    assert failure.message.endswith("ValueError: b\n")


def test_what_befell_a_class_is_of_its_set_up() -> None:
    """A test that was never reached must not look as if it had been tried."""
    found = OfClass(event="class", name="setUpClass (a.B)", requests=(), status="error", traceback=trace("KeyError"))
    assert found.before
    told = attempt(found, Scrubber(), 10.0, 2.0)
    assert told.failure
    assert (told.failure.stage, told.failure.request, told.requests) == ("setup", None, 0)
    assert not OfClass(event="class", name="tearDownClass (a.B)", requests=(), status="error").before
