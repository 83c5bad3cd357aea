"""Tests of the picture at a glance."""

from __future__ import annotations

from defcore.guideline.model import State
from defcore.report import picture
from defcore.run.record import Outcome

from .builders import case, huge_cases, mixed_cases, view_of


def test_there_is_a_cell_for_each_test_of_each_capability() -> None:
    """If it fails, the picture hides a test."""
    view = view_of(huge_cases())
    cells = [cell for row in picture.rows(view) for cell in row.cells]
    assert len(cells) == 300
    assert {cell.symbol for cell in cells} == {"passed", "failed"}


def test_what_does_not_decide_is_small_and_last() -> None:
    """If it fails, an advisory failure strikes the eye like a required one."""
    rows = picture.rows(view_of(mixed_cases()))
    assert [row.decides for row in rows] == sorted((row.decides for row in rows), reverse=True)
    slo = next(row for row in rows if row.name == "objectstore-slo")
    assert {cell.size for cell in slo.cells} == {picture.SMALL}
    assert slo.cells[1].title == "delete_manifest: skipped, does not decide"


def test_rows_wrap_so_that_they_fit_a_phone() -> None:
    """If it fails, a large capability makes the page scroll sideways on a phone."""
    row = picture.rows(view_of([case("a", f"t{number}") for number in range(30)]))[0]
    assert row.width == 280
    assert row.height == 60
    assert all(0 <= cell.x <= row.width - cell.size and 0 <= cell.y <= row.height - cell.size for cell in row.cells)


def test_rows_are_said_in_words() -> None:
    """If it fails, a screen reader gets nothing of the picture."""
    cases = [case("a", "x"), case("a", "y", Outcome.FAILED, status=State.REQUIRED)]
    row = picture.rows(view_of(cases))[0]
    assert row.words == "a: 1 of 2 tests passed (1 failed)"
    assert row.detail == "y: failed."
    many = [case("a", f"t{number}", Outcome.ERROR) for number in range(12)]
    assert picture.rows(view_of(many))[0].detail.endswith("t9: error; 2 more.")
    beside = picture.rows(view_of([case("a", "x", status=State.ADVISORY)]))[0]
    assert beside.detail == "Nothing to fix here. This capability does not decide."
