"""Every format for other tools: read by their own parsers, and back, with every outcome that the format can carry."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from google.protobuf.json_format import Parse, ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementPb
from junitparser import JUnitXml
from subunit import ByteStreamToStreamResult
from testtools import StreamToDict

from defcore.guideline.ids import identify, nameless_id, spell
from defcore.importing import junit, lists
from defcore.importing import subunit as reader
from defcore.report import refstack, render, subunit
from defcore.run.record import Engine, Failure, Outcome, RunRecord, Source

from .builders import Case, attempt, case, run_of, view_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from defcore.importing.told import Told
    from defcore.report import ReportView

JUNIT = {item: item for item in Outcome}
SUBUNIT = JUNIT | {Outcome.ERROR: Outcome.FAILED, Outcome.UNSUPPORTED: Outcome.SKIPPED}
REFSTACK_SCHEMA = {
    "type": "object",
    "properties": {
        "cpid": {"type": "string"},
        "duration_seconds": {"type": "integer", "minimum": 0},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "uuid": {"type": "string", "format": "uuid"}},
                "required": ["name"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["cpid", "duration_seconds", "results"],
    "additionalProperties": False,
}
"""What RefStack's server asked for, in our words."""


@st.composite
def run_cases(draw: st.DrawFn) -> list[Case]:
    """Draw tests with any outcome, flagged or not, with and without an id, with any text as the reason."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        outcome = draw(st.sampled_from(Outcome))
        text = draw(st.text(max_size=30))
        failure = Failure(cause=text, message=text, trace=text) if draw(st.booleans()) else None
        tries = tuple(attempt(which, reason=text, failure=failure) for which in (Outcome.PASSED, outcome))
        given_tries = () if outcome is Outcome.NOT_RUN else tries[1 - draw(st.integers(0, 1)) :]
        item = case("c", f"test_{number}", outcome, flagged=draw(st.booleans()), attempts=given_tries)
        found.append(item if draw(st.booleans()) else _nameless(item))
    return found


def _nameless(item: Case) -> Case:
    from dataclasses import replace

    assert item.result
    test_id = nameless_id(item.score.name)
    score = replace(item.score, id=test_id)
    return replace(item, score=score, result=item.result.model_copy(update={"id": test_id}))


def outcomes(cases: Iterable[Case]) -> dict[str, Outcome]:
    """Map each test to its outcome."""
    return {item.score.id: item.score.outcome for item in cases}


def back(told: Iterable[Told]) -> dict[str, Outcome]:
    """Map each test that was read back to its outcome; each must be there once."""
    pairs = [(identify(item.name).id, item.outcome) for item in told]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@settings(max_examples=30, deadline=None)
@given(run_cases())
def test_junit_there_and_back_keeps_every_outcome(cases: list[Case]) -> None:
    """If it fails, what a CI server keeps of a run is another run."""
    text = render("junit", view_of(cases))
    assert back(junit.read(io.BytesIO(text.encode()), "f")) == {
        key: JUNIT[outcome] for key, outcome in outcomes(cases).items()
    }
    theirs = JUnitXml.fromstring(text.encode())
    passed = {identify(str(item.name)).id for suite in theirs for item in suite if item.is_passed}
    assert passed - {nameless_id("interop")} == {key for key, kind in outcomes(cases).items() if kind is Outcome.PASSED}


@settings(max_examples=30, deadline=None)
@given(run_cases(), st.booleans())
def test_subunit_there_and_back_keeps_what_it_has_words_for(cases: list[Case], timed: bool) -> None:  # noqa: FBT001
    """If it fails, stestr shows another run than we do."""
    source = Source(format="f", file="f", digest="0" * 64, lacks=(), timed=timed)
    stream = subunit.write(run_of(cases, source=source))
    wanted = {key: SUBUNIT[kind] for key, kind in outcomes(cases).items() if kind is not Outcome.NOT_RUN}
    told = list(reader.read(io.BytesIO(stream), "f"))
    assert back(told) == wanted
    assert all((item.started is not None) == (timed and item.seconds is not None) for item in told)
    seen: dict[str, str] = {}
    result = StreamToDict(lambda test: seen.update({identify(test["id"]).id: test["status"]}))
    result.startTestRun()
    ByteStreamToStreamResult(io.BytesIO(stream)).run(result)
    result.stopTestRun()
    assert seen == {key: subunit.WORDS[kind] for key, kind in outcomes(cases).items()}


@settings(max_examples=30, deadline=None)
@given(run_cases())
def test_refstack_there_and_back_keeps_the_passes(cases: list[Case]) -> None:
    """If it fails, RefStack's successors see passes that are none, or miss some."""
    text = refstack.write(run_of(cases))
    checker = jsonschema.FormatChecker()
    jsonschema.validate(json.loads(text), REFSTACK_SCHEMA, format_checker=checker)
    told = lists.refstack(io.BytesIO(text.encode()), "f")
    assert set(back(told)) == {key for key, kind in outcomes(cases).items() if kind is Outcome.PASSED}


