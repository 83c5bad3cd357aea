"""Tests of the wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.report import words
from defcore.score.model import Interop, Mark

from .builders import card_of, dead_cases, green_cases, mixed_cases


def test_clean_replaces_what_no_reader_may_meet() -> None:
    """If it fails, a log line can recolour a terminal, break the XML or turn the text around it right to left."""
    assert words.clean("a\x1b[31mb\x00c\u202ed\ud800e") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde"


def test_clean_keeps_lines_and_scripts() -> None:
    """If it fails, a vendor's own language or the lines of a response body are lost."""
    assert words.clean("ключ: 値\r\n\tüber") == "ключ: 値\n\tüber"


def test_clean_says_how_much_it_cut() -> None:
    """If it fails, a cut message passes for the whole one."""
    assert words.clean("x" * 5000).endswith("… (1,000 more characters in the run record)")


@given(st.text())
def test_line_is_one_short_line(text: str) -> None:
    """If it fails, a heading or a table row can be broken by the text of a cloud."""
    shown = words.line(text)
    assert len(shown) <= words.SHORT
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the cloud is gone", "The cloud is gone."),
        ("Done.", "Done."),
        ("", ""),
        ("  two\nlines ", "Two lines."),
        ("see (page 3)", "See (page 3)"),
    ],
)
def test_sentence_reads_as_running_text(text: str, said: str) -> None:
    """If it fails, reasons stand as fragments on a page that goes to management."""
    assert words.sentence(text) == said


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://docs.openstack.org/x#y", True),
        ("http://docs.example.org/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:nowhere", False),
        ("https://[half", False),
        ("https://a b", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(text: str, *, linked: bool) -> None:
    """If it fails, a reference out of a run record runs a script in the reader's browser."""
    assert bool(words.link(text)) is linked


@pytest.mark.parametrize(("seconds", "said"), [(0, "0.0 s"), (0.44, "0.4 s"), (12.4, "12 s"), (185, "3 min 5 s")])
def test_duration_is_readable(seconds: float, said: str) -> None:
    """If it fails, a reader has to count seconds."""
    assert words.duration(seconds) == said


def test_span_names_a_day_once() -> None:
    """If it fails, the time of the run is hard to read, or wrong when it runs over midnight."""
    start = "2026-11-20T23:59:00.250000Z"
    assert words.span(start, "2026-11-20T23:59:30Z") == "2026-11-20 23:59:00 to 23:59:30 UTC"
    assert words.span(start, "2026-11-21T00:01:00Z") == "2026-11-20 23:59:00 to 2026-11-21 00:01:00 UTC"
    assert words.span(start, None) == "2026-11-20 23:59:00 UTC, no end recorded"
    assert words.moment("yesterday") == "yesterday"


def test_level_says_who_vouches() -> None:
    """If it fails, an unsigned draft does not say that nobody vouches for it."""
    assert words.level("L0")[1].startswith("Unsigned draft")
    assert words.level("L1 self-attested")[1].startswith("Self-attested")
    assert words.level("house rule") == ("house rule", "")


@pytest.mark.parametrize("mark", list(Mark))
def test_no_mark_verdict_reads_as_a_grant(mark: Mark) -> None:
    """If it fails, a vendor may take an eligible product for one that carries the mark."""
    said = words.mark_meaning(card_of(green_cases(), mark))
    assert "never by this report" in said
    assert "none yet" in said


def test_interop_says_what_it_means() -> None:
    """If it fails, a reader cannot tell a wrong cloud from one that was not reached."""
    assert "It is not the mark" in words.interop_meaning(card_of(green_cases()))
    assert "7 required tests did not get the answer" in words.interop_meaning(card_of(mixed_cases()))
    dead = card_of(dead_cases())
    assert dead.interop is Interop.UNTESTED
    assert words.interop_meaning(dead).startswith("The required tests gave no result")
    assert "none of none is not a pass" in words.interop_meaning(card_of([]))
