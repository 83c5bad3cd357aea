"""The summary that a CI server shows on the page of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.report.markdown import summary

from .builders import dead_cases, green_cases, huge_cases, mixed_cases, view_of
from .checks import markdown_tokens
from .hostile import hostile_view

if TYPE_CHECKING:
    from defcore.report import ReportView


def test_it_says_the_verdict_the_counts_and_what_to_fix() -> None:
    """If it fails, one has to open the log of the job to know why it is red."""
    text = summary(view_of(mixed_cases()))
    head, *_ = text.splitlines()
    assert head == "## Example Cloud 4.2: Fail"
    assert "All tests: " in text
    assert "#### " in text
    assert "- Repeat it: `curl -i -X PUT" in text
    assert text.endswith("\n\n")


def test_a_green_one_is_short_and_a_dead_cloud_says_so() -> None:
    """If it fails, a pipeline that is green fills pages, or a dead cloud looks like a bad one."""
    assert len(summary(view_of(green_cases())).splitlines()) < 20
    assert ": Untested\n" in summary(view_of(dead_cases()))


def test_changes_are_listed_and_cut_with_a_count() -> None:
    """If it fails, hundreds of known failures push the new one out of sight, or off the page's limit."""
    text = summary(view_of(green_cases()), [f"known: test {number}" for number in range(200)])
    assert "### Compared with the baseline\n\n- known: test 0\n" in text
    assert "- known: test 49\n" in text
    assert "test 50" not in text
    assert "And 150 more." in text
    assert len(summary(view_of(huge_cases(1000)))) < 65_000


def test_nothing_of_a_run_is_markup(view: ReportView) -> None:
    """If it fails, what a cloud answers can draw on the page of the job."""
    for item in (view, hostile_view("<script>alert(1)</script>[x](http://x)")):
        tokens = set(markdown_tokens(summary(item, ["<b>x</b> [x](http://x)"])))
        assert not {"html_inline", "html_block", "link_open", "image"} & tokens
