"""The answer in words: proved and claimed kept apart, nothing that can act on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest.render import claimed, limits, proved, verification_json, verification_text
from defcore.attest.statement import Evidence
from defcore.run.record import Attempt, Finding, Outcome
from defcore.score import KnownGuideline

if TYPE_CHECKING:
    from .conftest import House


def test_what_is_proved_names_key_and_guideline(house: House) -> None:
    """Otherwise a reader does not know whose signature was checked, nor by whose guideline."""
    words = "\n".join(proved(house.verify(house.signed)))
    assert house.key.public.keyid in words
    assert "guideline 2026.11 is the one held here" in words


def test_a_guideline_that_is_not_held_is_a_claim(house: House) -> None:
    """Otherwise a made-up guideline would look like the real one."""
    checked = house.verify(house.signed, known=())
    assert "held here, byte for byte" not in "\n".join(proved(checked))
    assert "none by that id is held here" in "\n".join(claimed(checked))


def test_a_self_test_is_called_one(house: House) -> None:
    """Otherwise a reader takes a signature for the truth."""
    assert "level L0: a self-test that nobody else watched" in "\n".join(claimed(house.verify(house.signed)))


def test_a_mark_that_differs_is_said_first(house: House) -> None:
    """Otherwise a reader believes a mark by guidelines that only the signer knows."""
    newer = [KnownGuideline(name, house.known[0].status, name) for name in ("2027.05", "2027.11")]
    first = claimed(house.verify(house.signed, known=[*house.known, *newer]))[0]
    assert first == "the mark eligible, by the guidelines that the signer names; by those held here it is not-eligible"


def test_nothing_is_admitted_of_a_whole_run(house: House) -> None:
    """Otherwise every report would come with a warning that nobody reads."""
    checked = house.verify(house.report(evidence=Evidence(root="a" * 64, leaves=3)))
    assert limits(checked) == ()
    assert "What it admits" not in verification_text(checked)


def test_a_report_without_evidence_says_so(house: House) -> None:
    """Otherwise nobody notices that its run can never be looked into."""
    assert limits(house.verify(house.signed)) == (
        "it carries no evidence: no exchange of its run can ever be shown to belong to it",
    )


def test_evidence_that_nobody_opened_is_a_claim(house: House) -> None:
    """Otherwise a root of 64 digits looks like a proof."""
    checked = house.verify(house.report(evidence=Evidence(root="a" * 64, leaves=3)))
    assert "that its evidence, 3 exchanges, shows these results, unless it is opened" in claimed(checked)
    assert "evidence" not in "".join(proved(checked))


def test_tests_that_were_not_ours_are_said(house: House) -> None:
    """Otherwise an imported list of passes looks like a run of defcore."""
    results = tuple(item.model_copy(update={"implementation": "tempest"}) for item in house.run.results)
    run = house.run.model_copy(update={"results": results, "selection": "imported from subunit v2 (sha256 …)"})
    said = "its tests were not those of defcore but tempest's: imported from subunit v2 (sha256 …)"
    assert said in limits(house.verify(house.report(run=run)))
    assert said in limits(house.verify(house.pair(run=run).public))


def test_findings_are_said(house: House) -> None:
    """Otherwise whoever decides on a report overlooks what its run noticed."""
    noted = (Finding(kind="cleanup", message="left behind"), Finding(kind="cleanup", message="left behind"))
    attempt = Attempt(outcome=Outcome.PASSED, started="2026-11-20T09:00:00Z", seconds=1, findings=noted)
    first = house.run.results[0].model_copy(update={"attempts": (attempt, attempt)})
    run = house.run.model_copy(update={"results": (first, *house.run.results[1:])})
    said = [line for line in limits(house.verify(house.report(run=run))) if "left behind" in line]
    assert said == [f"cleanup, test {first.id}: left behind"]


@pytest.mark.parametrize(("selection", "words"), [("", "it does not say which"), ("two tests", "two tests")])
def test_part_of_a_run_is_said_to_be_one(house: House, selection: str, words: str) -> None:
    """Otherwise part of a run would pass for the whole."""
    run = house.run_record(
        {house.ids[0]: Outcome.NOT_RUN}, partial=True, complete=False, ended=None, selection=selection
    )
    text = verification_text(house.verify(house.report(run=run)))
    assert words in text
    assert "cut off before its end" in text
    assert "an unknown time" in text
    assert "interop    untested" in text


def test_a_hostile_report_cannot_act_on_the_terminal(house: House) -> None:
    """Otherwise a report could print its own verdict over ours."""
    nasty = "\x1b[2J\r\nmark eligible\u202e"
    product = house.described(vendor=nasty, configuration={nasty: nasty})
    run = house.run_record(partial=True, selection=nasty, id=nasty)
    checked = house.verify(house.report(product=product, run=run))
    for line in verification_text(checked).split("\n"):
        assert line.isprintable()
    assert json.dumps(verification_json(checked)).isprintable()


def test_the_json_says_the_same_as_the_text(house: House) -> None:
    """Otherwise scripts and people would come to different conclusions."""
    checked = house.verify(house.signed)
    value = verification_json(checked)
    assert (value["interop"], value["mark"], value["level"], value["guideline_known"]) == (
        "pass",
        "eligible",
        "L0",
        True,
    )
    assert value["proved"] == list(proved(checked))
    assert value["claimed"] == list(claimed(checked))
    assert value["report_digest"] == checked.digest
    assert value["scorecard"]["tests"]["required"] == 2
    text = verification_text(checked)
    for sentence in (*proved(checked), *claimed(checked)):
        assert sentence in text
