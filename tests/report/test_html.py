"""Tests of the HTML report. Snapshots: see ``test_html_snapshot``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from defcore.report import ReportView, render
from defcore.report.words import LEVELS

from .builders import VIEWS, dead_cases, green_cases, huge_cases, mixed_cases, view_of
from .checks import Page
from .hostile import SCRIPT, hostile_view

if TYPE_CHECKING:
    from collections.abc import Callable

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MARKUP = st.lists(
    st.sampled_from(["<b>", "</p>", "<", ">", "&", "&lt", '"', "'", "<!--", "]]>", "a", " ", "{{"]), min_size=1
)
TEXTS = (MARKUP.map("".join) | st.text(st.characters(exclude_categories=()), min_size=1)).filter(
    lambda text: any(char.isalnum() for char in text)
)


@pytest.mark.parametrize("name", ["green", "mixed", "dead", "empty", "imported"])
def test_html_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """If it fails, the page changed: look at it, then store it with DEFCORE_WRITE_SNAPSHOTS=1 pytest tests/report."""
    snapshot(f"{name}.html", render("html", VIEWS[name]()))


def test_the_page_asks_nothing_of_the_network(view: ReportView) -> None:
    """If it fails, opening a report tells a third party, and offline it looks broken."""
    text = render("html", view)
    page = Page(text)
    assert "script" not in page.names
    assert not re.search(r"url\(|@import|@font-face", text)
    assert not [
        name for name in ("iframe", "object", "embed", "img", "video", "audio", "base", "form") if name in page.names
    ]
    assert [item["href"] for item in page.all("link")] == ["data:,"]
    assert all((item["href"] or "").startswith("#") for item in page.all("use"))
    assert not [item for _, item in page.tags if "src" in item or any(key.startswith("on") for key in item)]
    policy = next(item["content"] for item in page.all("meta") if item.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_headings_go_down_one_step_at_a_time(view: ReportView) -> None:
    """If it fails, somebody who jumps from heading to heading gets lost."""
    levels = [int(name[1]) for name in Page(render("html", view)).names if name in HEADINGS]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(view: ReportView) -> None:
    """If it fails, a link from what to fix leads to nothing, or to another test."""
    page = Page(render("html", view))
    ids = [item["id"] for _, item in page.tags if "id" in item]
    assert len(ids) == len(set(ids))
    inside = [item["href"] for item in page.all("a", "use") if (item["href"] or "").startswith("#")]
    assert {(href or "")[1:] for href in inside} <= set(ids)
    for _, item in page.tags:
        assert set((item.get("aria-labelledby") or "").split()) <= set(ids)
        assert set((item.get("aria-describedby") or "").split()) <= set(ids)


def test_landmarks_tables_and_pictures_can_be_heard(view: ReportView) -> None:
    """If it fails, a screen reader finds no landmark, no table header or an unnamed picture."""
    page = Page(render("html", view))
    for name in ("header", "nav", "main", "footer", "h1"):
        assert page.names.count(name) == 1
    assert next(page.all("html"))["lang"] == "en"
    assert all(item.get("scope") in ("col", "row") for item in page.all("th"))
    assert all(item.get("aria-hidden") == "true" or item.get("aria-labelledby") for item in page.all("svg"))
    assert next(page.all("a"))["class"] == "skip"


def test_verdicts_come_before_what_to_fix_and_that_before_the_rest() -> None:
    """If it fails, management has to search for the verdict."""
    words = Page(render("html", view_of(mixed_cases()))).words
    order = [
        "Draft guideline: no mark is granted",
        "Fail",
        "Undetermined",
        "The cloud answered wrongly",
        "One sign for each test",
    ]
    places = [words.index(item) for item in order]
    assert places == sorted(places)


def test_a_pass_says_that_the_mark_is_not_granted_and_why() -> None:
    """If it fails, a passing draft looks as though the mark were granted."""
    words = Page(render("html", view_of(green_cases()))).words
    assert "Not granted by this report" in words
    assert "Guideline 2026.11 is a draft, nobody has approved it." in words
    assert "Reason" in words


def test_a_dead_cloud_shows_untested_and_no_failed_test() -> None:
    """If it fails, a network that was down reads as a cloud that failed."""
    words = Page(render("html", view_of(dead_cases()))).words
    assert "Untested" in words
    assert "0 of 30 required tests passed, 30 gave no result" in words
    assert "Failed" not in words


def test_a_large_page_stays_reasonable() -> None:
    """If it fails, three hundred tests with endless messages make a page that no phone opens."""
    assert len(render("html", view_of(huge_cases())).encode()) < 2_000_000


def test_script_in_every_field_stays_text() -> None:
    """If it fails, a cloud under test runs a script in the browser of whoever reads its report."""
    page = Page(render("html", hostile_view(SCRIPT)))
    assert "script" not in page.names
    assert "img" not in page.names
    assert "<script>alert(1)</script>" in page.words
    assert "{{ 7*7 }}" in page.words


PLAIN = [
    (tag, sorted(item)) for tag, item in Page(render("html", hostile_view("plain"))).tags if tag not in ("a", "wbr")
]


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_no_text_adds_a_tag_or_an_attribute(text: str) -> None:
    """If it fails, some text of a cloud, a vendor or a guideline changes the page instead of standing in it."""
    assume(text.split()[:1] != [] and text.split(maxsplit=1)[0] not in LEVELS)
    page = Page(render("html", hostile_view(text)))
    assert [(tag, sorted(item)) for tag, item in page.tags if tag not in ("a", "wbr")] == PLAIN
    assert all(re.match(r"#|https?://", item["href"] or "") for item in page.all("a"))
