"""Tests of the run directory that foreign results become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline.ids import nameless_id
from defcore.importing.gather import Words, gather, write
from defcore.importing.sources import Foreign
from defcore.importing.told import Told
from defcore.run.journal import rebuild
from defcore.run.record import BY_VERDICT, Outcome
from defcore.run.store import load_run

from .samples import NOW, guideline, tests

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.run.record import RunRecord

GUIDELINE = guideline()
FIRST, SECOND, THIRD = tests(3)
PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


def spelled(test: Any) -> str:  # noqa: ANN401 - a test
    """Spell a test as Tempest does."""
    return f"{test.name}[id-{test.id},smoke]"


def brought(out: Path, *told: Told, **more: Any) -> RunRecord:  # noqa: ANN401
    """Import these outcomes."""
    foreign = Foreign("subunit v2", "f", "ab" * 32, told, ("which cloud was tested",), more.pop("notes", ()))
    return write(gather(foreign, GUIDELINE, Words(**more), run_id="r1", now=NOW), out)


def test_a_run_directory_is_what_the_engine_would_have_written(tmp_path: Path) -> None:
    """If it fails, an imported run cannot be scored, watched or reported as any other."""
    out = tmp_path / "deep" / "run"
    record = brought(
        out,
        Told(spelled(FIRST), PASSED, NOW - 100, 2.5),
        Told(spelled(SECOND), Outcome.SKIPPED, NOW - 90, 0.5, "no swift"),
        Told("mine.test_x", FAILED, NOW - 80, 1, None, "Traceback\nError: volume 1234567 is bad"),
        cloud="north",
        guideline="2026.11",
        program="interoperable-cloud-storage",
        notes=("a note",),
    )
    assert record == rebuild(out) == load_run(out / "run.json")
    assert sorted(path.name for path in out.iterdir()) == ["journal.jsonl", "run.json"]
    assert [(item.id, item.name, item.outcome, item.implementation) for item in record.results] == [
        (FIRST.id, FIRST.name, PASSED, "tempest"),
        (SECOND.id, SECOND.name, Outcome.SKIPPED, "tempest"),
        (nameless_id("mine.test_x"), "mine.test_x", FAILED, "unknown"),
    ]
    assert (record.complete, record.partial, record.cloud.name, record.engine.name) == (True, False, "north", "tempest")
    assert (record.started, record.ended) == ("2026-11-20T09:58:20.000000Z", "2026-11-20T09:58:41.000000Z")
    assert (record.guideline, record.program) == ("2026.11", "interoperable-cloud-storage")
    assert record.results[1].attempts[0].reason == "no swift"
    failure = record.results[2].attempts[0].failure
    assert failure
    assert (failure.cause, failure.message) == ("Error: volume … is bad", "Error: volume 1234567 is bad")
    assert failure.trace == "Traceback\nError: volume 1234567 is bad"
    assert record.source
    assert (record.source.digest, record.source.timed) == ("ab" * 32, True)
    assert record.notes == ("a note", "1 of 3 tests are not in guideline 2026.11: mine.test_x")


@given(st.lists(st.sampled_from(Outcome), min_size=1, max_size=4))
def test_of_several_outcomes_the_worst_counts(outcomes: list[Outcome]) -> None:
    """If it fails, somebody tries until it passes, and imports that."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        record = brought(Path(folder) / "run", *(Told(spelled(FIRST), outcome) for outcome in outcomes))
    assert [item.outcome for item in record.results[0].attempts] == outcomes
    assert record.results[0].outcome is max(outcomes, key=BY_VERDICT.index)
    assert any("more than one outcome" in note for note in record.notes) == (len(outcomes) > 1)


def test_a_test_that_never_ended_leaves_the_run_incomplete(tmp_path: Path) -> None:
    """If it fails, a Tempest that died counts as one that came to its end."""
    record = brought(tmp_path / "r", Told(spelled(FIRST), Outcome.ERROR, NOW, None, "it ends here", cut=True))
    assert (record.complete, record.results[0].outcome) == (False, Outcome.ERROR)
    assert record.results[0].attempts[0].failure is None


def test_what_befell_a_class_befell_its_tests(tmp_path: Path) -> None:
    """If it fails, a class that could not be set up leaves no trace, and its tests are only missing."""
    group = FIRST.name.rpartition(".")[0]
    record = brought(
        tmp_path / "r",
        Told(f"setUpClass ({group})", Outcome.SKIPPED, NOW, 0, "no swift"),
        Told("tearDownClass (tempest.a.B)", FAILED, NOW, 0),
        Told("setUpClass (tempest.a.C)", PASSED),
    )
    held = [test for item in GUIDELINE.capabilities for test in item.tests if test.name.rpartition(".")[0] == group]
    assert {(item.id, item.outcome) for item in record.results} == {(test.id, Outcome.SKIPPED) for test in held}
    assert len(held) > 1
    assert record.notes == (
        f"setUpClass ({group}): skipped: no swift; that is the outcome of {len(held)} tests of the guideline",
        "tearDownClass (tempest.a.B): failed: no reason was told",
    )


def test_without_times_those_of_the_import_stand_and_it_is_said(tmp_path: Path) -> None:
    """If it fails, an old result looks like one of today."""
    record = brought(tmp_path / "r", Told(spelled(FIRST), PASSED))
    assert (record.started, record.ended) == ("2026-11-20T10:00:00.000000Z", "2026-11-20T10:00:00.000000Z")
    assert record.source
    assert not record.source.timed


def test_a_time_to_come_is_not_believed(tmp_path: Path) -> None:
    """If it fails, a result of the year 2099 stands above all later ones."""
    record = brought(tmp_path / "r", Told(spelled(FIRST), PASSED, NOW + 1e9), Told(spelled(SECOND), PASSED, NOW))
    assert record.started == "2026-11-20T10:00:00.000000Z"
    assert record.notes == ("it tells times that are still to come: the time of the import stands in their place",)


def test_tests_of_another_guideline_alone_are_refused(tmp_path: Path) -> None:
    """If it fails, a thousand invented tests make a run that looks like one."""
    with pytest.raises(InputError) as caught:
        brought(tmp_path / "r", Told("mine.test_x", PASSED))
    assert caught.value.code == "no-known-test"
    assert list(tmp_path.iterdir()) == []


def test_a_name_alone_and_an_earlier_name_are_known(tmp_path: Path) -> None:
    """If it fails, results without ids are said to be of no guideline."""
    aliased = next(test for item in GUIDELINE.capabilities for test in item.tests if test.aliases)
    record = brought(tmp_path / "r", Told(FIRST.name, PASSED), Told(aliased.aliases[0], PASSED))
    assert record.notes == ()


def test_many_strangers_are_named_in_part(tmp_path: Path) -> None:
    """If it fails, the note on a whole Tempest run is a page of names."""
    record = brought(tmp_path / "r", Told(spelled(FIRST), PASSED), *(Told(f"m.t{n}", PASSED) for n in range(7)))
    assert record.notes == ("7 of 8 tests are not in guideline 2026.11: m.t0, m.t1, m.t2, m.t3, m.t4 and 2 more",)


def test_a_directory_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    """If it fails, an import writes over a run."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "kept").touch()
    with pytest.raises(InputError) as caught:
        brought(tmp_path / "run", Told(spelled(FIRST), PASSED))
    assert caught.value.code == "not-empty"
    with pytest.raises(InputError) as caught:
        brought(tmp_path / "run" / "kept" / "run", Told(spelled(FIRST), PASSED))
    assert caught.value.code == "cannot-write"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["kept"]