@settings(max_examples=30, deadline=None)
@given(run_cases())
def test_csv_there_and_back_keeps_every_outcome(cases: list[Case]) -> None:
    """If it fails, a spreadsheet shows another run than we do."""
    rows = list(csv.DictReader(io.StringIO(render("csv", view_of(cases)), newline="")))
    assert {row["id"]: Outcome(row["outcome"]) for row in rows} == outcomes(cases)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]


def statement_of(view: ReportView) -> tuple[Any, Any]:
    """Read our in-toto statement by in-toto's own shapes, which know no other fields."""
    pb = Parse(render("in-toto", view), StatementPb())
    Statement.copy_from_pb(pb).validate()
    raw = json.loads(render("in-toto", view))["predicate"]
    return pb, ParseDict(raw, test_result_pb2.TestResult())


@settings(max_examples=30, deadline=None)
@given(run_cases())
def test_in_toto_there_and_back_keeps_what_passed_and_what_decides(cases: list[Case]) -> None:
    """If it fails, a policy lets a cloud pass that did not, or a test that broke is taken for good."""
    pb, predicate = statement_of(view_of(cases))
    assert pb.predicate_type == "https://in-toto.io/attestation/test-result/v0.1"
    good = {item.score.id for item in cases if item.score.outcome is Outcome.PASSED}
    beside = {item.score.id for item in cases if item.score.flagged} - good
    assert {identify(name).id for name in predicate.passed_tests} == good
    assert {identify(name).id for name in predicate.warned_tests} == beside
    assert {identify(name).id for name in predicate.failed_tests} == set(outcomes(cases)) - good - beside
    deciding = [item.score.outcome for item in cases if not item.score.flagged]
    assert predicate.result == ("PASSED" if deciding and set(deciding) == {Outcome.PASSED} else "FAILED")


def test_the_subject_is_the_product_as_signed_reports_name_it() -> None:
    """If it fails, a policy cannot tell which product, or which run, a statement is about."""
    cases = [case("c", "t")]
    source = Source(format="f", file="results.xml", digest="1" * 64, lacks=(), timed=True)
    pb, predicate = statement_of(view_of(cases, source=source))
    assert pb.subject[0].name == "Example Wolken GmbH/Example Cloud/4.2"
    assert [item.name for item in predicate.configuration] == [
        "guideline 2026.11",
        "test suite",
        "imported results: results.xml",
    ]
    engine = Engine(name="tempest", version="unknown")
    bare, _ = statement_of(view_of(cases, known=False, engine=engine))
    assert bare.subject[0].name == "defcore-run/run-7d4e1a"
    assert len(bare.subject[0].digest["sha256"]) == 64


@pytest.mark.parametrize("started", ["1900-01-01T00:00:00Z", "2026-11-20T10:00:00.999999Z", "9999-01-01T00:00:00Z"])
def test_odd_times_do_not_break_a_stream(started: str) -> None:
    """If it fails, a record with a strange clock cannot be exported."""
    item = case("c", "t", attempts=(attempt(Outcome.PASSED).model_copy(update={"started": started}),))
    assert [told.outcome for told in reader.read(io.BytesIO(subunit.write(run_of([item]))), "f")] == [Outcome.PASSED]


def test_long_texts_keep_to_the_format() -> None:
    """If it fails, a long traceback makes a stream that nobody can read."""
    failure = Failure(cause="x", message="x" * 30_000)
    cases = [case("c", "t" * 900, Outcome.FAILED, failure=failure)]
    (told,) = reader.read(io.BytesIO(subunit.write(run_of(cases))), "f")
    assert (told.trace or "").startswith("xxx")


@given(st.uuids(), st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,3}", fullmatch=True))
def test_what_is_spelled_is_found_again(test_id: uuid.UUID, name: str) -> None:
    """If it fails, an exported test comes back as another."""
    assert identify(spell(str(test_id), name)) == (str(test_id), name)
    assert identify(spell(nameless_id(name), name)) == (nameless_id(name), name)


def test_a_run_without_an_end_has_no_duration() -> None:
    """If it fails, a run that was cut off cannot be exported."""
    run: RunRecord = run_of([case("c", "t")], ended=None)
    assert json.loads(refstack.write(run))["duration_seconds"] == 0
