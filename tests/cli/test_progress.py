"""The progress of a run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.cli.progress import Bar
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.run.runner import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

TEST_ID = "0f0e0d0c-1111-4222-8333-444455556666"
AT = "2026-11-20T10:00:00Z"


def step(outcome: Outcome, done: int, reason: str | None = None) -> Progress:
    """Make the end of a test."""
    return Progress("test_it", Attempt(outcome=outcome, started=AT, seconds=1, reason=reason), done, 20)


def play(bar: Bar) -> None:
    """Show a run of twenty tests, of which two do not pass."""
    with bar:
        bar.started(20, "all", Path("out"))
        for done in range(1, 19):
            bar.progress(step(Outcome.PASSED, done))
        bar.progress(step(Outcome.FAILED, 19, "status: expected 200, got 500"))
        bar.progress(step(Outcome.NOT_RUN, 20, "needs a second project"))


def test_without_a_terminal_there_are_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """A log of CI full of control characters is unreadable; stdout stays free for data."""
    play(Bar())
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.splitlines() == [
        "20 tests (all), written to out",
        "10/20 done, 10 passed",
        "     failed  test_it",
        "             status: expected 200, got 500",
        "    not run  test_it",
        "             needs a second project",
        "20/20 done, 1 failed, 1 not run, 18 passed",
    ]


def test_on_a_terminal_the_bar_grows_and_is_wiped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user who waits wants to see how long; failures must not be overwritten by the bar."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    play(Bar())
    err = capsys.readouterr().err
    assert "━" * 14 + "╌" * 14 + " 10/20  10 passed  about " in err
    assert "━" * 28 + " 20/20" in err
    assert "\r\x1b[K     failed  test_it\n" in err
    assert err.endswith("\r\x1b[K")


@pytest.fixture
def record() -> Callable[..., RunRecord]:
    """Make records."""

    def make(*notes: str) -> RunRecord:
        attempts = (Attempt(outcome=Outcome.PASSED, started=AT, seconds=1, requests=5, retries=2),)
        results = (
            TestResult(id=TEST_ID, name="a", outcome=Outcome.PASSED, attempts=attempts),
            TestResult(id=TEST_ID.replace("0f", "1f"), name="b", outcome=Outcome.NOT_RUN),
        )
        return RunRecord(
            id="r",
            started=AT,
            cloud=Cloud(name="x", auth_url="https://k"),
            engine=Engine(name="native", version="0"),
            results=results,
            notes=notes,
        )

    return make


def test_the_summary_is_one_line_and_the_notes(
    record: Callable[..., RunRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    """Retries are told, for nothing is retried in silence; and so is what could not be cleaned up."""
    Bar().summary(record("could not end container c"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("1 not run, 1 passed; 5 requests, 2 of them retries, ")
    assert lines[1:] == ["note: could not end container c"]
