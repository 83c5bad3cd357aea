"""Scores, cutoff, and what several reviewers make of them."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError, RefusedError
from defcore.guideline import load_file
from defcore.guideline import model as m
from defcore.guideline.criteria import (
    Kind,
    apply,
    merge,
    score_of,
    sheet_of,
    slips,
    standings,
    total_of,
    totalled,
    with_sticky,
)
from defcore.guideline.worksheet import COLUMNS, CRITERIA, Row, Sheet, load_sheet, parse_sheet, write_sheet

from .small import ALL, WEIGHTS, capability, component, draft, guideline, t

if TYPE_CHECKING:
    from collections.abc import Iterable

SCORING = guideline().scoring


def row(name: str, zero: Iterable[str] = (), unknown: Iterable[str] = (), total: int | None = None) -> Row:
    """Return a row of ones with these columns at 0 or ?."""
    values = tuple("0" if item in zero else "?" if item in unknown else "1" for item in COLUMNS)
    return Row(name, values, total)


def test_the_published_weights_sum_to_a_hundred() -> None:
    """Otherwise a cutoff of 74 means something else."""
    assert sum(WEIGHTS.values()) == 100
    assert set(WEIGHTS) == set(CRITERIA)


def test_an_achievement_counts_once() -> None:
    """A criterion that is named twice must not lift a capability over the cutoff."""
    item = capability("a", t(1), achievements=("doc", "doc", "strange"))
    assert score_of(guideline(item), item) == 8


@pytest.mark.parametrize(
    ("fields", "states", "kind"),
    [
        ({}, {"required": "a"}, Kind.FITS),
        ({"achievements": ()}, {"required": "a"}, Kind.UNSCORED),
        ({"achievements": ("sticky",)}, {"required": "a"}, Kind.UNSCORED),
        ({"achievements": tuple(set(ALL) - {"sticky", "future", "doc"})}, {"required": "a"}, Kind.STALE),
        ({"achievements": tuple(set(ALL) - {"sticky", "future", "clients", "doc"})}, {"required": "a"}, Kind.BELOW),
        ({"achievements": tuple(set(ALL) - {"future", "clients", "doc"})}, {"required": "a"}, Kind.BELOW),
        ({"admin": True}, {"required": "a"}, Kind.ADMIN),
        ({}, {"advisory": "a"}, Kind.COULD),
        ({}, {}, Kind.COULD),
        ({"admin": True}, {"advisory": "a"}, Kind.OUT),
        ({"achievements": ()}, {"advisory": "a"}, Kind.OUT),
        ({}, {"deprecated": "a"}, Kind.OUT),
    ],
)
def test_kinds(fields: dict[str, object], states: dict[str, Any], kind: Kind) -> None:
    """The three ways to be under the cutoff need three answers; one word for all would send people the wrong way."""
    item = capability("a", t(1), **fields)
    assert [found.kind for found in standings(guideline(item, components=(component(**states),)))] == [kind]


def test_untested_is_no_candidate() -> None:
    """Requiring what nothing tests decides nothing."""
    found = guideline(capability("a"), capability("b", t(1, flag="D401: x")), components=(component(),))
    assert {item.kind for item in standings(found)} == {Kind.OUT}


def test_2020_06_has_the_known_faults() -> None:
    """16 required capabilities are under the cutoff, of three kinds: ten, five and one; two more are for admins."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    found = standings(load_file(Path(folder) / "2020.06.json").guideline)
    counts = Counter(item.kind for item in found)
    assert (counts[Kind.STALE], counts[Kind.BELOW], counts[Kind.UNSCORED], counts[Kind.ADMIN]) == (10, 5, 1, 2)


