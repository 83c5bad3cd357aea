"""The registry that the project ships is in order, and shows what it says that it shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from defcore.registry.check import Result, check
from defcore.registry.store import Folder

REPORTS = Path(__file__).parents[2] / "reports"


@pytest.fixture(scope="module")
def result() -> Result:
    """Check the registry that ships, once."""
    return check(Folder(REPORTS), dt.datetime.now(dt.UTC))


def test_the_shipped_registry_is_in_order(result: Result) -> None:
    """If it fails, somebody who checks our own example is told that it was forged: run 'make reports' again."""
    assert result.findings == ()
    assert all(item.verdict.full is not None and item.verdict.public is not None for item in result.reports)


@pytest.mark.parametrize(
    ("product", "runs", "interop"),
    [("reference-cloud", 2, "pass"), ("reference-cloud-odd", 2, "pass"), ("reference-cloud-flawed", 1, "fail")],
)
def test_there_is_something_to_compare(result: Result, product: str, runs: int, interop: str) -> None:
    """If it fails, a fresh clone has no two runs, no two products, or no difference to look at."""
    found = [item.verdict.full for item in result.reports if item.place.split("/")[1] == product]
    assert [item.report.card.interop.value for item in found if item] == [interop] * runs
    assert {item.report.card.mark.value for item in found if item} <= {"undetermined", "not-eligible"}


def test_a_defect_that_was_put_in_is_said(result: Result) -> None:
    """If it fails, our own demonstration passes a broken cloud off as an honest one, or hides what is broken."""
    (flawed,) = [item.verdict.full for item in result.reports if "flawed" in item.place and item.verdict.full]
    assert "on purpose" in flawed.report.statement.predicate.product.configuration["defects"]
    failing = {item.name for item in flawed.report.card.capabilities if item.verdict.value == "fail"}
    assert failing == {"objectstore-account-quotas", "objectstore-temp-url-put"}
