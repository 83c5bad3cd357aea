"""The server is killed while it takes reports (``benchmarks/registry_kills.py`` does it fifty times)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.registry_kills import rounds
from benchmarks.served import Child
from tests.registry.conftest import NOW, Registry

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_acknowledged_is_there_after_a_power_cut(registry: Registry, tmp_path: Path) -> None:
    """If it fails, a vendor holds a receipt for a report that is gone, or half a report is shown."""
    house = registry.house
    made = (registry.submission(run=house.run_record(id=f"run-{number}")) for number in range(100_000))
    tally = rounds(Child(registry.root, tmp_path / "private", NOW), made, 4)
    assert (tally.rounds, tally.lost, tally.half) == (4, set(), set())
    assert len(tally.acknowledged) > 4
    assert tally.checks > len(tally.acknowledged)
    assert registry.check(NOW).good
