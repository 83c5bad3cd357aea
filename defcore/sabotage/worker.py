"""A worker of a proof: runs one test at a time, with nothing, a fault or a variation armed, as it is told.

It is ``run.worker`` with other orders: no journal, and each answer also tells what was altered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.run.worker import Loop, serve
from defcore.sabotage.armed import ArmedSession
from defcore.sabotage.kinds import Fault
from defcore.sabotage.variations import VARIATIONS, Variation

if TYPE_CHECKING:
    import pytest


class TrialLoop(Loop):
    """Carries out trials."""

    session: ArmedSession

    def carry_out(self, item: pytest.Item | None, order: dict[str, Any]) -> dict[str, Any]:
        """Run a test with what is ordered armed."""
        self.session.arm(_read(order))
        attempt = self.attempt(item, order["node"])
        found = self.session.saboteur
        return {
            "result": attempt.model_dump(mode="json"),
            "altered": sorted(found.altered),
            "applicable": [[fault.operation, fault.kind] for fault in sorted(found.applicable)],
        }


def _read(order: dict[str, Any]) -> Fault | Variation | None:
    if order["variation"]:
        return VARIATIONS[order["variation"]]
    return Fault(*order["fault"]) if order["fault"] else None


if __name__ == "__main__":
    raise SystemExit(serve(ArmedSession, TrialLoop))
