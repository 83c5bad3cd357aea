"""The scorer against a calculation of its own, straight from the JSON, and laws that hold for any run."""

from __future__ import annotations

import functools
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.guideline import GuidelineFile, load_file
from defcore.locate import data_dir
from defcore.run.record import Outcome, RunRecord
from defcore.score import Interop, Scorecard, score

from .builders import TODAY, nameless, record, result

if TYPE_CHECKING:
    from collections.abc import Mapping

BEST_FIRST = (Interop.PASS, Interop.UNTESTED, Interop.FAIL)
IDS = {"2020.06": 287, "2026.11": 448}
MUST_PASS = {"2020.06": 273, "2026.11": 268}
NOT_PASSED = [outcome for outcome in Outcome if outcome is not Outcome.PASSED]


def folder_of(name: str) -> Path:
    """Return the folder of a guideline; skip where the published ones are not at hand."""
    if name == "2026.11":
        return data_dir("guidelines")
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    return Path(folder)


@functools.cache
def read(path: Path) -> tuple[GuidelineFile, dict[str, Any], tuple[str, ...]]:
    """Return a guideline as the reader gives it, as raw JSON, and its ids."""
    raw = json.loads(path.read_bytes())
    ids = {test["idempotent_id"][3:] for item in raw["capabilities"].values() for test in item["tests"].values()}
    return load_file(path), raw, tuple(sorted(ids))


@pytest.fixture(params=["2026.11", "2020.06"])
def path(request: pytest.FixtureRequest) -> Path:
    """Give the file of our guideline and of the last published one."""
    name: str = request.param
    return folder_of(name) / f"{name}.json"


def expected(raw: dict[str, Any], program: str, outcomes: Mapping[str, Outcome]) -> tuple[str, dict[str, int]]:
    """Work out verdict and counts from the file alone: no model, no scorer."""
    names = [ref["name"] for ref in raw["platforms"][program]["components"]]
    required = {name for item in names for name in raw["components"][item]["capabilities"]["required"]}
    must: set[str] = set()
    excused: set[str] = set()
    for name in required:
        for test in raw["capabilities"][name]["tests"].values():
            (excused if "flagged" in test else must).add(test["idempotent_id"][3:])
    found = Counter(str(outcomes.get(test, "not_run")) for test in must)
    if found["failed"] or found["skipped"] or found["unsupported"]:
        verdict = "fail"
    elif not must or found["error"] or found["not_run"]:
        verdict = "untested"
    else:
        verdict = "pass"
    return verdict, {
        "required": len(must),
        "flagged": len(excused - must),
        **{word: found[word] for word in ("passed", "failed", "error", "skipped", "unsupported", "not_run")},
    }


def run_of(outcomes: Mapping[str, Outcome]) -> RunRecord:
    """Return a run with these outcomes by id."""
    return record(*(result(test, outcome) for test, outcome in outcomes.items()))


def card_of(source: GuidelineFile, run: RunRecord, program: str) -> Scorecard:
    """Score one run."""
    return score(source, [run], program, date=TODAY)


def counts_of(card: Scorecard) -> dict[str, int]:
    """Return the counts by name."""
    return {name: getattr(card.tests, name) for name in ("required", "flagged", *(item.value for item in Outcome))}


@st.composite
def outcomes_of(draw: st.DrawFn, ids: tuple[str, ...]) -> dict[str, Outcome]:
    """Draw a run: mostly passes with a few other outcomes, or anything at all."""
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - to spread, not to hide
    found = dict.fromkeys(ids, Outcome.PASSED)
    if draw(st.booleans()):
        found = {test: dice.choice(list(Outcome)) for test in ids if dice.random() < 0.9}
    for outcome in draw(st.lists(st.sampled_from(Outcome), max_size=3)):
        found[dice.choice(ids)] = outcome
    return found


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_verdict_and_counts_are_those_of_the_file(path_2026: Path, data: st.DataObject) -> None:
    """If two ways to work it out differ, one of them gives clouds a wrong verdict."""
    _agrees(path_2026, data)


@pytest.fixture(scope="module")
def path_2026() -> Path:
    """Give the file of our guideline."""
    return folder_of("2026.11") / "2026.11.json"


@pytest.fixture(scope="module")
def path_2020() -> Path:
    """Give the file of the last published guideline."""
    return folder_of("2020.06") / "2020.06.json"


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_verdict_and_counts_of_2020_06_are_those_of_the_file(path_2020: Path, data: st.DataObject) -> None:
    """The last published guideline is the one that clouds are still asked for."""
    _agrees(path_2020, data)


