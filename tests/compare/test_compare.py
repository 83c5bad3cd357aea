"""Tests of the comparison itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.compare import Change, Kind, compare, trends
from defcore.compare.compare import capability_change, change_of
from defcore.compare.model import Cell, Fact
from defcore.errors import InputError
from defcore.run.latency import Latency
from defcore.run.record import Outcome

from .builders import A, B, C, D, column

P, F, U, S, E, N = (
    Outcome.PASSED,
    Outcome.FAILED,
    Outcome.UNSUPPORTED,
    Outcome.SKIPPED,
    Outcome.ERROR,
    Outcome.NOT_RUN,
)
OUTCOMES = st.dictionaries(st.sampled_from((A, B, C, D)), st.sampled_from(list(Outcome)), min_size=1)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (P, P, Change.SAME),
        (P, F, Change.WORSE),
        (P, U, Change.WORSE),
        (S, P, Change.BETTER),
        (F, U, Change.OTHER),
        (P, E, Change.SILENT),
        (N, P, Change.SILENT),
        (E, N, Change.SILENT),
        (None, None, Change.SAME),
        (None, F, Change.ADDED),
        (P, None, Change.REMOVED),
    ],
)
def test_each_pair_of_outcomes_has_its_word(before: Outcome | None, now: Outcome | None, change: Change) -> None:
    """If it fails, a broken network is told as a worse cloud, or a new failure as nothing."""
    cells = [Cell("x", item) if item else None for item in (before, now)]
    assert change_of(cells[0], cells[1], hidden=False) is change


def test_what_a_public_report_leaves_out_is_hidden_and_no_failure() -> None:
    """If it fails, a vendor is said to have got worse because it published its passes only."""
    full = column({A: P, B: F, C: P}, kind=Kind.REPORT)
    public = column({A: P}, kind=Kind.PUBLIC)
    (group,) = compare([full, public]).groups
    assert [row.changes[1] for row in group.tests] == [Change.SAME, Change.HIDDEN, Change.HIDDEN]
    (group,) = compare([public, full]).groups
    assert [row.changes[1] for row in group.tests] == [Change.SAME, Change.HIDDEN, Change.HIDDEN]


def test_a_test_of_one_column_only_is_added_or_removed() -> None:
    """If it fails, two engines with different lists of tests seem to disagree, or to agree, about all of them."""
    (group,) = compare([column({A: P, B: F}), column({A: P, C: P})]).groups
    assert [(row.id, row.changes[1]) for row in group.tests] == [
        (A, Change.SAME),
        (B, Change.REMOVED),
        (C, Change.ADDED),
    ]
    assert group.agreement(1) == (1, 1)
    assert group.tally(1)[Change.SAME] == 1
    assert group.tally(1)[Change.WORSE] == 0


def test_runs_stand_side_by_side_though_their_suites_differ() -> None:
    """If it fails, Tempest and the native engine cannot be compared on one cloud."""
    found = compare([column({A: P}), column({A: F}, suite=None, engine="tempest 47")])
    assert [group.places for group in found.groups] == [(0, 1)]
    assert found.apart == (
        "The tests are not the same code: a difference can come from the tests as well as from the cloud.",
    )


def test_reports_of_another_suite_or_guideline_do_not_stand_side_by_side() -> None:
    """If it fails, two products are ranked by different yardsticks, which misleads whoever reads it."""
    one = column({A: P}, kind=Kind.REPORT)
    suite = column({A: F}, kind=Kind.REPORT, suite="ef" * 32)
    foreign = column({A: F}, kind=Kind.REPORT, suite=None)
    same = column({A: F}, kind=Kind.PUBLIC)
    found = compare([one, suite, foreign, same])
    assert [group.places for group in found.groups] == [(0, 3), (1,), (2,)]
    assert found.apart == ("They were tested with different suites.",)
    ruler = column({A: F}, kind=Kind.REPORT, ruler=None)
    assert compare([one, ruler]).apart == ("They were judged by different guidelines, or by different texts of one.",)


def test_an_unknown_suite_and_another_program_are_said() -> None:
    """If it fails, results of unknown tests, or of another program, pass for the same thing."""
    assert compare([column({A: P}, suite=None)] * 2).apart == ("Which version of the tests was used is not recorded.",)
    platform = column({A: P}, ruler=None)
    assert "different programs" in compare([column({A: P}), platform]).apart[0]


def test_what_holds_everywhere_is_what_an_application_may_rely_on() -> None:
    """If it fails, an application is told that it may use what one of the clouds lacks."""
    (group,) = compare([column({A: P, B: P}), column({A: P, B: P})]).groups
    assert [row.shared for row in group.capabilities] == [True]
    (group,) = compare([column({A: P, B: P}), column({A: P, B: F})]).groups
    assert [row.shared for row in group.tests] == [True, False]
    assert [row.shared for row in group.capabilities] == [False]
    assert group.capabilities[0].differs
    assert group.tests[1].differs
    assert group.tests[0].capabilities == ("things",)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (P, P, Change.SAME),
        (P, F, Change.WORSE),
        (F, P, Change.BETTER),
        (P, E, Change.SILENT),
        (None, None, Change.SAME),
        (None, P, Change.ADDED),
        (P, None, Change.REMOVED),
    ],
)
def test_each_pair_of_capability_verdicts_has_its_word(
    before: Outcome | None, now: Outcome | None, change: Change
) -> None:
    """If it fails, a capability that was lost does not stand among the differences."""
    cells = [(column({A: item}).capabilities or {})["things"] if item else None for item in (before, now)]
    assert capability_change(cells[0], cells[1]) is change


def test_facts_differ_where_one_column_says_something_else_or_nothing() -> None:
    """If it fails, a difference of configuration is not seen next to the difference of results that it explains."""
    one = column({A: P}, facts=(Fact("run", "began", "1"), Fact("configuration", "network", "OVN")))
    two = column(
        {A: P}, facts=(Fact("run", "began", "1"), Fact("product", "version", "7"), Fact("configuration", "x", "y"))
    )
    facts = compare([one, two]).facts
    assert [(fact.section, fact.values, fact.differs) for fact in facts] == [
        ("product", (None, "7"), False),
        ("configuration", ("OVN", None), True),
        ("configuration", (None, "y"), True),
        ("run", ("1", "1"), False),
    ]


def test_a_trend_is_of_one_subject_in_the_order_of_time() -> None:
    """If it fails, a product's history is drawn backwards, or mixed with that of another one."""
    late = column({A: P, B: P}, moment="2026-11-22T10:00:00Z")
    early = column({A: P, B: F}, moment="2026-11-20T10:00:00Z")
    changed = column({A: P, B: F}, moment="2026-11-21T10:00:00Z", suite="ef" * 32)
    other = column({A: F}, subject="cloud two")
    unknown = column({A: F}, figures=None)
    (trend,) = trends([late, other, early, changed, unknown])
    assert trend.subject == "cloud one"
    assert [(point.place, point.figures.passed, point.aligned) for point in trend.points] == [
        (2, 1, True),
        (3, 1, False),
        (0, 2, False),
    ]


