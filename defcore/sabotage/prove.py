"""Carries out a proof: each test clean, then once for each fault that would alter what it judges."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.cloud.http import Policy
from defcore.errors import InputError
from defcore.run.lines import append
from defcore.run.lock import RunLock
from defcore.run.pool import Job, Options, Worker, WorkerDiedError
from defcore.run.record import Attempt, Outcome
from defcore.run.runner import PATIENCE, end_leftovers
from defcore.run.team import Team
from defcore.sabotage.kinds import KINDS, Fault
from defcore.sabotage.trials import Clean, Event, Head, Trial, Varied, done, opened, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.suite import SuiteTest

DEADLINE = 90.0
"""Seconds that one trial may take."""


@dataclass(frozen=True, slots=True)
class Task:
    """A trial to do: with a fault, a variation, or nothing armed."""

    test: SuiteTest
    fault: Fault | None = None
    variation: str | None = None


class Prover(Worker):
    """A worker process that does trials."""

    module = "defcore.sabotage.worker"

    def do(self, task: Task, kinds: Sequence[str]) -> dict[str, Any]:
        """Do one trial, or a clean run with the trials of these kinds that can be replayed.

        Raises WorkerDiedError when the worker does not answer in time.
        """
        fault = [task.fault.operation, task.fault.kind] if task.fault else None
        order = {"node": task.test.node, "fault": fault, "variation": task.variation, "kinds": list(kinds)}
        return self.order(order, 2 * DEADLINE)


class Bench(Team):
    """Does trials side by side; a clean one brings those of its faults."""

    def __init__(
        self, job: Job, tasks: Sequence[Task], head: Head, told: Callable[[Event, int], None], *, live: bool
    ) -> None:
        """Take what is to be done; ``told`` hears of each trial and how many are left; ``live`` replays nothing."""
        super().__init__(job.options.limit)
        self._job = job
        self._head = head
        self._queue = list(tasks)
        self._told = told
        self._live = live
        self._busy: set[str] = set()
        self._changed = threading.Condition()
        self._workers: set[Prover] = set()

    def work(self) -> bool:
        """Do everything; return whether something is left."""
        return self.carry_out(self._job.options.workers) or bool(self._queue)

    def _feed(self) -> None:
        worker: Prover | None = None
        while not self._stop.is_set() and not self._late():
            task = self._take()
            if task is None:
                break
            if worker is None:
                worker = Prover(self._job)
                self._workers.add(worker)
            more: list[Task] = []
            try:
                events, more, alive = self._try(worker, task)
                with self._lock:
                    for event in events:
                        self._told(event, len(self._queue) + len(more))
                worker = worker if alive else None
            finally:
                with self._changed:
                    self._queue[:0] = more
                    self._busy.remove(task.test.meta.id)
                    self._changed.notify_all()
        if worker:
            self.notes += worker.finish()

    def _take(self) -> Task | None:
        """Return what is next of a test that nobody is at: two of one test would wait for what the other was lent."""
        with self._changed:
            while not self._stop.is_set():
                for number, task in enumerate(self._queue):
                    if task.test.meta.id not in self._busy:
                        self._busy.add(task.test.meta.id)
                        return self._queue.pop(number)
                if not self._busy:
                    return None
                self._changed.wait(1)
        return None

    def _try(self, worker: Prover, task: Task) -> tuple[list[Event], list[Task], bool]:
        began = time.monotonic()
        try:
            found = worker.do(task, () if self._live else self._head.kinds)
            alive = True
        except WorkerDiedError as error:
            worker.kill()
            self._workers.discard(worker)
            found, alive = {"died": str(error)}, False
        event = judged(task, found, round(time.monotonic() - began, 3))
        if not isinstance(event, Clean):
            return [event], [], alive
        trials = [
            judged(Task(task.test, Fault(*item["fault"])), item, item["seconds"]) for item in found.get("trials", ())
        ]
        known = Known(frozenset((item.test, item.operation, item.kind) for item in trials if isinstance(item, Trial)))
        more = [Task(task.test, fault, word) for _, fault, word in wanted(event, self._head, known)]
        return [event, *trials], more, alive

    def _kill(self) -> None:
        for worker in list(self._workers):
            worker.kill()


@dataclass(frozen=True, slots=True)
class Known:
    """What is tried already: trials that came to a verdict, and variations."""

    trials: frozenset[tuple[str, str, str]] = frozenset()
    varied: frozenset[tuple[str, str]] = frozenset()


def judged(task: Task, found: Mapping[str, Any], seconds: float) -> Event:
    """Turn what a worker told of a trial into its event.

    A kill is the test's own check of an answer that was altered, ending as ``failed`` in what the test judges.
    """
    test = task.test.meta.id
    if "died" in found:
        attempt = Attempt(outcome=Outcome.ERROR, started="1970-01-01T00:00:00Z", seconds=0, reason=found["died"])
    else:
        attempt = Attempt.model_validate(found["result"])
    altered = set(found.get("altered", ()))
    if task.variation:
        return Varied(
            test=test, variation=task.variation, outcome=attempt.outcome, reason=attempt.reason, seconds=seconds
        )
    if task.fault is None:
        applicable = tuple((operation, kind) for operation, kind in found.get("applicable", ()))
        return Clean(test=test, outcome=attempt.outcome, reason=attempt.reason, seconds=seconds, applicable=applicable)
    failure = attempt.failure
    if attempt.outcome is Outcome.FAILED and failure and failure.stage == "test" and altered:
        verdict = "killed" if failure.request_id in altered else "beside"
    elif attempt.outcome is Outcome.PASSED:
        verdict = "survived" if altered else "unmet"
    else:
        verdict = "error"
    reason = f"{failure.place}: {failure.message}" if failure and failure.place else attempt.reason
    return Trial(
        test=test,
        operation=task.fault.operation,
        kind=task.fault.kind,
        verdict=verdict,
        reason=reason,
        seconds=seconds,
        replayed="fault" in found,
    )


def wanted(clean: Clean, head: Head, known: Known) -> list[tuple[str, Fault | None, str | None]]:
    """Return what is to be tried of a test that passed clean, as ``unfinished`` does."""
    if clean.outcome is not Outcome.PASSED:
        return []
    test = clean.test
    return [
        *(
            (test, Fault(operation, kind), None)
            for operation, kind in clean.applicable
            if kind in head.kinds and (test, operation, kind) not in known.trials
        ),
        *((test, None, word) for word in head.variations if (test, word) not in known.varied),
    ]


def begin(out: Path, head: Head) -> None:
    """Write the first line of a proof into a directory that ``make_directory`` or the caller made."""
    with opened(out) as file:
        append(file, head.model_dump(mode="json"))


def check(out: Path, digest: str) -> None:
    """Refuse to go on with a proof that was begun with other tests or kinds. Raises InputError."""
    head, _ = read(out)
    if head.suite_digest != digest or not set(head.kinds) <= set(KINDS):
        what = "the tests are not those that the proof was begun with"
        raise InputError("suite-changed", what, where=str(out), hint="begin a new proof")


def unfinished(out: Path) -> list[tuple[str, Fault | None, str | None]]:
    """Return what is left of a proof: (test, fault, variation); what came to no verdict (``error``) is among it."""
    head, events = read(out)
    cleans, trials, varied = done(events)
    known = Known(
        frozenset(key for key, item in trials.items() if item.verdict != "error"),
        frozenset(key for key, item in varied.items() if item.outcome is not Outcome.ERROR),
    )
    left: list[tuple[str, Fault | None, str | None]] = []
    for test in head.tests:
        clean = cleans.get(test)
        if clean is None or clean.outcome is Outcome.ERROR:
            left.append((test, None, None))
        else:
            left += wanted(clean, head, known)
    return left


def prove(
    out: Path,
    suite: Mapping[str, SuiteTest],
    folder: Path,
    credentials: Mapping[str, Credential],
    *,
    workers: int,
    limit: float,
    told: Callable[[Event, int], None],
    live: bool = False,
) -> bool:
    """Do what is left of the proof in ``out``, once more what came to no verdict; return whether something is left.

    Trials are replayed where they can be, unless ``live``.

    Raises InputError for a proof that somebody else works on.
    """
    head, _ = read(out)
    tests = [suite[test_id] for test_id in head.tests]
    tasks = [Task(suite[test], fault, variation) for test, fault, variation in unfinished(out)]
    with RunLock(out, PATIENCE) as lock, opened(out) as file:
        options = Options(workers=workers, deadline=DEADLINE, limit=limit, policy=Policy(retries=1), evidence=False)
        job = Job(out, head.run, folder, credentials, options, tuple(test.node for test in tests), lock.file)
        end_leftovers(job)

        def keep(event: Event, left: int) -> None:
            append(file, event.model_dump(mode="json"))
            told(event, left)

        try:
            return Bench(job, tasks, head, keep, live=live).work() if tasks else False
        finally:
            end_leftovers(job)


def fresh(
    digest: str,
    cloud: str,
    selection: str,
    kinds: Sequence[str],
    variations: Sequence[str],
    tests: Sequence[str],
) -> Head:
    """Begin a proof that nobody has begun."""
    return Head(
        suite_digest=digest,
        run=uuid.uuid4().hex[:16],
        cloud=cloud,
        selection=selection,
        kinds=tuple(kinds),
        variations=tuple(variations),
        tests=tuple(tests),
    )
