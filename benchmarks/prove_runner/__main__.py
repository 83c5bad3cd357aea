"""``python -m benchmarks.prove_runner [--proof kills] [--count 50]`` ends with 1 when something is not as it should."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.prove_runner import cost, kills, noise, planted, tarpit, together
from benchmarks.prove_runner.stage import Stage
from defcore import refcloud

PROOFS = {
    "kills": (kills.prove, 50),
    "noise": (noise.prove, 10),
    "tarpit": (tarpit.prove, 1),
    "secrets": (planted.prove, 1),
    "together": (together.prove, 3),
    "cost": (cost.prove, 10),
}
"""Each proof with the number of its rounds."""


def main() -> int:
    """Start a light reference cloud, walk the proofs, print their figures."""
    words = argparse.ArgumentParser(prog="prove_runner", description=__doc__)
    words.add_argument("--proof", action="append", choices=PROOFS, help="only this one (may be given several times)")
    words.add_argument("--count", type=int, help="rounds of each proof  [default: its own number]")
    words.add_argument("--seed", type=int, default=time.time_ns() % 10**6, help="of the random moments")
    given = words.parse_args()
    print(f"seed {given.seed}", flush=True)
    kept = True
    with tempfile.TemporaryDirectory(prefix="prove-runner-") as place:
        home = refcloud.Home(cache=refcloud.Home.default().cache, state=Path(place) / "clouds")
        with refcloud.running(home, "proof", services=("identity", "object-store")) as cloud:
            for name in given.proof or PROOFS:
                prove, count = PROOFS[name]
                began = time.monotonic()
                folder = Path(place) / name
                folder.mkdir()
                figures = prove(Stage(folder, cloud, tell=say), given.count or count, given.seed)
                print(f"{name}: {time.monotonic() - began:.0f} s")
                for figure in figures:
                    print(f"  {figure}", flush=True)
                kept = kept and all(figure.kept for figure in figures)
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


def say(line: str) -> None:
    """Tell somebody who waits how far it is."""
    print(f"    {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
