"""Tests of the Markdown report. Snapshots: see ``test_markdown_snapshot``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.report import ReportView, render
from defcore.report.markdown import code, prose

from .builders import VIEWS, huge_cases, view_of
from .checks import markdown_tokens
from .hostile import SCRIPT, hostile_view

if TYPE_CHECKING:
    from collections.abc import Callable

MARKUP = st.text(st.sampled_from("`*_[]()<>|\\!#-+=.&;:/~$@1 a\nhttps://w"), min_size=1)
TEXTS = (MARKUP | st.text(min_size=1)).filter(lambda text: any(c.isalnum() for c in text))


@pytest.mark.parametrize("name", ["green", "mixed", "dead", "empty", "imported"])
def test_markdown_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """If it fails, the text changed: read it, then store it with DEFCORE_WRITE_SNAPSHOTS=1 pytest tests/report."""
    snapshot(f"{name}.md", render("md", VIEWS[name]()))


def test_no_report_holds_html_or_a_link(view: ReportView) -> None:
    """If it fails, a report in a pull request carries markup that came out of a run."""
    assert not {"html_inline", "html_block", "link_open", "image"} & set(markdown_tokens(render("md", view)))


def test_long_groups_are_cut_with_a_count() -> None:
    """If it fails, a comment in a pull request is too long to be posted, or hides how many tests failed."""
    text = render("md", view_of(huge_cases(1000)))
    assert "- and 30 more" in text
    assert len(text) < 65_000


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("2026.11 is out", "2026.11 is out"),
        ("1. one", "1\\. one"),
        ("- dash", "\\- dash"),
        ("a | b", "a \\| b"),
        ("https://x www.y z@w", "https&#58;//x www&#46;y z&#64;w"),
    ],
)
def test_prose_escapes_only_what_it_must(text: str, escaped: str) -> None:
    """If it fails, the text is either markup or hard to read as it stands."""
    assert prose(text) == escaped


def test_code_holds_backticks() -> None:
    """If it fails, a backtick in an answer of the cloud ends the code span."""
    assert code("a ``b` c") == "```a ``b` c```"
    assert code("`a`") == "`` `a` ``"
    assert code("") == "(empty)"


PLAIN = markdown_tokens(render("md", hostile_view("plain")))


def test_markup_in_every_field_stays_text() -> None:
    """If it fails, a script in a run record reaches whoever renders the report."""
    assert markdown_tokens(render("md", hostile_view(SCRIPT))) == PLAIN


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_text_adds_markup(text: str) -> None:
    """If it fails, some text of a cloud, a vendor or a guideline changes the report instead of standing in it."""
    assert markdown_tokens(render("md", hostile_view(text))) == PLAIN
