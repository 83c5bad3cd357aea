"""Tests of what to fix."""

from __future__ import annotations

from dataclasses import replace

from defcore.report.fixes import nothing_to_fix
from defcore.run.record import Outcome
from defcore.score.model import Interop, Mark

from .builders import attempt, card_of, case, dead_cases, green_cases, mixed_cases, view_of, wrong


def test_failures_are_grouped_by_cause_the_weightiest_first() -> None:
    """If it fails, one fault of the cloud is told as many, or the important one stands last."""
    failed = view_of(mixed_cases()).fixes[0]
    assert failed.key == "failed"
    first = failed.groups[0]
    assert first.title == "PUT /v1/{account}/{container}: status 500, not 201"
    assert first.count == "4 tests"
    assert first.effect == "3 required tests of these make the verdict fail"
    assert first.sample.expected == "201"
    assert [test.brief for test in first.tests][:2] == ["expected 201, actual 500", "expected 202, actual 500"]
    assert not first.tests[-1].decides


def test_every_kind_of_trouble_has_its_section() -> None:
    """If it fails, a missing credential or an unsteady answer is not told to who could mend it."""
    keys = [section.key for section in view_of(mixed_cases()).fixes]
    assert keys == ["failed", "unsupported", "skipped", "error", "not_run", "flaky"]


def test_missing_needs_say_how_to_supply_them() -> None:
    """If it fails, a vendor does not learn that a second project would let two tests run."""
    section = next(item for item in view_of(mixed_cases()).fixes if item.key == "not_run")
    assert section.groups[0].title.startswith("Needs a second project: give --alt-cloud NAME")
    assert section.groups[0].count == "2 tests"


def test_the_sample_of_a_group_is_one_that_was_recorded() -> None:
    """If it fails, a group shows no expected and actual though one of its tests has them."""
    bare = wrong("same").model_copy(update={"expected": None, "actual": None, "request": None})
    cases = [
        case("a", "bare", Outcome.FAILED, failure=bare),
        case("a", "full", Outcome.FAILED, failure=wrong("same")),
    ]
    assert view_of(cases).fixes[0].groups[0].sample.expected == "201"


def test_groups_that_do_not_decide_say_so() -> None:
    """If it fails, a flagged failure looks like the reason for the verdict."""
    cases = [
        case("a", "one", Outcome.FAILED, flagged=True, failure=wrong("x")),
        case("a", "two", Outcome.FAILED, flagged=True, failure=wrong("y")),
        case("a", "three", Outcome.FAILED, flagged=True, failure=wrong("y")),
        case("a", "fine"),
    ]
    view = view_of(cases)
    assert [group.effect for group in view.fixes[0].groups] == ["do not decide", "does not decide"]
    assert view.to_fix == ""
    assert view.nothing_to_fix == (
        "Every required test passed. What the mark still needs stands with its verdict. What follows does not decide."
    )


def test_nothing_to_fix_is_said_only_when_true() -> None:
    """If it fails, a cloud that was never reached is told that all is well."""
    assert view_of(green_cases()).nothing_to_fix.startswith("Every required test passed.")
    assert nothing_to_fix(card_of(green_cases(), Mark.ELIGIBLE), ()) == "Every required test passed."
    assert view_of(dead_cases()).nothing_to_fix == ""
    assert view_of(dead_cases()).to_fix == "30 required tests did not pass, for 1 reason."
    assert "choose another program" in view_of([]).nothing_to_fix
    unsteady = case("a", "b", attempts=(attempt(Outcome.PASSED), attempt(Outcome.FAILED)))
    assert view_of([unsteady]).fixes[0].groups[0].title == "Passed, then failed"


def test_an_untested_verdict_without_anything_to_fix_stays_silent() -> None:
    """If it fails, a contradiction between verdict and tests is papered over with good news."""
    card = replace(card_of(green_cases()), interop=Interop.UNTESTED)
    assert nothing_to_fix(card, ()) == ""
