"""Tests of the JUnit report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.report import ReportView, render
from defcore.run.record import Outcome

from .builders import VIEWS, case, mixed_cases, view_of
from .checks import junit
from .hostile import SCRIPT, hostile_view

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET


def _totals(root: ET.Element) -> dict[str, int]:
    return {key: sum(int(suite.get(key, 0)) for suite in root) for key in ("tests", "failures", "errors", "skipped")}


def test_every_report_keeps_to_the_schema(view: ReportView) -> None:
    """If it fails, a CI server refuses the file, or reads it wrong."""
    root = junit(render("junit", view))
    assert _totals(root)["tests"] == len(view.tests) + 1


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("green", {"tests": 31, "failures": 0, "errors": 0, "skipped": 0}),
        ("mixed", {"tests": 31, "failures": 8, "errors": 4, "skipped": 2}),
        ("dead", {"tests": 31, "failures": 0, "errors": 31, "skipped": 0}),
        ("empty", {"tests": 1, "failures": 0, "errors": 1, "skipped": 0}),
    ],
)
def test_red_and_green_follow_the_verdict(name: str, counts: dict[str, int]) -> None:
    """If it fails, CI is green for a cloud that failed or was never tested, or red for a flagged test."""
    assert _totals(junit(render("junit", VIEWS[name]()))) == counts


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (Outcome.FAILED, "failure"),
        (Outcome.UNSUPPORTED, "failure"),
        (Outcome.SKIPPED, "failure"),
        (Outcome.ERROR, "error"),
        (Outcome.NOT_RUN, "error"),
    ],
)
def test_an_outcome_becomes_what_it_does_to_the_verdict(outcome: Outcome, kind: str) -> None:
    """If it fails, a required test that was skipped is grey in CI although it fails the verdict."""
    found = junit(render("junit", view_of([case("a", "b", outcome)])))[1].find("testcase")
    assert found is not None
    assert [(child.tag, child.get("type")) for child in found] == [(kind, outcome.value)]


def test_a_failure_carries_its_evidence() -> None:
    """If it fails, whoever reads CI has to look elsewhere for what was expected."""
    root = junit(render("junit", view_of(mixed_cases())))
    failure = next(item for item in root.iter("failure") if (item.get("message") or "").startswith("PUT /v1"))
    assert "expected: 201" in (failure.text or "")
    assert "repeat: curl -i -X PUT" in (failure.text or "")


def test_a_flagged_failure_is_marked_as_not_deciding() -> None:
    """If it fails, a flagged test breaks somebody's build, or its failure is hidden."""
    skipped = [item.get("message") or "" for item in junit(render("junit", view_of(mixed_cases()))).iter("skipped")]
    assert any(message.startswith("failed, but flagged, does not decide: PUT") for message in skipped)


def test_a_broken_address_does_not_break_the_report() -> None:
    """If it fails, an odd identity endpoint keeps the vendor from any report."""
    view = view_of(mixed_cases(), cloud={"name": "x", "auth_url": "http://[half"})
    assert junit(render("junit", view))[0].get("hostname") == "unknown"


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1) | st.just(SCRIPT))
def test_no_text_breaks_the_xml(text: str) -> None:
    """If it fails, a control character in an answer of the cloud makes the file unreadable."""
    root = junit(render("junit", hostile_view(text)))
    assert [len(suite.findall("testcase")) for suite in root] == [1, 6]
