"""Tempest in the place of the native tests: a proxy tells each of its tests the lies that ours of the same id met.

A lie is told while the test itself runs, in a class that was set up without one. Where the test then meets none of its
answers, but its class does, it is told from the class's set-up on. A failed test counts if an answer was altered: of
Tempest nobody knows which answer it judged. It does not count if the test also fails without the lie in what earlier
lies have left; then it is tried once more in a class set up anew.

Where it can be, a trial is replayed (``sabotage.replay``): the proxy gives the answers of the test's clean run, altered
by the lie, and Tempest draws the same names. If the test sends something else than then before it has failed, the
cloud is asked.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.cloud.redact import Scrubber
from defcore.refcloud.files import write_private
from defcore.run.journal import stamp
from defcore.run.lines import append
from defcore.run.lock import RunLock
from defcore.run.record import Attempt, Outcome
from defcore.run.team import Team
from defcore.sabotage.kinds import Fault
from defcore.sabotage.prove import unfinished
from defcore.sabotage.proxy import OFF_SCRIPT, scripted
from defcore.sabotage.trials import Clean, Trial, Verdict, opened, read
from defcore.tempest.events import Began, Done, Finished, OfClass, attempt
from defcore.tempest.process import Process, WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.sabotage.proxy import Proxy
    from defcore.tempest.conf import Settings
    from defcore.tempest.engine import Prepared
    from defcore.tempest.environment import Environment

DEADLINE, GRACE, PATIENCE = 90.0, 60.0, 60.0
"""Seconds that a test may take, that its class may take beyond it, and that a proof waits for another one's workers."""
_WAITS = {"build_interval": "1", "build_timeout": "30"}
SHORT: Settings = {
    "compute": {**_WAITS, "ready_wait": "0"},
    "image": _WAITS,
    "network": _WAITS,
    "volume": _WAITS,
}
"""Tempest's patience: half a minute for what takes about one second on a reference cloud."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where one process of Tempest works: the configuration in ``folder`` leads through ``proxy``."""

    folder: Path
    proxy: Proxy
    scrubber: Scrubber


def post(folder: Path, proxy: Proxy, prepared: Prepared) -> Post:
    """Write a configuration into a new folder, for its owner alone to read."""
    folder.mkdir(mode=0o700)
    (folder / "locks").mkdir()
    for name, text in prepared.files.items():
        write_private(folder / name, text)
    return Post(folder, proxy, Scrubber(prepared.secrets))


@dataclass(frozen=True, slots=True)
class Task:
    """A test by its id, its name in Tempest, what applies to the native one, and which faults are left to try."""

    test: str
    name: str
    applicable: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...]


def tasks(out: Path, native: Mapping[str, Clean], names: Mapping[str, str]) -> list[Task]:
    """Return what is left of the proof in ``out``, the longest first.

    ``native`` are our own clean runs by test: what they do not tell of cannot be tried.
    """
    kinds = read(out)[0].kinds
    left: dict[str, list[Fault]] = {}
    for test, fault, _ in unfinished(out):
        if test not in native:
            continue
        found = left.setdefault(test, [])
        found += [fault] if fault else [Fault(*item) for item in native[test].applicable if item[1] in kinds]
    made = [Task(test, names[test], native[test].applicable, tuple(faults)) for test, faults in left.items()]
    return sorted(made, key=lambda task: -len(task.faults))


def prove(
    out: Path,
    left: Sequence[Task],
    posts: Sequence[Post],
    environment: Environment,
    limit: float,
    told: Callable[[Clean | Trial], None],
    *,
    live: bool = False,
) -> bool:
    """Do what is left of the proof in ``out``, a test on each post at once; return whether it was ended before its end.

    Trials are replayed where they can be, unless ``live``.

    Raises InputError for a proof that somebody else works on, CloudError for a Tempest that does not start.
    """
    with RunLock(out, PATIENCE) as lock, opened(out) as file:

        def keep(event: Clean | Trial) -> None:
            append(file, event.model_dump(mode="json"))
            told(event)

        return Bench([Stand(item, environment, lock.file, live=live) for item in posts], left, limit, keep).work()


