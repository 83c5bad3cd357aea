"""Time and memory of ``defcore guideline impact`` over 1,000 synthetic run records, each of a whole guideline.

Aim: under 5 s and under 300 MB on two processors. Half of the clouds pass; others fail one to five tests, or the one
that is no longer required, or lack some. They are written to a temporary folder first, which is not timed.

    python benchmarks/impact.py [GUIDELINE [PREVIOUS]]      files or ids
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from defcore.guideline import resolve
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, TestResult

RECORDS = 1000
JOBS = 2
WORDS = (" counted", " required tests)", " records pass", " would turn from")
_ONE = "3b7c6fe4-dfe7-477c-9243-b06359db51e6"
"""The test of compute-images-create, required in 2020.06 and deprecated since: those who fail it alone gain."""
STAMP = "2026-11-20T00:00:00Z"


def main() -> None:
    """Write the records, run the command once, print seconds, memory and counts."""
    draft = sys.argv[1] if len(sys.argv) > 1 else "2026.11"
    previous = sys.argv[2] if len(sys.argv) > 2 else draft  # noqa: PLR2004 - the words of the command
    tests = {test.id: test.name for item in resolve(previous).guideline.capabilities for test in item.tests}
    with tempfile.TemporaryDirectory() as folder:
        size = sum(_write(Path(folder), number, tests) for number in range(RECORDS))
        command = [sys.executable, "-c", "from defcore.cli.main import main; main()", "guideline", "impact", draft]
        command += ["--reports", folder, "--previous", previous, "--jobs", str(JOBS)]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak = _watch(process.pid)
        out = process.stdout.read() if process.stdout else ""
        process.wait()
        took = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{RECORDS} records of {len(tests)} tests, {size / 1e6:.0f} MB of JSON, {JOBS} processes")
    print(f"impact: {took:.2f} s (aim: under 5), {used.ru_utime + used.ru_stime:.2f} s of processor time")
    print(f"memory: {peak / 1e6:.0f} MB, the most that its processes held at once, added up (aim: under 300 MB)")
    print("\n".join(line for line in out.splitlines() if any(word in line for word in WORDS)))


def _write(folder: Path, number: int, tests: dict[str, str]) -> int:
    dice = random.Random(number)  # noqa: S311 - to spread, not to hide
    outcomes = dict.fromkeys(tests, Outcome.PASSED)
    if number % 2:
        for test in dice.sample(sorted(tests), dice.randint(1, 5)):
            outcomes[test] = dice.choice([item for item in Outcome if item is not Outcome.PASSED])
    if number % 20 == 3:  # noqa: PLR2004 - one in twenty
        outcomes = dict.fromkeys(tests, Outcome.PASSED) | {_ONE: Outcome.FAILED}
    if number % 10 == 1:
        for test in dice.sample(sorted(tests), 20):
            del outcomes[test]
    run = RunRecord(
        id=f"synthetic-{number}",
        started=STAMP,
        ended=STAMP,
        complete=True,
        cloud=Cloud(name=f"cloud-{number}", auth_url="http://cloud.example/v3"),
        engine=Engine(name="synthetic", version="1"),
        results=tuple(
            TestResult(
                id=test,
                name=tests[test],
                outcome=outcome,
                attempts=(Attempt(outcome=outcome, started=STAMP, seconds=1.25, requests=4),),
            )
            for test, outcome in outcomes.items()
        ),
    )
    return (folder / f"{number:04}.json").write_text(run.model_dump_json(indent=2) + "\n", encoding="utf-8")


def _watch(pid: int) -> int:
    """Return the most bytes that a process and its children held at once; shared pages count in each."""
    peak = 0
    while True:
        try:
            found = [pid, *_children(pid)]
            peak = max(peak, sum(_held(item) for item in found))
        except (FileNotFoundError, ProcessLookupError, ValueError):
            pass
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return peak
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(word) for item in threads for word in (item / "children").read_text(encoding="utf-8").split()]


def _held(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))


if __name__ == "__main__":
    main()
