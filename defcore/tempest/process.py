"""One worker process of Tempest and the pipes to it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from defcore.tempest.events import Ready, parse
from defcore.tempest.listing import WORKER, not_started, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from defcore.tempest.environment import Environment
    from defcore.tempest.events import AnyEvent

START = 120.0
"""Seconds within which a worker knows its tests; it takes one or two."""
LOG = "workers.log"


class WorkerDiedError(Exception):
    """The worker ended, or was ended, before it had said that it was done."""


class Process:
    """Runs classes of Tempest, one order after the other, with the configuration in ``folder``."""

    def __init__(self, environment: Environment, folder: Path, deadline: float, lock: int) -> None:
        """Start it; ``deadline`` bounds a test in seconds, ``lock`` is held as long as it lives."""
        self._version = environment.version
        self._folder = folder
        with (folder / LOG).open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                [str(environment.python), "-P", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                env=surroundings()
                | {"TEMPEST_CONFIG_DIR": str(folder.absolute()), "TEMPEST_CONFIG": "tempest.conf"}
                | {"OS_TEST_TIMEOUT": str(int(deadline))},
                pass_fds=(lock,),
                # Ctrl-C is the runner's to hear: a worker finishes its test, and its class cleans up.
                start_new_session=True,
            )
        self._killed = False

    def ready(self) -> None:
        """Wait until it knows its tests. Raises CloudError for a Tempest that does not start."""
        try:
            with self._watched(START):
                event = self._hear()
        except WorkerDiedError:
            event = None
        if not isinstance(event, Ready):
            self.kill()
            told = (self._folder / LOG).read_text(encoding="utf-8", errors="replace")
            raise not_started(self._version, told)

    def order(self, tests: Sequence[str]) -> None:
        """Have tests of one class run. Raises WorkerDiedError."""
        self._tell({"tests": list(tests)})

    def rounds(self, test: str, seed: str) -> None:
        """Have one test run, and its class kept as it is for the rounds to come. Raises WorkerDiedError."""
        self._tell({"tests": [test], "seed": seed})

    def again(self, seed: str, at: float | None = None) -> None:
        """Have it run once more. Raises WorkerDiedError.

        What it draws by chance follows from ``seed``. With ``at``, in UNIX seconds, it is then, and no sleep lasts.
        """
        self._tell({"seed": seed, "at": at})

    def clear(self) -> None:
        """Have the class of the rounds cleared. Raises WorkerDiedError."""
        self._tell({})

    def _tell(self, order: dict[str, object]) -> None:
        try:
            assert self._process.stdin  # noqa: S101 - it is a pipe
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise WorkerDiedError from error

    def hear(self, patience: float) -> AnyEvent:
        """Return what it says next; it is killed when it says nothing for ``patience`` seconds.

        Raises WorkerDiedError, and CloudError when nobody understands it.
        """
        with self._watched(patience):
            return self._hear()

    @property
    def overran(self) -> bool:
        """Whether it was killed because it said nothing for too long."""
        return self._killed

    def stop(self) -> None:
        """Let the test at work finish and its class clean up, and begin nothing more."""
        with contextlib.suppress(OSError):
            self._process.send_signal(signal.SIGTERM)

    def finish(self, patience: float) -> None:
        """End the orders and wait for its end."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if self._process.stdin:
                self._process.stdin.close()
            self._process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """End it at once and close the pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _hear(self) -> AnyEvent:
        try:
            assert self._process.stdout  # noqa: S101 - it is a pipe
            line = self._process.stdout.readline()
        except (OSError, ValueError) as error:
            raise WorkerDiedError from error
        if not line.endswith(b"\n"):
            raise WorkerDiedError
        return parse(line)

    @contextlib.contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        def overrun() -> None:
            self._killed = True
            self._process.kill()

        watch = threading.Timer(seconds, overrun)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
