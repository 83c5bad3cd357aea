"""Tests of what a report says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from defcore.guideline.model import State
from defcore.report import build_view
from defcore.run.record import Outcome
from defcore.score.model import Mark, Reason

from .builders import (
    NOW,
    Case,
    card_of,
    case,
    dead_cases,
    green_cases,
    mixed_cases,
    product,
    run_of,
    view_of,
)


def test_two_verdicts_with_their_reasons_come_first() -> None:
    """If it fails, a reader does not learn both verdicts, or not why."""
    interop, mark = view_of(green_cases()).verdicts
    assert (interop.key, interop.word, interop.tone) == ("interop", "Pass", "good")
    assert (mark.key, mark.word, mark.tone) == ("mark", "Undetermined", "open")
    assert mark.reasons == ("Guideline 2026.11 is a draft, nobody has approved it.",)


def test_a_mark_without_a_reason_says_so() -> None:
    """If it fails, a vendor is left with an unexplained verdict about the mark."""
    card = replace(card_of(green_cases()), reasons=())
    view = build_view(card, run_of(green_cases()), None, NOW)
    assert view.verdicts[1].reasons == ("The scorecard names no reason; score the run again to learn it.",)


def test_an_eligible_product_does_not_look_awarded() -> None:
    """If it fails, eligible is shown in the colour of a pass, as though the mark were granted."""
    view = build_view(card_of(green_cases(), Mark.ELIGIBLE), run_of(green_cases()), product(), NOW)
    assert view.verdicts[1].tone == "hold"
    assert view.verdicts[1].figure == "Not granted by this report"


def test_a_report_without_product_is_named_after_the_cloud() -> None:
    """If it fails, an early report has no name to be told by."""
    assert view_of(green_cases(), known=False).title == "Cloud example"
    assert view_of(green_cases()).title == "Example Cloud 4.2"


def test_a_partial_or_broken_run_is_announced_once() -> None:
    """If it fails, a reader takes a subset for the whole, or reads the same warning twice."""
    cut: dict[str, Any] = {"complete": False, "partial": True, "selection": "--capability x"}
    view = view_of(green_cases(), **cut)
    assert view.notices[0] == "This run covers only a part of the tests: --capability x."
    assert view.notices[1].startswith("This run was cut off")
    said = (Reason("interop", "partial-run", "p"), Reason("interop", "incomplete-run", "i"))
    card = replace(card_of(green_cases()), reasons=said)
    assert build_view(card, run_of(green_cases(), **cut), None, NOW).notices == ()


def test_a_dead_cloud_has_no_failed_test() -> None:
    """If it fails, a vendor is blamed for a network that was down."""
    view = view_of(dead_cases())
    assert view.verdicts[0].word == "Untested"
    assert [section.key for section in view.fixes] == ["error"]
    assert [entry.outcome.key for entry in view.legend] == ["error"]


def test_flagged_tests_and_other_states_do_not_decide() -> None:
    """If it fails, a test that does not count is shown as though it decided the verdict."""
    cases = [
        case("a", "required", Outcome.FAILED),
        case("a", "flagged", Outcome.FAILED, flagged=True),
        case("b", "advisory", Outcome.FAILED, status=State.ADVISORY),
        case("c", "old", Outcome.FAILED, status=State.DEPRECATED),
        case("d", "both", Outcome.FAILED, status=State.DEPRECATED, flagged=True),
    ]
    view = view_of(cases)
    assert [(test.decides, test.standing) for test in view.tests] == [
        (True, "required"),
        (False, "flagged, does not decide"),
        (False, "advisory, does not decide"),
        (False, "deprecated, does not decide"),
        (False, "flagged, does not decide; capability deprecated"),
    ]
    assert [item.decides for item in view.capabilities] == [True, False, False, False]


def test_a_shared_test_is_described_once_under_the_strictest_capability() -> None:
    """If it fails, a test under two capabilities is counted twice, or hidden under the one that does not decide."""
    first = case("old", "shared", status=State.DEPRECATED)
    view = view_of([first, Case("new", first.score, first.result)])
    assert len(view.tests) == 1
    assert view.tests[0].decides
    assert view.tests[0].home == view.capabilities[1].anchor
    assert view.tests[0].also == ("old",)
    assert view.legend[0].deciding == 1


def test_capabilities_count_what_did_not_pass() -> None:
    """If it fails, the table of capabilities does not say how far off one is."""
    found = {item.name: (item.passed, item.others) for item in view_of(mixed_cases()).capabilities}
    assert found["objectstore-object-get"] == ("2 of 4", "2 failed")
    assert found["objectstore-account-quotas"] == ("1 of 2", "1 failed, 1 flagged")
    assert found["objectstore-object-delete"] == ("1 of 1", "")
    assert view_of([case("x", "y", flagged=True)]).capabilities[0].others == "all flagged"


def test_findings_stand_apart_by_kind() -> None:
    """If it fails, a leftover object or an unsteady answer is mistaken for a failure, or not shown."""
    sections = view_of(mixed_cases()).findings
    assert [section.title.split(" (")[0] for section in sections] == [
        "Advisory",
        "Cleaning up",
        "Unsteady answers",
        "Guideline and scoring",
    ]
    assert all(section.findings for section in sections)


def test_the_product_shows_its_configuration_and_declarations() -> None:
    """If it fails, a reader cannot judge what system the result is about (process C4.5)."""
    view = view_of(green_cases())
    assert [fact.term for fact in view.system] == ["Storage back end", "Network plugin"]
    assert view.declarations[1].value == "contains the upstream code, modified"
    assert view.declarations[1].note == "A login page of our own."


def test_facts_name_guideline_digest_cloud_and_level() -> None:
    """If it fails, nobody can tell later what exactly was judged by what."""
    facts = {fact.term: fact for fact in view_of(green_cases()).facts}
    assert facts["Guideline"].value == "2026.11 (draft)"
    assert facts["Guideline digest (sha256)"].value == "0123456789abcdef" * 4
    assert facts["Assurance level"].value == "L0"
    assert facts["Cloud"].note == "region eu-north"
    assert facts["Run"].value == "2026-11-20 10:00:00 to 10:04:12 UTC"