def test_latencies_are_compared_where_two_columns_have_them() -> None:
    """If it fails, the owner of two runs does not see which operation became slower."""
    latency = (Latency("GET /a", 3, 1, 2, 3), Latency("PUT /a", 9, 1, 2, 3))
    assert compare([column({A: P}, latencies=latency), column({A: P})]).latencies == ()
    rows = compare([column({A: P}, latencies=latency), column({A: P}, latencies=latency[:1])]).latencies
    assert [(row.operation, row.cells[1] is None) for row in rows] == [("PUT /a", True), ("GET /a", False)]


def test_one_column_is_nothing_to_compare() -> None:
    """If it fails, a forgotten word makes an empty comparison that looks like agreement."""
    with pytest.raises(InputError, match="nothing to compare with"):
        compare([column({A: P})])


@given(OUTCOMES, OUTCOMES)
def test_a_comparison_read_backwards_says_the_opposite(one: dict[str, Outcome], two: dict[str, Outcome]) -> None:
    """If it fails, which file is named first decides what differs."""
    opposite = {
        Change.BETTER: Change.WORSE,
        Change.WORSE: Change.BETTER,
        Change.ADDED: Change.REMOVED,
        Change.REMOVED: Change.ADDED,
    }
    (there,), (back,) = (compare([column(a), column(b)]).groups for a, b in ((one, two), (two, one)))
    assert {row.id: opposite.get(row.changes[1], row.changes[1]) for row in there.tests} == {
        row.id: row.changes[1] for row in back.tests
    }
    assert {row.id for row in there.tests} == set(one) | set(two)
    assert sum(there.tally(1).values()) == len(there.tests)
    assert {row.id for row in there.tests if row.shared} == {key for key in one if one[key] is P and two.get(key) is P}
