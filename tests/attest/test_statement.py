"""The statement: every test of the guideline once, found as the scorer finds it, one way to write it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.attest import statement as st
from defcore.attest.canonical import canonical
from defcore.attest.intoto import read_payload, write
from defcore.attest.verify import MODELS
from defcore.errors import RefusedError
from defcore.guideline.ids import nameless_id
from defcore.run.record import Attempt, Failure, Outcome, TestResult
from defcore.score import score

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import House


def test_every_test_of_the_guideline_is_there_once(house: House) -> None:
    """Otherwise a test that stands in two capabilities, or outside the program, would be doubled or forgotten."""
    results = st.results_of(house.source.guideline, house.run)
    assert [item.id for item in results] == list(house.ids)
    assert {item.outcome for item in results} == {Outcome.PASSED}


def test_what_the_guideline_does_not_ask_for_is_left_out(house: House) -> None:
    """Otherwise a vendor publishes more than the guideline asks for."""
    extra = TestResult(id="9" * 8 + "-0000-4000-8000-" + "9" * 12, name="mine", outcome=Outcome.PASSED)
    run = house.run.model_copy(update={"results": (*house.run.results[1:], extra)})
    results = st.results_of(house.source.guideline, run)
    assert (results[0].id, results[0].outcome.value, results[0].matched) == (house.ids[0], "not_run", None)
    assert len(results) == 4


def test_tests_are_found_as_the_scorer_finds_them(house: House) -> None:
    """Otherwise the report and the score of the same run would contradict each other."""
    found = {
        "put_one": house.ids[0],
        "put_two": nameless_id("put_two"),
        "get_slow": "9" * 8 + "-0000-4000-8000-" + "9" * 12,
        "rest_old": nameless_id("rest_old"),
    }
    run = house.run.model_copy(
        update={
            "results": tuple(
                TestResult(id=test_id, name=name, outcome=Outcome.PASSED) for name, test_id in found.items()
            )
        }
    )
    results = st.results_of(house.source.guideline, run)
    assert [item.matched for item in results] == ["id", "name", None, "alias"]
    scored: dict[str, str | None] = {}
    for program in ("storage", "other"):
        card = score(house.source, [run], program, date=house.issued_at.date())
        scored |= {test.id: test.matched for item in card.capabilities for test in item.tests}
    assert scored == {item.id: item.matched for item in results}


def failing(outcome: Outcome, reason: str | None, attempt_reason: str | None) -> TestResult:
    """Return a result whose attempts hold what must stay at home."""
    failure = Failure(cause="secret", message="secret", expected="secret", request="GET /secret", curl="secret")
    return TestResult(
        id="1" * 8 + "-0000-4000-8000-" + "0" * 12,
        name="x",
        outcome=outcome,
        reason=reason,
        attempts=(
            Attempt(outcome=outcome, started="2026-11-20T09:00:00Z", seconds=1, reason="secret", failure=failure),
            Attempt(outcome=outcome, started="2026-11-20T09:00:00Z", seconds=1, reason=attempt_reason),
        ),
    )


@pytest.mark.parametrize(
    ("outcome", "reason", "attempt_reason", "shown"),
    [
        (Outcome.FAILED, "secret", "secret", None),
        (Outcome.PASSED, "secret", "secret", None),
        (Outcome.SKIPPED, "no second project", "other", "no second project"),
        (Outcome.ERROR, None, "connection lost", "connection lost"),
        (Outcome.ERROR, None, None, None),
        (Outcome.UNSUPPORTED, "x" * 999, None, "x" * 300),
    ],
)
def test_nothing_of_the_evidence_goes_in(
    house: House, outcome: Outcome, reason: str | None, attempt_reason: str | None, shown: str | None
) -> None:
    """Otherwise a report that is published could give away what a response held."""
    run = house.run.model_copy(update={"results": (failing(outcome, reason, attempt_reason),)})
    first = st.results_of(house.source.guideline, run)[0]
    assert (first.outcome, first.reason) == (outcome, shown)
    assert b"secret" not in house.report(run=run)


def test_a_statement_survives_being_written(house: House) -> None:
    """Otherwise honest reports would be refused."""
    payload = canonical(house.statement())
    assert write(read_payload(payload, "x", MODELS)) == payload


def test_it_is_an_in_toto_statement(house: House) -> None:
    """Otherwise tools that know in-toto could not read it."""
    statement = house.statement()
    assert list(statement) == ["_type", "predicate", "predicateType", "subject"]
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "urn:defcore:report:v1"
    assert statement["subject"][0]["name"] == "Acme/Cloud/1.0"


def test_the_empty_places_are_kept(house: House) -> None:
    """Otherwise evidence and levels could only be added by breaking the format."""
    predicate = house.statement()["predicate"]
    assert predicate["evidence"] == {"leaves": 0, "root": None}
    assert predicate["run"]["level"] == "L0"


TRICKS: dict[str, Callable[[Any], object]] = {
    "unknown field": lambda s: s.update(extra=1),
    "unknown field deep down": lambda s: s["predicate"]["results"][0].update(passed=True),
    "missing field": lambda s: s["predicate"].pop("evidence"),
    "missing field with a default": lambda s: s["predicate"]["product"].pop("regions"),
    "another statement type": lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"),
    "another predicate type": lambda s: s.update(predicateType="urn:defcore:report:v2"),
    "no predicate type": lambda s: s.pop("predicateType"),
    "a predicate type that is none": lambda s: s.update(predicateType=[]),
    "a full report that calls itself public": lambda s: s.update(predicateType="urn:defcore:public-report:v1"),
    "two subjects": lambda s: s["subject"].append(s["subject"][0]),
    "no subject": lambda s: s.update(subject=[]),
    "a number as text": lambda s: s["predicate"]["results"][0].update(revision="1"),
    "a truth as number": lambda s: s["predicate"]["run"].update(partial=0),
    "an unknown outcome": lambda s: s["predicate"]["results"][0].update(outcome="PASSED"),
    "blanks that a reader strips": lambda s: s["predicate"]["product"].update(vendor=" Acme"),
    "a predicate that is a list": lambda s: s.update(predicate=[]),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_statement_in_any_other_shape_is_refused(house: House, trick: str) -> None:
    """Otherwise two readers could understand one report in two ways."""
    statement = house.statement()
    TRICKS[trick](statement)
    with pytest.raises(RefusedError) as caught:
        house.verify(house.resign(statement))
    assert caught.value.code in {"bad-statement", "not-canonical", "statement-type"}


@pytest.mark.parametrize(
    "change",
    [
        lambda payload: payload + b"\n",
        lambda payload: payload.replace(b'"leaves":0', b'"leaves":0.0'),
        lambda payload: payload.replace(b'"leaves":0', b'"leaves":-0'),
        lambda payload: payload.replace(b"Acme", b"\\u0041cme"),
        lambda payload: payload.replace(b'"leaves":0', b'"leaves":0,"leaves":0'),
        lambda payload: payload.replace(b'"leaves":0', b'"leaves":NaN'),
        lambda payload: payload[:-1],
        lambda _: b"",
        lambda _: b"[" * 1000,
        lambda _: json.dumps({"\ud800": 1}).encode(),
    ],
)
def test_other_bytes_of_a_statement_are_refused(house: House, change: Callable[[bytes], bytes]) -> None:
    """Otherwise parser tricks inside the signed payload would pass, or end in a traceback."""
    with pytest.raises(RefusedError):
        read_payload(change(canonical(house.statement())), "x", MODELS)


def test_a_doubled_key_is_refused(house: House) -> None:
    """Otherwise one reader takes the first of two outcomes, another one the second."""
    payload = canonical(house.statement()).replace(b'"outcome":"passed"', b'"outcome":"failed","outcome":"passed"', 1)
    with pytest.raises(RefusedError, match="twice"):
        read_payload(payload, "x", MODELS)
