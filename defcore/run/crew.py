"""The crew of a run: threads that each feed one worker from one queue, until the work or the time is done.

Tests run as many at once as the user says, and as there is room for where a quota bounds what may exist at once.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.run.ahead import Ahead
from defcore.run.breaker import Breaker
from defcore.run.journal import TestFinished, stamp
from defcore.run.lanes import Lanes
from defcore.run.pool import Worker, WorkerDiedError, died
from defcore.run.room import Room
from defcore.run.team import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.run.journal import Journal
    from defcore.run.pool import Job
    from defcore.run.record import Attempt
    from defcore.suite import SuiteTest


PAUSE = 0.1
"""Seconds after which somebody without work looks again whether there is any."""


@dataclass(frozen=True, slots=True)
class Task:
    """A test to run, and which attempt at it this is."""

    test: SuiteTest
    attempt: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A test has ended: which, how, and how far the run is."""

    name: str
    attempt: Attempt
    done: int
    total: int


class Crew(Team):
    """Runs tasks with the job's workers.

    ``spent`` counts their requests beside the tests; ``leaving`` are the numbers of what they have told to go.
    """

    def __init__(self, job: Job, tasks: Sequence[Task], journal: Journal, progress: Callable[[Progress], None]) -> None:
        """Take the tasks, in the order in which those of each service are to be started."""
        super().__init__(job.options.limit)
        self._job = job
        self._journal = journal
        self._progress = progress
        self._queue = Lanes(tasks)
        self._ahead = Ahead(job.run, [task.test for task in tasks])
        self._room = Room(job.options.room, [task.test for task in tasks])
        self._changed = threading.Condition()
        self._total = len(tasks)
        self._done = 0
        self._breaker = Breaker()
        self._workers: set[Worker] = set()
        self.spent = 0
        self.leaving: list[str] = []

    def work(self) -> bool:
        """Run everything; return whether it was ended before its time, by the user or by the run's limit."""
        return self.carry_out(min(self._job.options.workers, self._total)) or bool(self._queue)

    def _feed(self) -> None:
        worker: Worker | None = None
        while not self._stop.is_set():
            if self._late():
                break
            task = self._take()
            if task is None:
                break
            if not isinstance(task, Task):
                worker = self._obey(worker or self._hire(), task)
                continue
            try:
                if not self._spared(task):
                    worker = self._run(worker or self._hire(), task)
            finally:
                with self._changed:
                    self._room.give(task.test)
                    self._ahead.ended(task.test)
                    self._queue.ended(task)
                    self._changed.notify_all()
        if worker:
            self.notes += worker.finish()
            with self._lock:
                self.spent += worker.spent
                self.leaving += worker.leaving
            self._workers.discard(worker)

    def _take(self) -> Task | dict[str, Any] | None:
        """Take the first task that need not wait for anything, waiting for it; None when there is nothing left to do.

        What is no task is an order that a worker is to be given first.
        """
        with self._changed:
            while self._queue and not self._stop.is_set():
                if order := self._ahead.order():
                    return order
                for task in self._queue:
                    if self._ahead.open(task.test) and self._room.take(task.test):
                        self._ahead.started(task.test)
                        self._queue.started(task)
                        return task
                self._changed.wait(PAUSE)
        return None

    def _obey(self, worker: Worker, order: dict[str, Any]) -> Worker | None:
        """Have a worker carry out an order; what comes of it does not matter to any test."""
        there: list[str] = order.get("look", list(order.get("ask", ())))
        alive: Worker | None = worker
        try:
            there = worker.order(order, self._job.options.deadline)["there"]
        except WorkerDiedError:
            worker.kill()
            self._workers.discard(worker)
            alive = None
        with self._changed:
            self._ahead.obeyed(there)
            self._changed.notify_all()
        return alive

    def _hire(self) -> Worker:
        worker = Worker(self._job)
        self._workers.add(worker)
        return worker

    def _spared(self, task: Task) -> bool:
        """Note a test of a dead service as tried in vain, without trying it."""
        with self._lock:
            attempt = self._breaker.verdict(task.test, stamp(time.time()))
            if attempt is None:
                return False
            if attempt.reason and attempt.reason not in self.notes:
                self.notes.append(attempt.reason)
            self._journal.add(TestFinished(id=task.test.meta.id, attempt=task.attempt, result=attempt))
            self._ended(task, attempt)
            return True

    def _run(self, worker: Worker, task: Task) -> Worker | None:
        began, started = time.monotonic(), stamp(time.time())
        deadline = self._job.options.deadline
        alive: Worker | None = worker
        try:
            attempt = worker.run(task.test, task.attempt, deadline)
        except WorkerDiedError:
            worker.kill()
            self._workers.discard(worker)
            alive = None
            attempt = died(started, time.monotonic() - began, deadline)
            self._journal.add(TestFinished(id=task.test.meta.id, attempt=task.attempt, result=attempt))
        with self._lock:
            self._breaker.saw(task.test, attempt)
            self._ended(task, attempt)
        return alive

    def _ended(self, task: Task, attempt: Attempt) -> None:
        self._done += 1
        self._progress(Progress(task.test.node.partition("::")[2], attempt, self._done, self._total))

    def _kill(self) -> None:
        for worker in list(self._workers):
            worker.kill()