def test_the_published_totals_are_right() -> None:
    """140 totals were worked out by hand and script; if ours differ, one of the two is wrong."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published worksheet")
    sheet = load_sheet(Path(folder) / "scoring-worksheet.txt")
    assert slips(sheet, SCORING) == ()
    assert all(total_of(item, SCORING) == item.total for item in sheet.rows().values())


def test_a_wrong_total_or_star_is_named() -> None:
    """A star that nobody earned would require a capability of every cloud."""
    sheet = Sheet(
        (row("a", total=99), Row("b", ("1",) * 13, 100), Row("c", (*["0"] * 12, "1"), 0, star=True), row("d"))
    )
    assert slips(sheet, SCORING) == (
        "a: the total is 100, 99 is written",
        "b: 100 reaches the cutoff, against its star",
        "c: 0 does not reach the cutoff, against its star",
    )


def test_administrators_are_a_veto() -> None:
    """What needs an administrator says nothing about interoperability, whatever it scores."""
    assert totalled(row("a", zero=["non-admin"]), SCORING) == Row("a", (*["1"] * 12, "0"), 0, star=False)


def test_a_guideline_becomes_a_worksheet_and_back() -> None:
    """Scores that change on the way between the two formats belong to nobody."""
    found = draft(
        capability("put", t(1), achievements=("doc", "future")),
        capability("get", t(2), admin=True),
        capability("list", t(3), project="nova"),
    )
    sheet = parse_sheet(write_sheet(sheet_of(found)).encode(), "w")
    assert list(sheet.rows()) == ["list", "put", "get"]
    again = apply(sheet, found, "review")
    assert {item.score_source for item in again.capabilities} == {"review"}
    assert [item.achievements for item in again.capabilities] == [("doc", "future"), ALL, ALL]
    assert [item.admin for item in again.capabilities] == [False, True, False]


def test_what_has_no_row_keeps_its_scores() -> None:
    """A worksheet for two capabilities must not wipe the others; candidates of other guidelines are passed over."""
    found = draft(capability("put", t(1), achievements=("doc",)))
    assert apply(Sheet((row("other", unknown=["doc"]),)), found, "x") == found


def test_open_scores_and_settled_guidelines_are_refused() -> None:
    """A ? that is read as 0, or a score changed after approval, would be a decision that nobody took."""
    with pytest.raises(InputError, match="put is not settled: tools, doc"):
        apply(Sheet((row("put", unknown=["doc", "tools"]),)), draft(capability("put", t(1))), "x")
    with pytest.raises(RefusedError, match=r"D2\.2"):
        apply(Sheet((row("put"),)), guideline(capability("put", t(1))), "x")


def test_criteria_without_a_column_are_refused() -> None:
    """A worksheet cannot hold what it has no column for."""
    strange = m.Scoring(1, (m.Criterion("beauty", "Beauty", "", 1),))
    with pytest.raises(InputError, match="no column for beauty"):
        sheet_of(guideline(scoring=strange))


def test_reviewers_are_merged_and_their_disagreements_shown() -> None:
    """A meeting should talk about what is disputed, and know whether it matters."""
    ann = Sheet(("Notes", row("a", zero=["doc"]), row("b", unknown=["tools"]), row("c", zero=["future", "clients"])))
    bob = Sheet((row("a"), row("b", unknown=["tools", "doc"]), row("c", zero=["future", "clients", "doc"]), row("d")))
    found = merge({"ann": ann, "bob": bob}, SCORING)
    assert [(item.capability, item.column, item.votes, item.decides) for item in found.disagreements] == [
        ("a", "doc", (("ann", "0"), ("bob", "1")), False),
        ("c", "doc", (("ann", "1"), ("bob", "0")), True),
    ]
    assert found.open == ("b",)
    rows = found.sheet.rows()
    assert found.sheet.lines[0] == "Notes"
    assert list(rows) == ["a", "b", "c", "d"]
    assert (rows["a"].value("doc"), rows["b"].value("doc"), rows["b"].value("tools")) == ("?", "1", "?")
    assert (rows["a"].total, rows["d"].total, rows["d"].star) == (92, 100, True)


def test_nothing_to_merge_is_an_error() -> None:
    """An empty worksheet that looks like an agreement would be worse."""
    with pytest.raises(InputError, match="no worksheet"):
        merge({}, SCORING)


@given(st.lists(st.tuples(*(st.sampled_from("01?") for _ in COLUMNS)), min_size=1, max_size=4))
def test_the_order_of_reviewers_does_not_matter(values: list[tuple[str, ...]]) -> None:
    """Who mails first must not win."""
    sheets = {f"r{number}": Sheet((Row("a", found),)) for number, found in enumerate(values)}
    results = [merge(dict(order), SCORING) for order in itertools.islice(itertools.permutations(sheets.items()), 6)]
    assert all(item == results[0] for item in results)


def test_sticky_is_what_was_required() -> None:
    """Nobody keeps it up to date by hand: ten capabilities of 2020.06 lacked it."""
    before = guideline(capability("a", t(1)), capability("b", t(2)), components=(component(required="a"),))
    after = draft(capability("a", t(1), achievements=("doc",)), capability("b", t(2)))
    assert [item.achievements for item in with_sticky(after, before).capabilities] == [
        ("doc", "sticky"),
        tuple(sorted(set(ALL) - {"sticky"})),
    ]
    bare = draft(scoring=m.Scoring(None, ()))
    assert with_sticky(bare, before) is bare
