"""Whom a draft would hurt or help: as the scorer says, and never more than the records hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.board.impact import Candidate, Impact, ProgramImpact, Touched, Unknown
from defcore.guideline import model as m
from defcore.guideline import resolve
from defcore.run.record import Outcome, RunRecord
from defcore.score import Interop, score

from .builders import E, F, P, S, draft, previous, run, source

if TYPE_CHECKING:
    import random

TODAY = dt.date(2026, 11, 20)
ALL = dict.fromkeys(range(1, 9), P)


def counted(*runs: RunRecord, program: str | None = None, against: m.Guideline | None = None) -> ProgramImpact:
    """Return what the draft does to its one program."""
    impact = Impact(draft(), against or previous())
    for item in runs:
        impact.add(item.id, impact.table.codes(item), program)
    return impact.result()[0]


def test_who_gains_and_by_which_tests() -> None:
    """A cloud that failed only what is no longer required passes, and the board sees why."""
    found = counted(run("a", ALL | {3: F}))
    assert found.gains == (Touched("a", Interop.FAIL, Interop.PASS, ("test_3",)),)
    assert (found.passing(before=True), found.passing(before=False)) == (0, 1)


def test_who_loses_and_by_which_tests() -> None:
    """A cloud that passes today and would fail tomorrow is the reason for the whole command."""
    found = counted(run("a", ALL | {4: F}), run("b", ALL))
    assert found.loses == (Touched("a", Interop.PASS, Interop.FAIL, ("test_4",)),)
    assert found.blocking == (("test_4", 1),)
    assert found.verdicts == ((Interop.PASS, Interop.FAIL, 1), (Interop.PASS, Interop.PASS, 1))


def test_what_the_record_does_not_hold_is_unknown_and_no_loss() -> None:
    """A run from before a test existed says nothing about it; calling that a failure would be a lie."""
    absent = run("a", {1: P, 2: P, 3: P})
    broke = run("b", ALL | {4: E})
    found = counted(absent, broke)
    assert found.unknown == (Unknown("a", Interop.PASS, 1, 0), Unknown("b", Interop.PASS, 0, 1))
    assert not (found.loses)
    assert not (found.gains)


def test_what_was_unknown_before_is_not_news() -> None:
    """A storage run under the platform program would fill the page with what everybody knows."""
    found = counted(run("a", {1: P}))
    assert found.unknown == ()
    assert found.verdicts == ((Interop.UNTESTED, Interop.UNTESTED, 1),)


def test_what_could_become_required() -> None:
    """Harmless means: somebody passes it, nobody who passes the program fails it, and nobody's record is silent."""
    found = counted(run("a", ALL), run("b", ALL | {4: F, 5: F}))
    soon, quiet = found.candidates
    assert (soon, soon.harmless) == (Candidate("soon", 1, 1, 0, 0), True)
    assert quiet == Candidate("quiet", 1, 1, 0, 0)
    hurt = counted(run("a", ALL), run("b", ALL | {5: S})).candidates[0]
    assert (hurt, hurt.harmless) == (Candidate("soon", 1, 1, 1, 0), False)
    silent = counted(run("a", ALL), run("b", {1: P, 2: P, 3: P, 4: P})).candidates[0]
    assert (silent, silent.harmless) == (Candidate("soon", 1, 1, 0, 1), False)
    assert not counted(run("a", ALL | {1: F})).candidates[0].harmless


def test_required_tests_that_nobody_passes_or_nobody_ran() -> None:
    """The first may be a wrong test, the second one that nobody has tried: two different questions."""
    found = counted(run("a", {1: P, 2: F, 3: P}), run("b", {1: F, 2: S}))
    assert (found.nobody, found.unseen) == (("test_2",), ("test_4",))


def test_a_record_counts_for_the_program_that_it_was_made_for() -> None:
    """Its old name, its new name and its component all mean that program."""
    for word in ("store", "Store"):
        assert counted(run("a", ALL), program=word).records == 1
    assert counted(run("a", ALL), program="elsewhere").records == 0
    renamed = replace(previous(), programs=(replace(previous().programs[0], key="old", name="Old"),))
    assert counted(run("a", ALL), program="old", against=renamed).before == "Old"


def test_a_program_without_a_predecessor() -> None:
    """Nobody gains or loses what was never given; whoever leaves it open is named."""
    impact = Impact(draft(), None)
    for item in (run("a", ALL), run("b", {1: P})):
        impact.add(item.id, impact.table.codes(item))
    found = impact.result()[0]
    assert found.verdicts == ((None, Interop.PASS, 1), (None, Interop.UNTESTED, 1))
    assert (found.before, found.gains, found.unknown) == (None, (), (Unknown("b", None, 2, 0),))


def test_a_component_of_another_file_leaves_a_program_open() -> None:
    """What was not scored must not count as passed: the scorer says so, and so must the forecast."""
    far = (m.ComponentRef("store"), m.ComponentRef("far", "other.json"))
    changed = replace(draft(), programs=(replace(draft().programs[0], components=far),))
    impact = Impact(changed, previous())
    impact.add("a", impact.table.codes(run("a", ALL)))
    assert impact.result()[0].verdicts == ((Interop.PASS, Interop.UNTESTED, 1),)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(1, 8), st.sampled_from(Outcome)))
def test_verdicts_are_those_of_the_scorer(outcomes: dict[int, Outcome]) -> None:
    """A forecast that differs from the verdict that comes would be worse than none."""
    record = run("a", outcomes)
    found = counted(record)
    ((before, after, count),) = found.verdicts
    cards = [score(source(item), [record], "store", date=TODAY) for item in (previous(), draft())]
    assert ([card.interop for card in cards], count) == ([before, after], 1)


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False), st.floats(0, 1))
def test_verdicts_of_the_guideline_that_ships_are_those_of_the_scorer(dice: random.Random, share: float) -> None:
    """On the real tests too, with their flags, doubled ids and three programs."""
    shipped = resolve("2026.11")
    ids = [test.id for item in shipped.guideline.capabilities for test in item.tests]
    base = run("a", {})
    results = [
        {"id": key, "name": "x", "outcome": dice.choice(list(Outcome)) if dice.random() < share / 50 else P}
        for key in dict.fromkeys(ids)
        if dice.random() > share / 500
    ]
    record = RunRecord.model_validate(base.model_dump() | {"results": results})
    impact = Impact(shipped.guideline, None)
    impact.add("a", impact.table.codes(record))
    for item in impact.result():
        ((_, after, _),) = item.verdicts
        card = score(shipped, [record], item.program, date=TODAY)
        assert (after, item.required) == (card.interop, card.tests.required)
