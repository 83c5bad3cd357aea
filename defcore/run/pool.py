"""The workers of a run: processes that are fed tests, watched, and replaced when they die."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING, Any

from defcore.cloud.http import Policy
from defcore.kit.plugin import DEADLINE
from defcore.kit.session import SETTLE
from defcore.kit.waiting import WAIT
from defcore.run.record import Attempt, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.suite import SuiteTest

GRACE = 30.0
"""Seconds beyond a test's deadline after which its worker is killed."""
RUN_LIMIT = 4 * 3600.0
"""Seconds after which no further test of a run is started."""
_LEFT_OUT = frozenset({"PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG"})


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is carried out. ``deadline`` bounds a test and ``limit`` the run, in seconds.

    ``altered`` applies each test's declared change: every test must then fail. ``evidence`` keeps each exchange.
    No state is waited for longer than ``wait`` seconds. ``pins`` are the user's choices of image, flavor and the like;
    ``room`` says how many of a kind of resource may be there at once, where that is known.
    """

    workers: int = 4
    deadline: float = DEADLINE
    policy: Policy = field(default_factory=Policy)
    settle: float = SETTLE
    limit: float = RUN_LIMIT
    altered: bool = False
    evidence: bool = True
    wait: float = WAIT
    pins: Mapping[str, str] = field(default_factory=dict)
    room: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run is told first."""

    run: Path
    run_id: str
    suite: Path
    credentials: Mapping[str, Credential]
    options: Options
    nodes: tuple[str, ...]
    lock: int

    def to_wire(self) -> dict[str, Any]:
        """Give the JSON value that goes through the worker's pipe (with secrets: it is never written to disk)."""
        return {
            "run": str(self.run),
            "run_id": self.run_id,
            "suite": str(self.suite),
            "credentials": {role: item.to_wire() for role, item in self.credentials.items()},
            "policy": asdict(self.options.policy),
            "deadline": self.options.deadline,
            "settle": self.options.settle,
            "altered": self.options.altered,
            "evidence": self.options.evidence,
            "wait": self.options.wait,
            "pins": dict(self.options.pins),
            "tidy": bool(self.options.room),
            # Of the last test that may be started, to its end.
            "shared_for": self.options.limit + self.options.deadline + GRACE,
            "nodes": list(self.nodes),
        }


class WorkerDiedError(Exception):
    """The worker ended without an answer: killed by its watch, or by somebody."""


class Worker:
    """One worker process and the pipes to it."""

    module = "defcore.run.worker"

    def __init__(self, job: Job) -> None:
        """Start the process and tell it the job; it collects the suite meanwhile."""
        environment = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
        environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONWARNINGS": "ignore"}
        self._log = (job.run / "workers.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours
            [sys.executable, "-P", "-m", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment,
            pass_fds=(job.lock,),
            # Ctrl-C is the runner's to hear: a worker finishes its test and cleans up.
            start_new_session=True,
        )
        self._ready = False
        self.spent = 0
        self.leaving: list[str] = []
        self._tell(job.to_wire())

    def run(self, test: SuiteTest, attempt: int, deadline: float) -> Attempt:
        """Have one test run. Raises WorkerDiedError when the worker does not answer in time."""
        order = {"id": test.meta.id, "node": test.node, "attempt": attempt}
        return Attempt.model_validate(self.order(order, deadline)["result"])

    def order(self, order: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        """Have something done and return the answer. Raises WorkerDiedError when there is none in time."""
        with self._watched(deadline + GRACE):
            if not self._ready:
                self._hear()
                self._ready = True
            self._tell(order)
            return self._hear()

    def finish(self) -> list[str]:
        """End the orders, wait for the cleaning up, and return what is to be said of it."""
        notes: list[str] = []
        with self._watched(120), contextlib.suppress(OSError, ValueError):
            self._pipe(self._process.stdin).close()
            for line in self._pipe(self._process.stdout):
                value = json.loads(line)
                if "note" in value:
                    notes.append(str(value["note"]))
                self.spent += int(value.get("spent", 0))
                self.leaving += value.get("leaving", ())
            self._process.wait()
        self.kill()
        return notes

    def kill(self) -> None:
        """End the process at once and close the pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._log):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    @contextlib.contextmanager
    def _watched(self, seconds: float) -> Any:  # noqa: ANN401 - a context manager
        watch = threading.Timer(seconds, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            message = "the pipe to the worker is gone"
            raise WorkerDiedError(message)
        return pipe

    def _tell(self, value: Mapping[str, Any]) -> None:
        try:
            stdin = self._pipe(self._process.stdin)
            stdin.write(json.dumps(value).encode() + b"\n")
            stdin.flush()
        except (OSError, ValueError) as error:
            message = "the worker is gone"
            raise WorkerDiedError(message) from error

    def _hear(self) -> dict[str, Any]:
        try:
            line = self._pipe(self._process.stdout).readline()
            value: dict[str, Any] = json.loads(line)
        except (OSError, ValueError) as error:
            message = "the worker ended without an answer"
            raise WorkerDiedError(message) from error
        return value


def died(started: str, seconds: float, deadline: float) -> Attempt:
    """Return the attempt of a test whose worker died in it."""
    late = seconds >= deadline
    reason = f"no end within {deadline:.0f} s" if late else "the worker process died in this test (see workers.log)"
    return Attempt(outcome=Outcome.ERROR, started=started, seconds=round(seconds, 3), cut=not late, reason=reason)
