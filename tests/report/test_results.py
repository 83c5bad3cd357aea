"""Tests of how the guideline's tests meet the run's results."""

from __future__ import annotations

from dataclasses import replace

import pytest

from defcore.report import ReportView, build_view
from defcore.report.results import NO_CAUSE, NO_RESULT
from defcore.run.record import Failure, Finding, Outcome, RunRecord, TestResult

from .builders import NOW, Case, attempt, card_of, case, run_of, test_id, view_of, wrong


def _scored(cases: list[Case], run: RunRecord) -> ReportView:
    return build_view(card_of(cases), run, None, NOW)


def test_a_result_is_found_by_name_when_its_id_is_another() -> None:
    """If it fails, results of an engine that knows names only are shown without their evidence."""
    failed = case("a", "b", Outcome.FAILED, failure=wrong("the cause"), matched="name")
    assert failed.result is not None
    other = failed.result.model_copy(update={"id": test_id("other")})
    view = _scored([failed], run_of([replace(failed, result=other)]))
    assert view.tests[0].cause == "the cause"
    assert view.tests[0].matched == "by its name, because the run had no result with its id"


def test_a_test_that_the_run_lacks_says_so() -> None:
    """If it fails, a test that nobody ran looks like one that was left out on purpose."""
    view = view_of([case("a", "b", Outcome.NOT_RUN, matched=None)])
    assert view.tests[0].cause == NO_RESULT
    assert view.tests[0].attempts == ()


@pytest.mark.parametrize(
    ("failure", "reason", "cause"),
    [
        (Failure(cause="c", message="m"), "r", "c"),
        (Failure(cause=" ", message=""), "r", "R"),
        (None, "r", "R"),
        (None, None, NO_CAUSE),
    ],
)
def test_the_cause_falls_back_to_the_reason(failure: Failure | None, reason: str | None, cause: str) -> None:
    """If it fails, a failure with missing fields has no heading, and cannot be grouped."""
    assert view_of([case("a", "b", Outcome.FAILED, failure=failure, reason=reason)]).tests[0].cause == cause


def test_the_worst_attempt_explains_the_outcome() -> None:
    """If it fails, a test that failed first and passed then shows no reason for its failure."""
    attempts = (
        attempt(Outcome.FAILED, failure=wrong("first")),
        attempt(Outcome.FAILED, reason="unexplained"),
        attempt(Outcome.PASSED),
    )
    test = view_of([case("a", "b", Outcome.FAILED, attempts=attempts)]).tests[0]
    assert test.cause == "first"
    assert test.flaky
    assert [item.note for item in test.attempts][1:] == ["unexplained", ""]


def test_a_repeated_finding_is_told_once() -> None:
    """If it fails, a retried test fills the page with one finding."""
    same = Finding(message="leak", kind="cleanup")
    attempts = (attempt(Outcome.PASSED, findings=(same,)), attempt(Outcome.PASSED, findings=(same, same), retries=2))
    found = view_of([case("a", "b", attempts=attempts)]).tests[0].findings
    assert [item.message for item in found] == ["leak", "2 requests had to be sent again before an answer came."]


def test_stage_and_reference_are_worded() -> None:
    """If it fails, a failed set-up reads as a wrong answer, or a script is linked as a reference."""
    failure = wrong("c", stage="setup", reference="javascript:alert(1)")
    seen = view_of([case("a", "b", Outcome.ERROR, failure=failure)]).tests[0].evidence
    assert seen.stage == "while setting up"
    assert seen.link == ""
    assert seen.reference == "javascript:alert(1)"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("tempest.api.test_x.Class.test_it[id-1,smoke]", "test_it"),
        ("a sentence. With a dot", "a sentence. With a dot"),
        ("plain", "plain"),
        ("...", "..."),
    ],
)
def test_titles_are_the_last_part_of_a_dotted_name(name: str, title: str) -> None:
    """If it fails, a list of tests shows the same long prefix a hundred times, or an empty name."""
    item = case("a", "b")
    assert item.result is not None
    result = TestResult(id=item.score.id, name=name, outcome=Outcome.PASSED)
    view = _scored([replace(item, score=replace(item.score, name=name), result=result)], run_of([item]))
    assert view.tests[0].title == title
