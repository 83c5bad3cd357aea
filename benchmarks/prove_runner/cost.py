"""What evidence costs: CPU seconds (user and system, workers included) of runs with and without, in turn."""

from __future__ import annotations

import os
import statistics
from typing import TYPE_CHECKING

from benchmarks.prove_runner.stage import Figure, Stage

if TYPE_CHECKING:
    from pathlib import Path


def prove(stage: Stage, count: int, seed: int) -> list[Figure]:
    """Run ``count`` pairs, each time with the other one first."""
    del seed
    pairs: list[tuple[float, float]] = []
    for number in range(count):
        order = (True, False) if number % 2 else (False, True)
        seconds = {evidence: _seconds(stage, stage.new(), evidence=evidence) for evidence in order}
        pairs.append((seconds[True], seconds[False]))
        stage.tell(f"{number + 1}/{count}: with {pairs[-1][0]:.2f} s, without {pairs[-1][1]:.2f} s")
    for with_it, without in pairs:
        print(f"  with {with_it:.2f} s, without {without:.2f} s: ratio {with_it / without:.3f}")
    ratio = statistics.median(with_it / without for with_it, without in pairs)
    words = f"is the median ratio of CPU time with evidence to without ({len(pairs)} alternating pairs)"
    return [Figure(words, round(ratio, 3), must=False)]


def _seconds(stage: Stage, out: Path, *, evidence: bool) -> float:
    """Run once and return the CPU seconds of the process and of its workers, which it has waited for."""
    words: list[str | Path] = [stage.name, out, *stage.chosen(), *([] if evidence else ["--no-evidence"])]
    process = stage.start(*words, module="benchmarks.prove_runner.one_run")
    # Neither stream gets more than a line: nothing can block.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ended = stage.end(process)
    if ended.code != 0 or (out / "evidence").exists() is not evidence:
        raise RuntimeError(f"the run ends with {ended.code}: {ended.err}")
    return usage.ru_utime + usage.ru_stime
