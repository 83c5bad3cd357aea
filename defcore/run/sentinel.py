"""Patterns of results that tell of a broken set-up and not of the cloud: such a run refuses to be called a result."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from defcore.run.record import Outcome

if TYPE_CHECKING:
    from defcore.run.record import Attempt, RunRecord

FEWEST = 8
"""Runs of fewer tests show no pattern."""
MOST = 0.5
"""The share of the tests that must tell the same story."""
_DENIED = {"401", "403"}
_OVER_QUOTA = {"413", "507"}


def diagnose(record: RunRecord, created: int) -> str | None:
    """Say why a run is no result, or None.

    ``created`` counts what its ledger says was created or changed. The patterns: credentials (most tests are denied),
    quota (most run into one), outage (most got no answer), and nothing created (what passed can have shown nothing).
    """
    last = [result.attempts[-1] for result in record.results if result.attempts]
    tried = [item for item in last if item.outcome is not Outcome.NOT_RUN]
    if len(tried) < FEWEST:
        return None
    kinds = Counter(_story(item) for item in tried)
    for kind, words in _STORIES.items():
        if kinds[kind] > MOST * len(tried):
            return f"{kind}: {words.format(count=kinds[kind], tried=len(tried))}"
    if created == 0 and any(item.outcome is Outcome.PASSED for item in tried):
        return f"nothing was created: {len(tried)} tests were tried, and not one resource was asked for"
    return None


_STORIES = {
    "credentials": "{count} of {tried} tests were denied access; is it the right user, role and project?",
    "quota": "{count} of {tried} tests ran into a quota; make room in the project, or use another",
    "outage": "{count} of {tried} tests got no answer; the cloud, or the way to it, was down",
}


def _story(attempt: Attempt) -> str | None:
    failure = attempt.failure
    if failure is None:
        return None
    if failure.kind == "trouble":
        return "outage"
    if failure.kind == "input":
        return "credentials"
    if failure.place == "status" and failure.actual in _DENIED:
        return "credentials"
    full = failure.place == "status" and (failure.actual in _OVER_QUOTA or "quota" in (failure.actual or ""))
    return "quota" if full else None
