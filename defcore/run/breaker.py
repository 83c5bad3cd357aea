"""The circuit breaker: a service that gives no answer to one test after another is not asked for ever."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from defcore.run.record import Attempt, Failure, Outcome

if TYPE_CHECKING:
    from defcore.suite import SuiteTest

BREAK_AFTER = 4
"""So many tests of a service in a row without any answer, and its other tests are not tried."""


class Breaker:
    """Counts, service by service, the tests in a row that ended for want of an answer."""

    def __init__(self) -> None:
        """Begin with every circuit closed."""
        self._silent: Counter[str] = Counter()
        self._died = False

    def saw(self, test: SuiteTest, attempt: Attempt) -> None:
        """Take note of how a test ended. Whatever answer there was closes the circuit; a bug of ours tells nothing."""
        service, failure = test.meta.service, attempt.failure
        if attempt.outcome is Outcome.ERROR:
            self._silent[service] += failure is None or failure.kind != "bug"
            self._died = attempt.cut
        elif attempt.outcome is not Outcome.NOT_RUN:
            self._silent[service] = 0

    def verdict(self, test: SuiteTest, now: str) -> Attempt | None:
        """Return the attempt of a test that is not worth trying, or None; ``now`` is its time."""
        service = test.meta.service
        count = self._silent[service]
        if count < BREAK_AFTER:
            return None
        what = "the worker processes of the last" if self._died else f"the {service} service gave no answer to"
        reason = f"not tried: {what} {count} tests{' died (see workers.log)' if self._died else ' in a row'}"
        failure = Failure(cause=reason.partition(": ")[2], message=reason, kind="trouble", stage="setup")
        return Attempt(outcome=Outcome.ERROR, started=now, seconds=0, reason=reason, failure=failure)
