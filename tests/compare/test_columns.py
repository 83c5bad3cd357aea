"""Tests of what a column takes from a run, a report, a bundle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from defcore.attest.award import Status
from defcore.compare import Kind, compare, of_judgement, of_report, of_run
from defcore.guideline import resolve
from defcore.guideline.ids import nameless_id
from defcore.run.record import Engine, Outcome, Source, TestResult
from defcore.score import Interop

from .builders import record, run_column, shipped


def test_a_run_has_its_verdict_its_figures_and_what_it_took() -> None:
    """If it fails, the owner of a run does not learn what it cost, or reads figures that are not its own."""
    first = record().results[0]
    found = run_column({first.id: Outcome.FAILED})
    assert found.kind is Kind.RUN
    assert (found.title, found.subject, found.engine) == ("mine/north", "cloud mine/north", "native 0.1.0")
    assert found.interop is Interop.FAIL
    assert found.figures is not None
    assert (found.figures.required, found.figures.passed, found.figures.wrong) == (58, 57, 1)
    assert found.cost is not None
    assert (found.cost.wall, found.cost.busy, found.cost.requests) == (60.0, 73.0, 438)
    cell = found.results[first.id]
    assert (cell.outcome, cell.seconds, cell.requests) == (Outcome.FAILED, 1, 6)
    assert cell.reason == f"{first.name} went wrong"
    assert {fact.name: fact.value for fact in found.facts}["identity"] == "https://identity.example.org/v3"


def test_a_run_without_a_guideline_is_compared_by_its_tests_alone() -> None:
    """If it fails, a run of foreign tests cannot be compared at all."""
    run = record(ended=None, complete=False, partial=True, selection="only one", void="no object store")
    found = of_run(run)
    assert (found.ruler, found.interop, found.figures, found.capabilities) == (None, None, None, None)
    assert found.cost is not None
    assert found.cost.wall is None
    assert found.notes == (
        "it is no result: no object store",
        "it is of a subset of the tests only: only one",
        "it was cut off before its end",
    )
    assert compare([found, found]).groups[0].capabilities == ()


def test_results_that_know_only_names_are_found_by_the_guideline() -> None:
    """If it fails, an imported list of names shares no test with a native run, and both seem to lack everything."""
    guideline = resolve().guideline
    tests = {test.id: test for capability in guideline.capabilities for test in capability.tests}
    native = record()
    first, second = native.results[:2]
    name = tests[first.id].name
    named = [TestResult(id=nameless_id(name), name=name, outcome=Outcome.PASSED), second]
    foreign = record(results=named, engine=Engine(name="import", version="1"))
    found = of_run(foreign, guideline=guideline)
    assert set(found.results) == {first.id, second.id}
    assert nameless_id(name) in of_run(foreign).results


def test_an_imported_run_says_what_it_cannot_tell() -> None:
    """If it fails, the day of an import is compared as if the tests had been run on it."""
    words = {"format": "RefStack's JSON", "file": "x.json", "digest": "ab" * 32, "lacks": ("when it was run",)}
    silent, timed = (of_run(record(source=Source.model_validate({**words, "timed": item}))) for item in (False, True))
    assert silent.notes == (
        "its results were read from RefStack's JSON, not seen by defcore",
        "it does not tell when it was run",
    )
    assert silent.cost is None
    assert {cell.seconds for cell in silent.results.values()} == {None}
    assert timed.cost is not None


def test_the_reason_of_a_result_is_the_one_of_the_attempt_that_counts() -> None:
    """If it fails, the list of differences gives no reason where there is one."""
    bare = TestResult(id=record().results[0].id, name="x", outcome=Outcome.SKIPPED, reason="left out")
    none = TestResult(id=record().results[1].id, name="y", outcome=Outcome.NOT_RUN)
    found = of_run(record(results=[bare, none]))
    assert [cell.reason for cell in found.results.values()] == ["left out", ""]
    assert next(iter(found.results.values())).seconds is None


def test_a_report_tells_of_its_product_and_never_of_its_latency() -> None:
    """If it fails, a comparison of products shows who is faster, which a public report must not."""
    found = of_report(shipped())
    assert found.kind is Kind.REPORT
    assert (found.title, found.subject) == ("defcore reference-cloud 2026.2", "defcore/reference-cloud")
    assert found.interop is Interop.PASS
    assert found.cost is None
    assert found.latencies == ()
    assert all(cell.seconds is None and cell.requests is None for cell in found.results.values())
    assert len(found.results) == 73
    facts = {(fact.section, fact.name): fact.value for fact in found.facts}
    assert facts["declarations", "swift"].startswith("contained: ")
    assert facts["product", "regions"] == "RegionOne"
    assert ("configuration", "system") in facts


def test_a_public_report_says_that_it_tells_of_passes_only() -> None:
    """If it fails, what is not in a public report is taken for a failure."""
    found = of_report(shipped("report.public.dsse.json"))
    assert found.kind is Kind.PUBLIC
    assert found.notes[0].startswith("a public report: it tells of passes only")
    assert found.interop is Interop.PASS
    assert compare([of_report(shipped()), found]).groups[0].agreement(1) == (73, 73)


def test_a_bundle_says_where_its_product_stands() -> None:
    """If it fails, a revoked product stands beside the others as if nothing had happened."""
    judgement = SimpleNamespace(report=shipped(), status=Status.REVOKED)
    assert of_judgement(cast("Any", judgement)).standing == "revoked"
