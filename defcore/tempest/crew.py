"""The crew of a run of Tempest: threads that each feed one process class by class, and write down what it says."""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defcore.run.crew import Progress
from defcore.run.journal import TestFinished, TestStarted, stamp
from defcore.run.record import Attempt, Outcome
from defcore.run.team import Team
from defcore.tempest.events import Began, Done, Finished, OfClass, Setup, attempt
from defcore.tempest.process import Process, WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from defcore.cloud.redact import Scrubber
    from defcore.run.journal import Journal
    from defcore.tempest.environment import Environment
    from defcore.tempest.events import AnyEvent
    from defcore.tempest.requests import Requests

GRACE = 60.0
"""Seconds beyond a test's deadline after which its process is killed; Tempest ends a test itself before that."""


@dataclass(frozen=True, slots=True)
class Task:
    """A test to run: its id in the record, Tempest's name for it, and which attempt at it this is."""

    id: str
    name: str
    attempt: int


@dataclass(slots=True)
class Group:
    """Tests of one class, which share what the class sets up. ``left`` maps the name of each that has not ended."""

    name: str
    tasks: tuple[Task, ...]
    left: dict[str, Task] = field(init=False)
    now: tuple[Task, float] | None = None
    began: float = 0.0
    told: bool = False

    def __post_init__(self) -> None:
        self.left = {task.name: task for task in self.tasks}


@dataclass(frozen=True, slots=True)
class Job:
    """What the crew works with. ``folder`` holds the configuration; ``deadline`` bounds a test, ``limit`` the run."""

    environment: Environment
    folder: Path
    workers: int
    deadline: float
    limit: float
    lock: int


class Crew(Team):
    """Runs groups, each in one process."""

    def __init__(
        self,
        job: Job,
        groups: Sequence[Group],
        journal: Journal,
        requests: Requests,
        scrubber: Scrubber,
        progress: Callable[[Progress], None],
        first: Process,
    ) -> None:
        """Take the groups, in the order in which they are to be started, and a process that is ready."""
        super().__init__(job.limit)
        self._job, self._journal, self._requests, self._scrubber = job, journal, requests, scrubber
        self._progress = progress
        self._queue: queue.SimpleQueue[Group] = queue.SimpleQueue()
        for group in groups:
            self._queue.put(group)
        self._total = sum(len(group.tasks) for group in groups)
        self._groups = len(groups)
        self._done = 0
        self._spare = [first]
        self._processes: set[Process] = set()

    def work(self) -> bool:
        """Run everything; return whether it was ended before its time."""
        try:
            ended = self.carry_out(min(self._job.workers, self._groups))
        finally:
            for process in [*self._spare, *self._processes]:
                process.kill()
        return ended or self._done < self._total

    def interrupt(self) -> None:
        """Let what is at work come to an end; the second time, end it at once."""
        super().interrupt()
        for process in list(self._processes):
            process.stop()

    def _kill(self) -> None:
        for process in list(self._processes):
            process.kill()

    def _feed(self) -> None:
        process: Process | None = None
        while not self._stop.is_set() and not self._late():
            try:
                group = self._queue.get_nowait()
            except queue.Empty:
                break
            process = process or self._hire()
            if self._stop.is_set():
                break
            process = self._run(process, group)
        if process:
            process.finish(self._job.deadline)
            self._processes.discard(process)

    def _hire(self) -> Process:
        with self._lock:
            process = self._spare.pop() if self._spare else None
        if process is None:
            process = Process(self._job.environment, self._job.folder, self._job.deadline, self._job.lock)
            # Only then does it know what to do when it is stopped.
            process.ready()
        self._processes.add(process)
        return process

    def _run(self, process: Process, group: Group) -> Process | None:
        """Run a group; return the process for the next one, None when it died over this one."""
        group.began = time.time()
        try:
            process.order(list(group.left))
            while not isinstance(event := process.hear(self._job.deadline + GRACE), Done):
                self._take(group, event)
                if self._late():
                    process.stop()
        except WorkerDiedError:
            process.kill()
            self._processes.discard(process)
            self._died(group, overran=process.overran)
            return None
        with self._lock:
            self._requests.add(None, event.requests)
        if not self._stop.is_set():
            # What a class leaves out without a word is told, and not passed over.
            for task in list(group.left.values()):
                self._ended(group, task, _error(time.time(), 0.0, "Tempest did not run it, and does not say why"))
        return process

    def _take(self, group: Group, event: AnyEvent) -> None:
        if isinstance(event, Setup):
            with self._lock:
                self._requests.add(None, event.requests)
        elif isinstance(event, Began) and (task := group.left.get(event.name)):
            group.now = (task, event.at)
            self._journal.add(TestStarted(id=task.id, attempt=task.attempt, at=stamp(event.at)))
        elif isinstance(event, Finished) and (task := group.left.get(event.name)):
            with self._lock:
                self._requests.add(task.id, event.requests)
            self._ended(group, task, attempt(event, self._scrubber, event.at, event.seconds))
        elif isinstance(event, OfClass):
            self._befell(group, event)

    def _befell(self, group: Group, event: OfClass) -> None:
        """Give what befell a class's set-up to its tests, and what befell its cleaning up to the run's notes."""
        with self._lock:
            self._requests.add(None, event.requests)
        now = time.time()
        if not event.before:
            told = attempt(event, self._scrubber, now, 0)
            with self._lock:
                self.notes.append(f"{event.name}: {told.reason}")
            return
        # The time that it took is given once.
        took = now - group.began
        for task in list(group.left.values()):
            self._ended(group, task, attempt(event, self._scrubber, group.began, took))
            took = 0.0

    def _died(self, group: Group, *, overran: bool) -> None:
        """Say so of the test at work, or of all when the class was being set up; the others wait for a new process."""
        now, deadline = time.time(), self._job.deadline
        reason = f"no end within {deadline:.0f} s" if overran else "the process of Tempest died in this test"
        task, began = group.now or (None, group.began)
        victims = [task] if task else list(group.left.values())
        if self._interrupted:
            reason = "the run was ended in this test"
        for victim in victims:
            self._ended(group, victim, _error(began, now - began, reason, cut=not overran))
            began = now
        if group.left and task:
            self._queue.put(Group(group.name, tuple(group.left.values())))

    def _ended(self, group: Group, task: Task, result: Attempt) -> None:
        group.left.pop(task.name, None)
        group.now = None
        with self._lock:
            self._journal.add(TestFinished(id=task.id, attempt=task.attempt, result=result))
            self._done += 1
            self._progress(Progress(task.name, result, self._done, self._total))


def _error(began: float, seconds: float, reason: str, *, cut: bool = False) -> Attempt:
    return Attempt(
        outcome=Outcome.ERROR, started=stamp(began), seconds=round(max(seconds, 0), 3), reason=reason, cut=cut
    )