def _agrees(path: Path, data: st.DataObject) -> None:
    source, raw, ids = read(path)
    outcomes = data.draw(outcomes_of(ids))
    run = run_of(outcomes)
    for program in raw["platforms"]:
        card = card_of(source, run, program)
        assert (card.interop.value, counts_of(card)) == expected(raw, program, outcomes)


def test_the_known_figures(path: Path) -> None:
    """These counts are known from outside: 273 must-pass tests (268 in our draft), 58 of them in storage."""
    source, raw, ids = read(path)
    cards = [card_of(source, run_of(dict.fromkeys(ids, Outcome.PASSED)), program) for program in raw["platforms"]]
    assert [card.interop for card in cards] == [Interop.PASS] * 3
    by_program = {card.program.rsplit("-", 1)[1]: card.tests.required for card in cards}
    assert (len(ids), by_program["platform"], by_program["storage"]) == (IDS[path.stem], MUST_PASS[path.stem], 58)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_turning_a_pass_into_anything_else_never_helps(path_2026: Path, data: st.DataObject) -> None:
    """A cloud must not come out better by doing worse."""
    source, raw, ids = read(path_2026)
    outcomes = data.draw(outcomes_of(ids))
    program = data.draw(st.sampled_from(sorted(raw["platforms"])))
    before = card_of(source, run_of(outcomes), program)
    passed = sorted(test for test, outcome in outcomes.items() if outcome is Outcome.PASSED)
    if not passed:
        return
    worse = outcomes | {data.draw(st.sampled_from(passed)): data.draw(st.sampled_from(NOT_PASSED))}
    after = card_of(source, run_of(worse), program)
    assert BEST_FIRST.index(after.interop) >= BEST_FIRST.index(before.interop)
    assert after.tests.passed <= before.tests.passed


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_the_order_of_results_does_not_matter(path_2026: Path, data: st.DataObject) -> None:
    """A report scored again from sorted results must give the same card."""
    source, raw, ids = read(path_2026)
    run = run_of(data.draw(outcomes_of(ids)))
    results = list(run.results)
    data.draw(st.randoms(use_true_random=False)).shuffle(results)
    shuffled = run.model_copy(update={"results": tuple(results)})
    program = data.draw(st.sampled_from(sorted(raw["platforms"])))
    assert card_of(source, shuffled, program) == card_of(source, run, program)


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_results_of_unknown_tests_change_nothing(path_2026: Path, data: st.DataObject) -> None:
    """A thousand invented tests could once be ticked as verified."""
    source, raw, ids = read(path_2026)
    run = run_of(data.draw(outcomes_of(ids)))
    strange = data.draw(st.lists(st.uuids().map(str).filter(lambda test: test not in ids), max_size=5))
    more = [result(test, data.draw(st.sampled_from(Outcome)), name=data.draw(st.text(max_size=5))) for test in strange]
    more.append(nameless("invented.test", data.draw(st.sampled_from(Outcome))))
    longer = run.model_copy(update={"results": (*more, *run.results)})
    program = data.draw(st.sampled_from(sorted(raw["platforms"])))
    assert card_of(source, longer, program) == card_of(source, run, program)


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_several_runs_are_never_better_than_the_worst_of_them(path_2026: Path, data: st.DataObject) -> None:
    """A second region may not lift the verdict of the first."""
    source, _, ids = read(path_2026)
    runs = [run_of(data.draw(outcomes_of(ids))) for _ in range(2)]
    program = "interoperable-cloud-storage"
    alone = [BEST_FIRST.index(card_of(source, item, program).interop) for item in runs]
    together = score(source, runs, program, date=TODAY)
    assert BEST_FIRST.index(together.interop) == max(alone)


def test_names_alone_give_the_same_verdict(path: Path) -> None:
    """Results of the old tools know names only; where names are still the same, nothing else may change."""
    source, raw, ids = read(path)
    names = [name for item in raw["capabilities"].values() for name in item["tests"]]
    by_name = card_of(source, record(*(nameless(name) for name in dict.fromkeys(names))), next(iter(raw["platforms"])))
    by_id = card_of(source, run_of(dict.fromkeys(ids, Outcome.PASSED)), next(iter(raw["platforms"])))
    assert (by_name.interop, by_name.tests) == (by_id.interop, by_id.tests)
    assert {test.matched for item in by_name.capabilities for test in item.tests} == {"name"}
