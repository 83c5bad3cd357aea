"""A worker of a proof: runs one test at a time, with nothing, a fault or a variation armed, as it is told.

It is ``run.worker`` with other orders: no journal, and each answer also tells what was altered. A clean run brings the
trials of its faults with it, as far as they can be replayed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from defcore.run.record import Outcome
from defcore.run.worker import Loop, serve
from defcore.sabotage.armed import ArmedSession
from defcore.sabotage.kinds import Fault
from defcore.sabotage.replay import Recording, recorded, replayed
from defcore.sabotage.variations import VARIATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

REPLAYING = 60.0
"""Seconds after which the faults of a test that are left are tried on the cloud, one order each."""


class TrialLoop(Loop):
    """Carries out trials."""

    session: ArmedSession

    def carry_out(self, item: pytest.Item | None, order: dict[str, Any]) -> dict[str, Any]:
        """Run a test with what is ordered armed; clean, also its trials of the ``kinds`` that the order names."""
        node = order["node"]
        if order["variation"] or order["fault"]:
            self.session.arm(VARIATIONS[order["variation"]] if order["variation"] else Fault(*order["fault"]))
            return self._told(item, node)
        recording = Recording()
        self.session.arm(None, recording)
        with recorded(recording, self.session.of_test):
            found = self._told(item, node)
        faults = [Fault(*fault) for fault in found["applicable"] if fault[1] in order["kinds"]]
        if found["result"]["outcome"] == Outcome.PASSED.value:
            found["trials"] = list(self._trials(item, node, recording, faults))
        return found

    def _trials(
        self, item: pytest.Item | None, node: str, recording: Recording, faults: list[Fault]
    ) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + REPLAYING
        for fault in faults:
            began = time.monotonic()
            if began > end:
                return
            self.session.arm(fault, recording, replaying=True)
            with replayed(recording) as script:
                found = self._told(item, node)
            # An error may be one of the replay itself: the cloud has the last word.
            if not script.left and found["result"]["outcome"] != Outcome.ERROR.value:
                yield {**found, "fault": [fault.operation, fault.kind], "seconds": round(time.monotonic() - began, 3)}

    def _told(self, item: pytest.Item | None, node: str) -> dict[str, Any]:
        attempt = self.attempt(item, node)
        found = self.session.saboteur
        return {
            "result": attempt.model_dump(mode="json"),
            "altered": sorted(found.altered),
            "applicable": [[fault.operation, fault.kind] for fault in sorted(found.applicable)],
        }


if __name__ == "__main__":
    raise SystemExit(serve(ArmedSession, TrialLoop))
