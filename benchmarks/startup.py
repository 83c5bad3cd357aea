"""How long ``defcore --version`` takes, as a ratio to ``python -c "import click"`` in the same run."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 21


def seconds(command: list[str]) -> float:
    """Time one start of a command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Alternate the two commands and print medians, ratio and the raw count."""
    found = shutil.which("defcore", path=str(Path(sys.executable).parent)) or "defcore"
    ours, peer = [found, "--version"], [sys.executable, "-c", "import click"]
    pairs = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"defcore --version: {mine * 1000:.1f} ms, import click: {theirs * 1000:.1f} ms (medians of {ROUNDS})")
    print(f"start-up ratio: {mine / theirs:.2f} (aim: at most 2)")


if __name__ == "__main__":
    main()
