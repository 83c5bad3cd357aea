"""How long a cloud took to answer, operation by operation, from the evidence of a run. For its owner's eyes only."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.run.evidence import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Latency:
    """The answers to one operation: how many, and the milliseconds within which 50, 90 and 99 of 100 came."""

    operation: str
    count: int
    p50: int
    p90: int
    p99: int


def latencies(run: Path) -> tuple[Latency, ...]:
    """Return a line for each operation, the most used first.

    Every answer counts, of repeated requests too; what got none has no latency. Raises InputError for evidence that
    is none.
    """
    times: dict[str, list[int]] = defaultdict(list)
    for _, kept in read(run):
        if kept.error is None and kept.operation != PROBE:
            times[kept.operation].append(kept.took_ms)
    found = [
        Latency(name, len(took), percentile(took, 50), percentile(took, 90), percentile(took, 99))
        for name, took in times.items()
    ]
    return tuple(sorted(found, key=lambda item: (-item.count, item.operation)))


def percentile(values: Sequence[int], share: int) -> int:
    """Return the smallest value that at least ``share`` of 100 do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered) / 100), 1) - 1]