class Bench(Team):
    """Tries tests side by side, one on each stand."""

    def __init__(
        self, stands: Sequence[Stand], left: Sequence[Task], limit: float, told: Callable[[Clean | Trial], None]
    ) -> None:
        """Take what is to be done; ``told`` hears of each trial, one at a time."""
        super().__init__(limit)
        self._stands, self._idle, self._left, self._told = list(stands), list(stands), list(left), told

    def work(self) -> bool:
        """Do everything; return whether something is left."""
        try:
            return self.carry_out(len(self._stands)) or self._stop.is_set()
        finally:
            self._kill()

    def _feed(self) -> None:
        with self._lock:
            stand = self._idle.pop()
        while not self._stop.is_set() and not self._late():
            with self._lock:
                task = self._left.pop(0) if self._left else None
            if task is None:
                break
            for event in stand.examine(task):
                with self._lock:
                    self._told(event)
                if self._stop.is_set() or self._late():
                    break
            stand.clear()

    def _kill(self) -> None:
        for stand in self._stands:
            stand.close()


@dataclass(frozen=True, slots=True)
class Round:
    """How a test ended that was run once; ``altered`` answers met it. ``of_class``: its class was not set up.

    ``failing`` is the first traceback.
    """

    attempt: Attempt
    altered: int
    of_class: bool = False
    failing: str = ""

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.attempt.outcome is Outcome.PASSED


def judged(found: Round) -> tuple[Verdict, str | None]:
    """Return the verdict of a trial, and why."""
    verdict: Verdict
    if found.of_class:
        verdict = "setup" if found.altered else "error"
    elif found.passed:
        verdict = "survived" if found.altered else "unmet"
    else:
        verdict = "killed" if found.attempt.outcome is Outcome.FAILED and found.altered else "error"
    return verdict, found.attempt.reason


def meets(fault: Fault, answers: Sequence[Exchange], start: int = 0) -> bool:
    """Say whether a fault would alter one of some answers from number ``start`` on."""
    return any(fault.alter(now, answers[:number]) is not now for number, now in enumerate(answers) if number >= start)


