"""What a run will be: which tests, what exists on the cloud at its peak, about how long it takes. Nothing is sent."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.doctor.model import Wanted
from defcore.kit.commons import COMMONS, commons
from defcore.kit.meta import unmet
from defcore.run.record import Outcome
from defcore.run.room import held
from defcore.score import required_tests

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from defcore.cloud.credential import Credential
    from defcore.doctor import Diagnosis
    from defcore.guideline import GuidelineFile
    from defcore.run.plan import Plan
    from defcore.suite import SuiteTest

START = 2.0
"""Seconds until a worker has loaded the suite and logged in."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected of one test: ``outcome`` is null where it will be run, else ``reason`` says why not."""

    id: str
    name: str
    service: str | None
    says: str
    seconds: float
    outcome: Outcome | None
    reason: str | None

    def to_wire(self) -> dict[str, Any]:
        """Give the JSON object that scripts read."""
        same = {name: getattr(self, name) for name in ("id", "name", "service", "says", "seconds", "reason")}
        return same | {"expected": self.outcome.value if self.outcome else "run"}


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will be. ``peak`` maps a kind of resource to how many exist at once at the most."""

    tests: tuple[Expected, ...]
    peak: Mapping[str, int]
    seconds: float
    workers: int

    def to_wire(self) -> dict[str, Any]:
        """Give the JSON object that scripts read."""
        return {
            "workers": self.workers,
            "seconds": round(self.seconds, 1),
            "peak": dict(self.peak),
            "tests": [item.to_wire() for item in self.tests],
        }

    @property
    def running(self) -> tuple[Expected, ...]:
        """The tests that will be run."""
        return tuple(item for item in self.tests if item.outcome is None)

    @property
    def idle(self) -> tuple[Expected, ...]:
        """The tests that will not."""
        return tuple(item for item in self.tests if item.outcome is not None)


def want(plan: Plan, source: GuidelineFile, workers: int) -> Wanted:
    """Tell the doctor what the run will be, as if every test could be run."""
    programs = [found for key in plan.programs or (plan.program,) if (found := source.guideline.program(key))]
    required = {test.id for program in programs for test in required_tests(source.guideline, program)}
    return wishes(plan.tests, workers, frozenset(required))


def wishes(tests: Sequence[SuiteTest], workers: int, required: frozenset[str] = frozenset()) -> Wanted:
    """Tell the doctor what these tests want of the cloud."""
    return Wanted(tuple(tests), required, peak(tests, workers), peak(tests, 1), duration(tests, workers))


def foresee(plan: Plan, credentials: Mapping[str, Credential], diagnosis: Diagnosis, workers: int) -> Forecast:
    """Say of each test what is to be expected, from what the doctor has seen."""
    tests = {test.meta.id: test for test in plan.tests}
    expected = []
    for listed in plan.listed:
        test = tests.get(listed.id)
        if test is None:
            expected.append(Expected(listed.id, listed.name, None, "", 0, Outcome.NOT_RUN, listed.missing))
            continue
        outcome, reason = _expect(test, credentials, diagnosis)
        meta = test.meta
        expected.append(Expected(meta.id, listed.name, meta.service, test.says, meta.seconds, outcome, reason))
    running = [tests[item.id] for item in expected if item.outcome is None]
    return Forecast(tuple(expected), peak(running, workers), duration(running, workers), workers)


def _expect(
    test: SuiteTest, credentials: Mapping[str, Credential], diagnosis: Diagnosis
) -> tuple[Outcome | None, str | None]:
    """Foresee what ``kit.session`` and ``kit.actor`` will do, in their order."""
    meta, main = test.meta, credentials["main"]
    if reason := unmet(meta, main.name, credentials, password=bool(main.auth.get("password"))):
        return Outcome.NOT_RUN, reason
    if meta.service not in diagnosis.services:
        return Outcome.UNSUPPORTED, f"the catalogue has no {meta.service} service"
    for extension in meta.extensions:
        service, _, name = extension.partition(":")
        if service in diagnosis.announced and name not in diagnosis.announced[service]:
            return Outcome.UNSUPPORTED, f"the {service} service does not announce {name}"
    return None, None


def bounds(tests: Sequence[SuiteTest], diagnosis: Diagnosis, workers: int) -> dict[str, int]:
    """Return the room that there is of each kind of resource, where it is less than the workers would take."""
    most = peak(tests, workers)
    return {kind: left for kind, left in diagnosis.room.items() if left < most.get(kind, 0)}


def peak(tests: Collection[SuiteTest], workers: int) -> dict[str, int]:
    """Bound what exists at once: what the run shares; of each worker, what files share and what its test creates.

    No more workers hold something of their own than there are tests that create it.
    """
    shared: dict[str, Counter[str]] = {}
    sharing: Counter[str] = Counter()
    own: dict[str, list[int]] = {}
    for test in tests:
        path = test.node.partition("::")[0]
        if test.meta.shared:
            sharing[path] += 1
            shared[path] = shared.get(path, Counter()) | Counter(test.meta.creates)
        else:
            for kind, count in test.meta.creates.items():
                own.setdefault(kind, []).append(count)
    total = held(tests)
    for path, counts in shared.items():
        for kind, count in counts.items():
            total[kind] += count * min(workers, sharing[path])
    for kind, numbers in own.items():
        total[kind] += sum(heapq.nlargest(workers, numbers))
    return {kind: count for kind, count in sorted(total.items()) if count}


def duration(tests: Sequence[SuiteTest], workers: int) -> float:
    """Estimate the seconds of a run: the tests in their order, each given to the worker that is free first."""
    free = [START] * max(min(workers, len(tests)), 1)
    made: set[str] = set()
    for test in tests:
        fresh = commons(test.meta.uses) - made
        made |= fresh
        heapq.heapreplace(free, free[0] + test.meta.seconds + sum(COMMONS[key].seconds for key in fresh))
    return max(free) if tests else 0.0
