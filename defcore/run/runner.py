"""Carries out a plan on a cloud and writes the run directory."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.kit.session import Session
from defcore.run.journal import JOURNAL, Ended, Journal, Note, Started, TestFinished, stamp, write_record
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.pool import Job, Options, Worker, WorkerDiedError, died
from defcore.run.record import Attempt, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.run.plan import Plan
    from defcore.run.record import Cloud, Engine, RunRecord
    from defcore.suite import SuiteTest

BREAK_AFTER = 6
"""So many tests of a service in a row in ``error``: the service is down, and its other tests are not tried."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A test has ended: which, how, and how far the run is."""

    test: SuiteTest
    attempt: Attempt
    done: int
    total: int


def run(
    plan: Plan,
    credentials: Mapping[str, Credential],
    out: Path,
    *,
    suite: Path,
    cloud: Cloud,
    engine: Engine,
    options: Options,
    progress: Callable[[Progress], None],
) -> RunRecord:
    """Run a plan into the directory ``out`` and return the record.

    ``out`` comes from ``make_directory``. Ctrl-C lets the tests at work finish and writes a record that says so; a
    second one ends them at once. Raises InputError for a directory that cannot be written.
    """
    run_id = uuid.uuid4().hex[:16]
    journal = Journal(out)
    journal.add(
        Started(
            id=run_id,
            at=stamp(time.time()),
            cloud=cloud,
            engine=engine,
            partial=plan.partial,
            selection=plan.selection,
            guideline=plan.guideline,
            program=plan.program,
            plan=plan.listed,
        )
    )
    job = Job(out, run_id, suite, credentials, options, tuple(item.node for item in plan.tests))
    crew = _Crew(job, plan, journal, progress)
    interrupted = crew.work()
    for leak in end_leftovers(job):
        journal.add(Note(at=stamp(time.time()), message=leak))
    journal.add(Ended(at=stamp(time.time()), interrupted=interrupted))
    journal.close()
    return write_record(out)


def make_directory(out: Path) -> None:
    """Make a run directory that is new or empty, readable by its owner alone, and take it for one run."""
    hint = "name another directory with --out"
    taken = InputError("not-empty", "is not empty; a run needs a directory of its own", where=str(out), hint=hint)
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise taken
        # Of two runs that come here at once, one gets the journal.
        (out / JOURNAL).touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        if out.is_dir():
            raise taken from error
        raise InputError("cannot-write", "cannot be written: it is no directory", where=str(out), hint=hint) from error
    except OSError as error:
        hint = "name a directory that you may write with --out"
        raise InputError("cannot-write", f"cannot be written: {error.strerror}", where=str(out), hint=hint) from error


def end_leftovers(job: Job) -> list[str]:
    """End what workers that died left in the ledger; return what could not be ended."""
    ledger = Ledger(job.run / LEDGER)
    entries = ledger.open_entries()
    if not entries:
        return []
    session = Session(job.run, job.run_id, job.credentials, ledger, policy=job.options.policy)
    for entry in entries:
        session.adopt(entry)
    session.close()
    return [item.message for item in session.findings if item.kind == "cleanup"]


class _Crew:
    """Threads that each feed one worker from one queue."""

    def __init__(self, job: Job, plan: Plan, journal: Journal, progress: Callable[[Progress], None]) -> None:
        self._job = job
        self._journal = journal
        self._progress = progress
        self._queue: queue.SimpleQueue[SuiteTest] = queue.SimpleQueue()
        for test in plan.tests:
            self._queue.put(test)
        self._total = len(plan.tests)
        self._done = 0
        self._errors: Counter[str] = Counter()
        self._down: set[str] = set()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._broken: list[BaseException] = []

    def work(self) -> bool:
        """Run everything; return whether the user ended it before its time."""
        # Not join(): a Ctrl-C in it makes Python 3.11 take a thread for ended that is at work (bpo-45274).
        ended = [threading.Event() for _ in range(min(self._job.options.workers, self._total))]
        for event in ended:
            threading.Thread(target=self._guarded, args=(event,), daemon=True).start()
        interrupted = False
        while True:
            try:
                for event in ended:
                    event.wait()
                break
            except KeyboardInterrupt:
                self._stop.set()
                if interrupted:
                    self._kill()
                interrupted = True
        if self._broken:
            raise self._broken[0]
        return interrupted

    def _guarded(self, ended: threading.Event) -> None:
        try:
            self._feed()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._broken.append(error)
            self._stop.set()
        finally:
            ended.set()

    def _feed(self) -> None:
        worker: Worker | None = None
        while not self._stop.is_set():
            try:
                test = self._queue.get_nowait()
            except queue.Empty:
                break
            if test.meta.service in self._down:
                self._pass_over(test)
            else:
                worker = self._run(worker or self._hire(), test)
        if worker:
            worker.finish()
            self._workers.discard(worker)

    def _hire(self) -> Worker:
        worker = Worker(self._job)
        self._workers.add(worker)
        return worker

    def _run(self, worker: Worker, test: SuiteTest) -> Worker | None:
        began, started = time.monotonic(), stamp(time.time())
        deadline = self._job.options.deadline
        alive: Worker | None = worker
        try:
            attempt = worker.run(test, 1, deadline)
        except WorkerDiedError:
            worker.kill()
            self._workers.discard(worker)
            alive = None
            attempt = died(started, time.monotonic() - began, deadline)
            self._journal.add(TestFinished(id=test.meta.id, attempt=1, result=attempt))
        with self._lock:
            self._done += 1
            self._watch(test.meta.service, attempt)
            self._progress(Progress(test, attempt, self._done, self._total))
        return alive

    def _pass_over(self, test: SuiteTest) -> None:
        reason = f"not tried: the {test.meta.service} service is down"
        attempt = Attempt(outcome=Outcome.NOT_RUN, started=stamp(time.time()), seconds=0, reason=reason)
        self._journal.add(TestFinished(id=test.meta.id, attempt=1, result=attempt))

    def _watch(self, service: str, attempt: Attempt) -> None:
        if attempt.outcome is Outcome.ERROR:
            self._errors[service] += 1
        elif attempt.outcome is not Outcome.NOT_RUN:
            self._errors[service] = 0
        if self._errors[service] == BREAK_AFTER and service not in self._down:
            self._down.add(service)
            message = f"{BREAK_AFTER} tests of the {service} service in a row ended in error: it is down, "
            self._journal.add(Note(at=stamp(time.time()), message=f"{message}its other tests were not tried"))

    def _kill(self) -> None:
        for worker in list(self._workers):
            worker.kill()
