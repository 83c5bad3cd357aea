"""A worker of a proof: runs one test at a time, with nothing, a fault or a variation armed, as it is told.

It speaks with ``prove`` as ``run.worker`` does with the runner: a line of JSON for the job, then one a trial.
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
from defcore.run.journal import stamp
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.record import Attempt, Outcome
from defcore.run.worker import arguments
from defcore.sabotage.armed import ArmedSession
from defcore.sabotage.kinds import Fault
from defcore.sabotage.variations import VARIATIONS, Variation


class Loop:
    """Takes the place of pytest's own loop: runs what is ordered."""

    def __init__(self, plugin: Plugin, session: ArmedSession, orders: IO[str], answers: IO[str]) -> None:
        """Take orders from one stream and answer on another."""
        self._plugin = plugin
        self._session = session
        self._orders = orders
        self._answers = answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each trial that is ordered, until the orders end."""
        items = {item.nodeid: item for item in session.items}
        self._say({"ready": True})
        for line in self._orders:
            order = json.loads(line)
            self._session.arm(_read(order))
            self._plugin.attempt = None
            item = items[order["node"]]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            attempt = self._plugin.attempt or Attempt(
                outcome=Outcome.ERROR, started=stamp(time.time()), seconds=0, reason="the test ended without a result"
            )
            found = self._session.saboteur
            self._say(
                {
                    "result": attempt.model_dump(mode="json"),
                    "altered": sorted(found.altered),
                    "applicable": [[item.operation, item.kind] for item in sorted(found.applicable)],
                }
            )
        return True

    def _say(self, value: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._answers.write(json.dumps(value) + "\n")
            self._answers.flush()


def _read(order: dict[str, Any]) -> Fault | Variation | None:
    if order["variation"]:
        return VARIATIONS[order["variation"]]
    return Fault(*order["fault"]) if order["fault"] else None


def main() -> int:
    """Read the job, collect the suite, run what is ordered, and end what the tests shared."""
    # What tests or libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    orders = sys.stdin
    job = json.loads(orders.readline())
    run = Path(job["run"])
    session = ArmedSession(
        run,
        job["run_id"],
        {role: Credential.from_wire(value) for role, value in job["credentials"].items()},
        Ledger(run / LEDGER),
        policy=Policy(**job["policy"]),
        evidence=False,
        shared_for=job["shared_for"],
        tidy=job["tidy"],
        alone=False,
    )
    plugin = Plugin(session, job["deadline"])
    try:
        code = pytest.main(arguments(job["suite"], job["nodes"]), [plugin, Loop(plugin, session, orders, answers)])
    finally:
        # What it cannot end stays in the ledger, and the prover tries again.
        session.findings, session.requests = [], 0
        session.close()
        with contextlib.suppress(OSError):
            answers.write(json.dumps({"spent": session.requests}) + "\n")
            answers.flush()
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
