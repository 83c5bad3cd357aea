"""The sample on which two engines are measured, and the figures that are printed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.lies import A_SERVICE, SPARE, candidates, report, sample
from defcore.guideline import resolve
from defcore.run.record import Outcome
from defcore.sabotage.trials import Clean, Trial
from defcore.suite import collect, suite_dir
from defcore.tempest.listing import Named, Suite

if TYPE_CHECKING:
    import pytest

SUITE = collect(suite_dir())
GET = "GET /x"


def known() -> dict[str, str]:
    """Let Tempest have every published test."""
    published = {test.id: test.name for capability in resolve().guideline.capabilities for test in capability.tests}
    named = {key: (Named(name, "A"),) for key, name in published.items()}
    return candidates(resolve().guideline, SUITE, Suite("47", named, {}, "0" * 64))


def clean(test: str, outcome: Outcome = Outcome.PASSED) -> Clean:
    """Make a clean run to which two faults apply."""
    return Clean(test=test, outcome=outcome, seconds=0, applicable=((GET, "wrong-status"), (GET, "dead-link")))


def test_the_sample_is_ten_tests_of_each_of_four_services() -> None:
    """Whoever could choose the tests could choose the figures; so nobody does."""
    names = known()
    chosen = sample(names, SUITE)
    assert len(names) == 4 * (A_SERVICE + SPARE)
    assert len(chosen) == 40
    assert len({SUITE[test].meta.service for test in chosen}) == 4
    assert not any(SUITE[test].meta.service in {"identity", "image"} for test in chosen)


def test_a_test_that_one_engine_leaves_out_is_replaced_by_the_next() -> None:
    """What is compared is what both engines do; and a test that breaks both is none of it."""
    names = known()
    first = sample(names, SUITE)
    other = {first[0]: clean(first[0], Outcome.SKIPPED)}, dict[tuple[str, str, str], Trial]()
    assert [test for test in sample(names, SUITE, other) if test not in first] == [list(names)[A_SERVICE]]
    assert first[0] not in sample(names, SUITE, other)


def test_the_figures_count_each_trial_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A trial that is left out of the denominator would make one engine look better than it is."""
    names = known()
    tests = sample(names, SUITE)[:2]
    names = {test: names[test] for test in tests}

    def trials(*verdicts: str) -> dict[tuple[str, str, str], Trial]:
        keys = [(test, GET, kind) for test in tests for kind in ("wrong-status", "dead-link")]
        made = [
            Trial.model_validate({"test": key[0], "operation": GET, "kind": key[2], "verdict": word, "seconds": 0})
            for key, word in zip(keys, verdicts, strict=False)
        ]
        return dict(zip(keys, made, strict=False))

    cleans = {test: clean(test) for test in tests}
    ours, theirs = trials("killed", "killed", "survived", "beside"), trials("killed", "unmet", "killed", "setup")
    assert report(SUITE, names, (cleans, ours), (cleans, theirs)) == 0
    told = capsys.readouterr().out.splitlines()
    row = next(line.split() for line in told if line.startswith("all"))
    assert row == ["all", "2", "4", "|", "2", "50.0%", "2", "50.0%", "|", "1", "1", "1", "1"]
    assert "Tempest: 2 killed, 1 unmet, 1 setup; 0 replayed" in told
    assert any(line.startswith("these are 2 faults (operation, kind): the native tests notice 2,") for line in told)
    assert report(SUITE, names, (cleans, ours), (cleans, trials("killed"))) == 1
    assert report(SUITE, names, ({tests[0]: cleans[tests[0]]}, ours), (cleans, theirs)) == 1
    assert f"not tried by both: {tests[1]}" in capsys.readouterr().out
