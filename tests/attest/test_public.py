"""The public report: passes and no word of the rest, bound to the full one, and verified on its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest.canonical import canonical, sha256_hex
from defcore.attest.public import check_pair
from defcore.attest.render import claimed, limits, proved, verification_json, verification_text
from defcore.attest.verify import require
from defcore.errors import InputError, RefusedError
from defcore.run.record import Attempt, Failure, Finding, Outcome
from defcore.score import KnownGuideline

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.attest.sign import Pair

    from .conftest import House

T1, T2, T3, T4 = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "1234")
FAILING = {T1: Outcome.FAILED, T3: Outcome.SKIPPED}


def failing(house: House) -> Pair:
    """Sign a run in which one required test failed and a flagged one was skipped, with words about both."""
    failure = Failure(cause="secret", message="secret")
    noted = (Finding(message="secret"),)
    attempt = Attempt(
        outcome=Outcome.FAILED, started="2026-11-20T09:00:00Z", seconds=1, failure=failure, findings=noted
    )
    run = house.run_record(FAILING)
    results = tuple(item.model_copy(update={"attempts": (attempt,), "reason": "secret"}) for item in run.results[:3])
    return house.pair(run=run.model_copy(update={"results": (*results, run.results[3])}))


def test_only_passes_are_in_it(house: House) -> None:
    """Otherwise a vendor publishes its failures without wanting to (process C4.3)."""
    public = failing(house).public
    value = house.statement(public)
    text = canonical(value["predicate"] | {"guideline": None}).decode()
    for word in (T1, T3, "secret", "fail", "skip", "unsupported", "not-eligible", "untested"):
        assert word not in text
    assert [item["id"] for item in value["predicate"]["passed"]] == [T2, T4]
    assert value["predicate"]["product"]["configuration"] == house.product.configuration
    assert value["predicate"]["shown"] == {"interop": None, "mark": None, "capabilities": ["get"]}


def test_it_cites_the_full_report(house: House) -> None:
    """Otherwise nobody could tell which submission a published report stands for."""
    pair = house.pair()
    value = house.statement(pair.public)
    assert value["predicateType"] == "urn:defcore:public-report:v1"
    assert value["predicate"]["report"] == {"sha256": sha256_hex(pair.full)}
    full, public = house.verify(pair.full), house.verify(pair.public)
    assert (full.public, public.public) == (False, True)
    assert full.full_digest == public.full_digest == full.digest != public.digest
    assert full.statement.subject == public.statement.subject


@given(outcomes=some.lists(some.sampled_from(Outcome), min_size=4, max_size=4), partial=some.booleans())
def test_it_shows_a_verdict_exactly_where_the_full_one_has_it(
    house: House, outcomes: list[Outcome], *, partial: bool
) -> None:
    """Otherwise a public report promises more, or less, than the run gave."""
    run = house.run_record(dict(zip(house.ids, outcomes, strict=True)), partial=partial)
    pair = house.pair(run=run)
    full, public = house.verify(pair.full), house.verify(pair.public)
    check_pair(public, full, "x")
    shown = house.statement(pair.public)["predicate"]["shown"]
    assert (shown["interop"] == "pass") == (full.card.interop.value == "pass")
    assert (shown["mark"] == "eligible") == (full.card.mark.value == "eligible")
    assert shown["capabilities"] == [item.name for item in full.card.capabilities if item.verdict.value == "pass"]


def test_a_pass_can_be_required_of_it(house: House) -> None:
    """Otherwise a buyer who has only the public report could not check it by machine."""
    require(house.verify(house.pair().public), "eligible")
    with pytest.raises(RefusedError, match="does not show pass"):
        require(house.verify(failing(house).public), "pass")


def double(predicate: dict[str, Any]) -> None:
    """List a pass twice."""
    predicate["passed"].insert(0, predicate["passed"][0])


def invent(predicate: dict[str, Any]) -> None:
    """List a pass of a test that does not exist."""
    predicate["passed"].append(predicate["passed"][0] | {"id": "9" * 8 + T1[8:]})


ATTACKS: dict[str, tuple[Callable[[Any], object], str]] = {
    "pass shown that is not": (lambda p: p["shown"].update(interop="pass"), "shown"),
    "mark shown that is not": (lambda p: p["shown"].update(mark="eligible"), "shown"),
    "capability shown that is not": (lambda p: p["shown"].update(capabilities=["put", "get"]), "shown"),
    "doubled pass": (double, "pass-order"),
    "reordered passes": (lambda p: p["passed"].reverse(), "pass-order"),
    "invented pass": (invent, "invented-pass"),
    "renamed pass": (lambda p: p["passed"][0].update(name="easier"), "invented-pass"),
    "inflated level": (lambda p: p["run"].update(level="L1"), "level"),
    "another program": (lambda p: p.update(program="unknown"), "unknown-program"),
    "another product": (lambda p: p["product"].update(product="Other"), "product"),
    "another guideline": (lambda p: p["guideline"].update(digest="0" * 64), "guideline-digest"),
    "issued before the end": (lambda p: p.update(issued_at="2026-11-20T09:09:59Z"), "time-order"),
    "a failure in it": (lambda p: p["passed"][0].update(outcome="failed"), "bad-statement"),
    "results in it": (lambda p: p.update(results=[]), "bad-statement"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_altered_public_report_is_refused(house: House, attack: str) -> None:
    """Attack: a vendor publishes more than its passes give."""
    change, code = ATTACKS[attack]
    with pytest.raises(RefusedError) as caught:
        house.verify(house.tampered(change, failing(house).public))
    assert caught.value.code == code


def test_a_verdict_left_out_is_refused_too(house: House) -> None:
    """Otherwise one list of passes could be written in two ways."""
    with pytest.raises(RefusedError, match="something else than what its passes show"):
        house.verify(house.tampered(lambda p: p["shown"].update(mark=None), house.pair().public))


def test_a_pass_that_the_full_report_lacks_is_seen_by_whoever_holds_both(house: House) -> None:
    """Attack: a vendor publishes a pass for a test that failed in the report which it submitted."""
    pair = failing(house)
    passes = house.statement(house.pair().public)["predicate"]["passed"]

    def add(predicate: dict[str, Any]) -> None:
        predicate.update(passed=passes, shown={"interop": "pass", "mark": "eligible", "capabilities": ["put", "get"]})

    forged = house.verify(house.tampered(add, pair.public))
    assert forged.card.interop.value == "pass"
    with pytest.raises(RefusedError) as caught:
        check_pair(forged, house.verify(pair.full), "x")
    assert caught.value.code == "not-the-passes"


def test_a_pass_kept_back_is_seen_by_whoever_holds_both(house: House) -> None:
    """Otherwise 'exactly what the full report gives' would be a word and no check."""
    pair = house.pair()
    kept = house.verify(house.tampered(lambda p: p["passed"].pop(), pair.public))
    with pytest.raises(RefusedError, match="something else"):
        check_pair(kept, house.verify(pair.full), "x")


def test_the_full_report_of_another_run_is_refused(house: House) -> None:
    """Attack: a vendor publishes the passes of one run under the submission of another."""
    with pytest.raises(RefusedError) as caught:
        check_pair(house.verify(house.pair().public), house.verify(failing(house).full), "x")
    assert caught.value.code == "other-report"


def test_only_a_public_and_a_full_report_make_a_pair(house: House) -> None:
    """Otherwise a slip in the order of two files is called a forgery."""
    pair = house.pair()
    full, public = house.verify(pair.full), house.verify(pair.public)
    for one, other in ((full, public), (full, full), (public, public)):
        with pytest.raises(InputError, match="one public and one full"):
            check_pair(one, other, "x")


def test_what_it_cannot_say_is_said(house: House) -> None:
    """Otherwise a reader takes silence about a test for a pass, or for a failure."""
    checked = house.verify(failing(house).public)
    assert any("lists passes only" in line for line in limits(checked))
    assert any("unless it is compared" in line for line in claimed(checked))
    assert "1 of the 2 required tests are among them" in proved(checked)
    text = verification_text(checked, paired=True)
    assert "interop    not shown" in text
    assert "mark       not shown" in text
    assert "with nothing added and no pass left out" in text
    assert "unless it is compared" not in text
    assert "Why" not in text.splitlines()
    value = verification_json(checked)
    assert (value["kind"], value["interop"], value["mark"], value["scorecard"]) == ("public", None, None, None)
    json.dumps(value)


def test_what_the_passes_prove_is_said(house: House) -> None:
    """Otherwise a reader does not learn that a public report can prove a pass all by itself."""
    checked = house.verify(house.pair().public)
    assert any(line.endswith("scored again, they alone give the pass") for line in proved(checked))
    assert (verification_json(checked)["interop"], verification_json(checked)["mark"]) == ("pass", "eligible")


def test_a_mark_that_is_not_shown_here_is_said_first(house: House) -> None:
    """Otherwise a reader believes a mark by guidelines that only the signer knows."""
    newer = [KnownGuideline(name, house.known[0].status, name) for name in ("2027.05", "2027.11")]
    first = claimed(house.verify(house.pair().public, known=[*house.known, *newer]))[0]
    assert first.startswith("the mark eligible, by the guidelines that the signer names; by those held here it is not")