class Stand:
    """One process of Tempest behind one proxy, and the class that is set up in it."""

    def __init__(self, where: Post, environment: Environment, lock: int, *, live: bool = False) -> None:
        """Begin without a process: the first test starts it. ``live``: nothing is replayed."""
        self._post, self._environment, self._lock, self._live = where, environment, lock, live
        self._process: Process | None = None
        self._held = False
        # Whether the test has passed without a lie since the last one.
        self._fresh = False
        self._base: list[Exchange] = []
        self._seen: list[Exchange] = []
        # Seed and time of the clean run, when it can be replayed.
        self._script: tuple[str, float] | None = None

    def examine(self, task: Task) -> Iterator[Clean | Trial]:
        """Run a test without a lie, and if it passes once with each of its faults."""
        began = time.monotonic()
        try:
            clean = self._begin(task.name).attempt
        except WorkerDiedError:
            self.close()
            clean = _error("the process of Tempest died")
        yield Clean(
            test=task.test,
            outcome=clean.outcome,
            reason=clean.reason,
            seconds=round(time.monotonic() - began, 3),
            applicable=task.applicable,
        )
        # Those for which the class must be set up anew come last.
        faults = sorted(task.faults, key=lambda fault: not meets(fault, self._seen, len(self._base)))
        for fault in faults if clean.outcome is Outcome.PASSED else ():
            began = time.monotonic()
            try:
                found = self._recite(fault)
                replayed = found is not None
                verdict, reason = judged(found) if found else self._try(task.name, fault)
            except WorkerDiedError:
                self.close()
                verdict, reason, replayed = "error", "the process of Tempest died", False
            yield Trial(
                test=task.test,
                operation=fault.operation,
                kind=fault.kind,
                verdict=verdict,
                reason=reason,
                seconds=round(time.monotonic() - began, 3),
                replayed=replayed,
            )

    def clear(self) -> None:
        """Have the class cleared that is set up."""
        if self._held and self._process:
            try:
                self._process.clear()
                while not isinstance(self._process.hear(DEADLINE + GRACE), Done):
                    pass
            except WorkerDiedError:
                self.close()
        self._held = False

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
        self._process, self._held = None, False

    def _recite(self, fault: Fault | None) -> Round | None:
        """Replay the clean run; None when there is none, or when its answers were not enough."""
        if not self._held or not self._script or (fault and not meets(fault, self._seen, len(self._base))):
            return None
        seed, at = self._script
        script = scripted(self._seen[len(self._base) :])
        self._post.proxy.arm(fault, self._base, script)
        found = self._again(seed, at)
        return None if script.left and (found.passed or str(OFF_SCRIPT) in found.failing) else found

    def _try(self, name: str, fault: Fault) -> tuple[Verdict, str | None]:
        if meets(fault, self._seen, len(self._base)):
            if not self._held and not (clean := self._begin(name)).passed:
                return "error", f"without the lie: {clean.attempt.reason}"
            fresh, found = self._fresh, self._round(fault)
            if not found.passed and not fresh and not self._round(None).passed:
                self.clear()
                if not (clean := self._begin(name)).passed:
                    return "error", f"without the lie: {clean.attempt.reason}"
                found = self._round(fault)
            return judged(found)
        if meets(fault, self._base):
            self.clear()
            found = self._begin(name, fault)
            self.clear()
            return judged(found)
        return "unmet", None

    def _begin(self, name: str, fault: Fault | None = None) -> Round:
        """Set up a class and run its test, without a lie or with it from the beginning."""
        if self._process is None:
            self._process = Process(self._environment, self._post.folder, DEADLINE, self._lock)
            self._process.ready()
        seed = uuid.uuid4().hex
        self._post.proxy.arm(fault)
        self._process.rounds(name, seed)
        self._held = True
        found, at = self._hear(self._process)
        if fault is None:
            self._seen = self._post.proxy.history
            self._base = [item for item in self._seen if item.started < at]
            self._script = (seed, at) if found.passed and not self._live else None
            again = self._recite(None)
            if not (again and again.passed):
                self._script = None
        self._fresh = fault is None and found.passed
        return found

    def _round(self, fault: Fault | None) -> Round:
        """Run the test again in its class; what it had set up is all that a lie can look back on."""
        self._post.proxy.arm(fault, self._base)
        found = self._again(uuid.uuid4().hex)
        self._fresh = fault is None and found.passed
        return found

    def _again(self, seed: str, at: float | None = None) -> Round:
        assert self._process  # noqa: S101 - a class is set up in it
        self._process.again(seed, at)
        return self._hear(self._process)[0]

    def _hear(self, process: Process) -> tuple[Round, float]:
        """Return how the test ended, and when it began; then nothing is altered any more."""
        found, of_class, at, failing = _error("Tempest did not run it, and does not say why"), False, time.time(), ""
        while not isinstance(event := process.hear(DEADLINE + GRACE), Done):
            if isinstance(event, Began):
                at = event.at
            elif isinstance(event, Finished):
                found, failing = attempt(event, self._post.scrubber, event.at, event.seconds), event.traceback or ""
            elif isinstance(event, OfClass) and event.before:
                found, of_class = attempt(event, self._post.scrubber, at, 0), True
        ended = Round(found, self._post.proxy.altered, of_class, failing)
        self._post.proxy.arm(None, self._post.proxy.history)
        return ended, at


def _error(reason: str) -> Attempt:
    return Attempt(outcome=Outcome.ERROR, started=stamp(time.time()), seconds=0, reason=reason)
