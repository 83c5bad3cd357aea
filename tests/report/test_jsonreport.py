"""Tests of the JSON report."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.report import ReportView, render
from defcore.run.record import RunRecord
from defcore.score import scorecard_json
from defcore.score.product import Product

from .builders import mixed_cases, view_of
from .hostile import hostile_view


def test_it_is_the_scorecard_with_run_and_product(view: ReportView) -> None:
    """If it fails, a script for ``defcore score --format json`` cannot read a report."""
    value = json.loads(render("json", view))
    for key, wanted in scorecard_json(view.card).items():
        assert value[key] == wanted
    assert RunRecord.model_validate_json(json.dumps(value["run"])) == view.run
    found = Product.model_validate_json(json.dumps(value["product"])) if value["product"] else None
    assert found == view.product
    assert value["format"] == "defcore-report/1"
    assert value["generated_at"] == view.generated_at


def test_what_to_fix_names_tests_by_id() -> None:
    """If it fails, a script cannot run again the tests of one cause."""
    view = view_of(mixed_cases())
    first = json.loads(render("json", view))["fix"][0]
    assert first["kind"] == "failed"
    assert first["groups"][0]["decides"] is True
    assert len(first["groups"][0]["tests"]) == 4
    assert set(first["groups"][0]["tests"]) <= {test.id for test in view.tests}


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_no_text_breaks_the_json(text: str) -> None:
    """If it fails, an odd character in an answer of the cloud makes the file unreadable, or is changed in it."""
    rendered = render("json", hostile_view(text))
    assert json.loads(rendered.encode())["run"]["notes"] == [text]
