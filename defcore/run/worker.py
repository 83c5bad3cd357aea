"""A worker: one process that runs tests of the suite as the runner hands them out.

The runner writes a line of JSON to its standard input for the job, then one a test; it answers with one line a test.
What a test did is in the journal before the answer is sent, so that nothing finished is lost when the runner dies.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import IO, Any

import pytest

from defcore.cloud.credential import Credential
from defcore.cloud.http import Policy
from defcore.kit.plugin import Plugin
from defcore.kit.session import Session
from defcore.run.journal import Journal, TestFinished, TestStarted, stamp
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.record import Attempt, Failure, Outcome


class Loop:
    """The pytest plugin that takes the place of "run everything that was collected": it runs what is ordered."""

    def __init__(self, session: Session, plugin: Plugin, run: Path, orders: IO[str], answers: IO[str]) -> None:
        """Take orders for the run in the directory ``run`` from one stream and answer on another."""
        self.session = session
        self.plugin = plugin
        self.run = run
        self.spent = 0
        self._orders = orders
        self._answers = answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Carry out each order, until they end."""
        # Below the suite's folder a test goes by its node id; one that another folder adds, by its whole path.
        items = {item.nodeid: item for item in session.items}
        items |= {f"{item.path}::{item.name}": item for item in session.items}
        self._say({"ready": True})
        for line in self._orders:
            order = json.loads(line)
            self._say(self._ahead(order) if "node" not in order else self.carry_out(items.get(order["node"]), order))
        return True

    def carry_out(self, item: pytest.Item | None, order: dict[str, Any]) -> dict[str, Any]:
        """Do what was ordered with a test, None for one that pytest did not collect; return the answer."""
        raise NotImplementedError

    def _ahead(self, order: dict[str, Any]) -> dict[str, Any]:
        """Ask for what tests will share, or look for it; say of what nobody needs to look again."""
        before = self.session.requests
        self.session.ask_for(order.get("ask", {}))
        there = self.session.look(order.get("look", ()))
        self.spent += self.session.requests - before
        return {"there": there}

    def attempt(self, item: pytest.Item | None, node: str) -> Attempt:
        """Run a test once."""
        self.plugin.attempt = None
        message, failure = "the test ended without a result", None
        if item is None:
            message = f"pytest did not collect {node}"
            failure = Failure(cause="defcore's own fault: not collected", message=message, kind="bug")
        else:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return self.plugin.attempt or Attempt(
            outcome=Outcome.ERROR, started=stamp(time.time()), seconds=0, reason=message, failure=failure
        )

    def _say(self, value: dict[str, Any]) -> None:
        # A runner that was killed hears nothing; the journal has it, and the orders have ended.
        with contextlib.suppress(OSError):
            self._answers.write(json.dumps(value) + "\n")
            self._answers.flush()


class JournalLoop(Loop):
    """Runs the tests of a run: what a test did is in the journal before the answer is sent."""

    def __init__(self, *words: Any) -> None:  # noqa: ANN401 - those of a Loop
        """Open the journal of the run."""
        super().__init__(*words)
        self.journal = Journal(self.run)

    def carry_out(self, item: pytest.Item | None, order: dict[str, Any]) -> dict[str, Any]:
        """Run a test, between its two lines of the journal."""
        number = order["attempt"]
        if item:
            self.journal.add(TestStarted(id=order["id"], attempt=number, at=stamp(time.time())))
        self.plugin.number = number
        attempt = self.attempt(item, order["node"])
        self.journal.add(TestFinished(id=order["id"], attempt=number, result=attempt))
        return {"id": order["id"], "result": attempt.model_dump(mode="json")}


def main() -> int:
    """Run tests for the runner."""
    return serve(Session, JournalLoop)


def serve(kind: type[Session], loop: type[Loop]) -> int:
    """Read the job, collect the suite, carry out what is ordered, and end what the tests shared.

    ``kind`` of session is opened, and ``loop`` takes the orders.
    """
    # What tests or libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    orders = sys.stdin
    job = json.loads(orders.readline())
    run = Path(job["run"])
    session = kind(
        run,
        job["run_id"],
        {role: Credential.from_wire(value) for role, value in job["credentials"].items()},
        Ledger(run / LEDGER),
        policy=Policy(**job["policy"]),
        settle=job["settle"],
        altered=job["altered"],
        evidence=job["evidence"],
        shared_for=job["shared_for"],
        wait=job["wait"],
        pins=job["pins"],
        tidy=job["tidy"],
        alone=False,
    )
    plugin = Plugin(session, job["deadline"])
    taking = loop(session, plugin, run, orders, answers)
    try:
        code = pytest.main(_arguments(job["suite"], job["nodes"]), [plugin, taking])
    finally:
        # What it cannot end stays in the ledger, and the runner tries again.
        session.findings, session.requests = [], 0
        session.close()
        with contextlib.suppress(OSError):
            end = {"spent": taking.spent + session.requests, "leaving": session.debts.leaving}
            answers.write(json.dumps(end) + "\n")
            for item in plugin.repeated:
                answers.write(json.dumps({"note": item.message}) + "\n")
            answers.flush()
    return int(code)


def _arguments(suite: str, nodes: list[str]) -> list[str]:
    """Return the words for pytest: these tests and nothing of the user's."""
    files = sorted({node.partition("::")[0] for node in nodes})
    quiet = ["-p", "no:terminal", "--capture=no"]
    # Nothing of the user's may change how the suite runs: no ini file, conftest, plugin or cache.
    closed = ["-c", os.devnull, "--rootdir", suite, "--noconftest", "-p", "no:cacheprovider", "--import-mode=importlib"]
    # The suite has no assert; to look for some, pytest would compile each file anew in every worker.
    return [*quiet, *closed, "--assert=plain", *(str(Path(suite) / name) for name in files)]


if __name__ == "__main__":
    raise SystemExit(main())
