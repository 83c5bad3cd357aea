"""Tests of the three forms of a comparison. To store changed snapshots: DEFCORE_WRITE_SNAPSHOTS=1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.compare import compare, render
from defcore.compare import html as page
from defcore.compare.picture import BAR, marks, pieces, sheets
from defcore.compare.view import build_view, label
from defcore.errors import InputError
from defcore.run.record import Outcome
from tests.report.checks import Page

from .builders import A, B, column
from .views import ALL, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("name", ["engines", "products"])
def test_text_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """If it fails, what a person reads on the terminal changed without anybody looking at it."""
    snapshot(f"{name}.txt", render("text", ALL[name]()))


@pytest.mark.parametrize("name", ["engines", "products"])
def test_html_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """If it fails, what a person reads in the browser changed without anybody looking at it."""
    snapshot(f"{name}.html", page.render(build_view(ALL[name]()), version="0.0.0"))


def test_json_has_every_column_and_every_test() -> None:
    """If it fails, a script misses a difference that the page shows."""
    value = json.loads(render("json", ALL["engines"]()))
    assert value["format"] == "defcore-comparison/1"
    assert [item["column"] for item in value["columns"]] == ["A", "B"]
    assert value["aligned"] is True
    (group,) = value["groups"]
    assert group["agreement"][0]["both"] == len(group["tests"]) == 73
    assert group["agreement"][0]["changes"]["worse"] == 1
    assert sum(row["shared"] for row in group["tests"]) == len(group["rely_on"]["tests"]) == 69
    assert len(group["rely_on"]["capabilities"]) == sum(row["shared"] for row in group["capabilities"])
    assert value["latencies"][1]["values"][0] is None
    assert value["trends"][0]["points"][1] == {
        "column": "B",
        "moment": "2026-11-21T10:00:00Z",
        "required": 58,
        "passed": 56,
        "wrong": 2,
        "interop": "fail",
        "aligned": False,
    }


def test_json_of_reports_has_no_latency_and_no_cost() -> None:
    """If it fails, the registry publishes how fast a vendor's cloud is."""
    value = json.loads(render("json", ALL["products"]()))
    assert value["aligned"] is False
    assert [group["columns"] for group in value["groups"]] == [["A", "B", "C"], ["D"]]
    assert value["latencies"] == []
    assert all(item["cost"] is None for item in value["columns"])
    cells = [cell for row in value["groups"][0]["tests"] for cell in row["cells"] if cell]
    assert {cell["seconds"] for cell in cells} == {None}
    assert {cell["requests"] for cell in cells} == {None}
    assert "took" not in render("text", ALL["products"]())


@pytest.mark.parametrize("name", list(ALL))
def test_the_page_is_whole_and_asks_nothing_of_the_network(name: str) -> None:
    """If it fails, the page is broken markup, or calls out when it is opened."""
    found = Page(page.render(build_view(ALL[name]())))
    assert "script" not in found.names
    assert {item["href"] for item in found.all("link")} == {"data:,"}
    assert all((item.get("href") or "").startswith("#") for item in found.all("a", "use"))
    ids = [item["id"] for item in found.all(*set(found.names)) if "id" in item]
    assert len(ids) == len(set(ids))


def test_words_of_others_are_harmless_everywhere() -> None:
    """If it fails, a vendor's product name runs as script, or moves the cursor of whoever compares."""
    assert "<script>" not in page.render(build_view(ALL["hostile"]()))
    text = render("text", ALL["hostile"]())
    assert "\x1b" not in text
    assert "\u202e" not in text
    value = json.loads(render("json", ALL["hostile"]()))
    assert value["columns"][0]["title"] == SCRIPT


def test_the_same_in_all_of_them_is_said() -> None:
    """If it fails, a reader of an empty list of differences cannot tell it from a list that was not made."""
    same = compare([column({A: Outcome.PASSED})] * 2)
    assert "Every test has the same outcome in all of them." in Page(render("html", same)).words
    assert "What they say of themselves does not differ." in render("text", same)


def test_runs_without_a_guideline_are_not_called_wrong() -> None:
    """If it fails, a run that nobody judged looks as if it had failed."""
    bare = column({A: Outcome.PASSED, B: Outcome.FAILED}, ruler=None, figures=None, interop=None, capabilities=None)
    text = render("text", compare([bare, bare]))
    assert "not judged: 2 tests, judged by no guideline" in text
    assert "To rely on: 1 of 2 tests passed in both." in text


def test_many_differences_of_one_sort_do_not_flood_the_terminal() -> None:
    """If it fails, a cloud that is down scrolls the summary away."""
    ids = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(60)]
    lost = compare([column(dict.fromkeys(ids, Outcome.PASSED)), column(dict.fromkeys(ids, Outcome.FAILED))])
    assert "  - and 20 more (-f json or html has all)" in render("text", lost)
    gone = compare([column(dict.fromkeys(ids, Outcome.PASSED)), column({A: Outcome.PASSED})])
    assert "  - and 55 more" in render("text", gone)


def test_another_form_is_one_clear_line() -> None:
    """If it fails, a misspelt form is a traceback."""
    with pytest.raises(InputError, match="no comparison format 'pdf'"):
        render("pdf", ALL["engines"]())


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_no_two_columns_have_one_name(one: int, two: int) -> None:
    """If it fails, two products are mixed up on the page."""
    assert (label(one) == label(two)) is (one == two)
    assert [label(place) for place in (0, 25, 26, 51, 52, 702)] == ["A", "Z", "AA", "AZ", "BA", "AAA"]


def test_pictures_show_each_test_in_its_place_and_each_part_of_a_bar() -> None:
    """If it fails, the picture and the list below it tell different stories."""
    (group,) = build_view(ALL["engines"]()).groups
    one, two = sheets(group)
    assert [(sign.x, sign.y) for sign in one.signs] == [(sign.x, sign.y) for sign in two.signs]
    assert one.words == "A: 1 failed, 70 passed, 1 error, 1 skipped"
    (bar,) = group.bars
    found = pieces(bar)
    assert [piece.key for piece in found] == ["same", "worse", "better", "other", "silent"]
    assert min(piece.width for piece in found) >= 3
    assert sum(piece.width for piece in found) >= BAR - 1


def test_a_trend_goes_from_left_to_right_and_up_when_it_gets_better() -> None:
    """If it fails, a product that improves seems to decline."""
    early = column({A: Outcome.PASSED, B: Outcome.FAILED})
    late = column({A: Outcome.PASSED, B: Outcome.PASSED}, moment="2026-11-21T10:00:00Z")
    (trend,) = build_view(compare([late, early])).trends
    first, second = marks(trend)
    assert first.x < second.x
    assert first.y > second.y
    assert (first.path, first.tone, second.tone) == ("", "bad", "good")
    assert trend.words == "B 2026-11-20 1/2; A 2026-11-21 2/2"
