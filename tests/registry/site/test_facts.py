"""What is kept of a report: enough for every page, and nothing that is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as some

from defcore.registry.model import Submission
from defcore.registry.site.facts import bits, entry_of, of_verdict, passed_tests, shown_capabilities, unbits
from defcore.run.record import Outcome
from tests.attest.conftest import T1, T2, T3, T4

if TYPE_CHECKING:
    from tests.registry.conftest import Registry


@given(some.lists(some.booleans(), max_size=300))
def test_bits_come_back_as_they_went(flags: list[bool]) -> None:
    """If it fails, a page shows passes of other tests than those that passed."""
    assert unbits(bits(flags), len(flags)) == flags


def test_the_first_test_is_the_highest_bit() -> None:
    """If it fails, whoever reads the data set by the documentation reads it backwards."""
    assert bits([True, False, False, False, True]) == "88"


def test_facts_are_those_of_the_public_report(registry: Registry) -> None:
    """If it fails, the pages show what only the full report tells, or show something wrong."""
    run = registry.house.run_record({T1: Outcome.FAILED})
    verdict = registry.admit(registry.submission(run=run))
    facts = of_verdict(verdict)
    assert facts is not None
    assert passed_tests(facts, registry.house.source.guideline) == {T2, T3, T4}
    assert shown_capabilities(facts, registry.house.source.guideline) == {"get"}
    assert (facts.interop, facts.passed, facts.required, facts.full) == (False, 1, 2, True)
    assert "fail" not in facts.model_dump_json()
    assert entry_of(facts) == verdict.entry


def test_what_is_refused_or_held_back_has_no_facts(registry: Registry) -> None:
    """If it fails, something that must not be shown is shown."""
    made = registry.submission()
    assert of_verdict(registry.admit(Submission(full=made.full))) is None
    assert of_verdict(registry.admit(Submission(acts=(registry.world.admission,)))) is None
    for path in registry.folder.act_files():
        path.unlink()
    assert of_verdict(registry.admit(made)) is None
