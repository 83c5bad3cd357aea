"""A run that is no result is known as one, whatever refused it."""

from __future__ import annotations

import pytest

from defcore.run.record import Failure, RunRecord
from defcore.run.sentinel import FEWEST, diagnose

from .records import record_of


def failing(actual: str, place: str = "status", tests: int = FEWEST) -> RunRecord:
    """Make a run in which all tests failed in one way."""
    record = record_of(dict.fromkeys(range(tests), "failed"))
    failure = Failure(cause="c", message="m", place=place, expected="202", actual=actual)
    results = [
        item.model_copy(update={"attempts": tuple(a.model_copy(update={"failure": failure}) for a in item.attempts)})
        for item in record.results
    ]
    return record.model_copy(update={"results": tuple(results)})


@pytest.mark.parametrize(
    ("actual", "word"),
    [
        ("401", "credentials"),
        ("403", "credentials"),
        ("413", "quota"),
        ("507", "quota"),
        ("403 (the quota is full)", "quota"),
        ("409 (the quota is full)", "quota"),
    ],
)
def test_one_story_told_by_all_makes_no_result(actual: str, word: str) -> None:
    """A project that is full, or a user without rights, would be taken for a cloud that fails everything."""
    assert str(diagnose(failing(actual), created=1)).startswith(f"{word}: {FEWEST} of {FEWEST} tests")


def test_many_stories_or_few_tests_are_a_result() -> None:
    """A cloud that really fails must not get away as untested."""
    assert diagnose(failing("500"), created=1) is None
    assert diagnose(failing("413", place="$.quota"), created=1) is None
    assert diagnose(failing("413", tests=FEWEST - 1), created=1) is None


def test_a_run_that_asked_for_nothing_shows_nothing() -> None:
    """What passed without a single resource can have looked at nothing."""
    record = record_of(dict.fromkeys(range(FEWEST), "passed"))
    assert str(diagnose(record, created=0)).startswith("nothing was created")
    assert diagnose(record, created=1) is None
