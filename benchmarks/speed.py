r"""The native suite against Tempest: same cloud, same ids, four workers, both tuned, five runs each in turn.

    python benchmarks/speed.py [GUIDELINE] [--profile plain|slow] [--runs N] [-n N]

Prints wall time, HTTP requests and servers booted of each run, the medians and their ratios. GUIDELINE is a file,
without it that of 2020.06 in $DEFCORE_OFFICIAL, else the newest that ships. Both engines run its platform program; a
test that either of them leaves out is named. The time is that of the whole run: starting workers, logging in, cleaning
up.

Requests: Tempest's are those of its own log, log-ins included. Ours are those of the tests and of ending what they
shared (`spent` in the journal); log-ins of workers are not among them, two or three a worker. Servers: accepted
requests to build them, by either's record.

Both are compiled before they run, as pip does with what it installs: Tempest is installed, and we are read in place.

Tempest is tuned by benchmarks/tempest-tuned.conf and accounts made beforehand (benchmarks/tempest_tuned.py), so that it
creates no users, projects or networks of its own for each class of tests.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import defcore
from benchmarks.tempest_tuned import provide
from defcore import refcloud
from defcore.guideline import resolve
from defcore.refcloud.services import SERVICES
from defcore.run.certify import Request, Tempest, carry_out
from defcore.run.record import Outcome
from defcore.suite import suite_dir
from defcore.tempest import environment
from defcore.tempest.requests import count

if TYPE_CHECKING:
    from defcore.run.record import RunRecord

NAME = "speed"
TUNED = Path(__file__).with_name("tempest-tuned.conf")
AIMS = {"seconds": 0.25, "requests": 0.4, "servers": 0.4}
CARRIED_OUT = (Outcome.PASSED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took."""

    seconds: float
    requests: int
    servers: int
    record: RunRecord


def main() -> int:
    """Run both engines in turn and print the table; 1 when an aim is missed."""
    given = _words()
    official = os.environ.get("DEFCORE_OFFICIAL")
    guideline = given.guideline or (str(Path(official) / "2020.06.json") if official else None)
    program = _platform(guideline)
    for folder in (Path(defcore.__file__).parent, suite_dir()):
        compileall.compile_dir(folder, quiet=1)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = refcloud.Home(cache=refcloud.Home.default(os.environ.get("DEFCORE_CACHE")).cache, state=folder / "c")
        cloud = stack.enter_context(refcloud.running(home, NAME, services=SERVICES, profile=given.profile))
        ours = str(cloud.clouds_yaml)
        os.environ["OS_CLIENT_CONFIG_FILE"] = ours
        theirs = folder / "tuned.yaml"
        theirs.write_text(provide(NAME, given.n), encoding="utf-8")
        tempest = Tempest(environment.home(os.environ.get("DEFCORE_CACHE")), own=TUNED, tell=print)
        request = Request(NAME, guideline=guideline, program=program, workers=given.n)
        runs: dict[str, list[Figures]] = {"native": [], "tempest": []}
        for number in range(given.runs):
            for engine, file, chosen in (("native", ours, None), ("tempest", str(theirs), tempest)):
                os.environ["OS_CLIENT_CONFIG_FILE"] = file
                found = _run(request, folder / f"{engine}-{number}", chosen)
                runs[engine].append(found)
                words = f"{found.seconds:6.1f} s {found.requests:6} requests {found.servers:3} servers"
                print(f"run {number + 1} {engine:8} {words}  {_outcomes(found.record)}", flush=True)
    _left_out(runs["native"][0].record, runs["tempest"][0].record)
    return _table(runs)


def _words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="The native suite against Tempest.")
    words.add_argument("guideline", nargs="?")
    words.add_argument("--profile", default="plain")
    words.add_argument("--runs", type=int, default=5)
    words.add_argument("-n", type=int, default=4)
    return words.parse_args()


def _platform(guideline: str | None) -> str:
    programs = resolve(guideline).guideline.programs
    return max(programs, key=lambda item: len(item.components)).key


def _run(request: Request, out: Path, tempest: Tempest | None) -> Figures:
    asked = replace(request, out=out, tempest=tempest)
    began = time.monotonic()
    record = carry_out(asked, started=lambda *_: None, progress=lambda _: None).record
    seconds = time.monotonic() - began
    if tempest:
        told = count(out)
        return Figures(seconds, told.total, told.servers, record)
    sent = sum(item.requests for result in record.results for item in result.attempts)
    footer = json.loads((out / "journal.jsonl").read_bytes().splitlines()[-1])
    return Figures(seconds, sent + footer["spent"], _booted(out), record)


def _booted(out: Path) -> int:
    """Count the servers whose building was accepted, by the evidence and by the ledger of what the run shared."""
    entries = [json.loads(line) for line in (out / "ledger.jsonl").read_bytes().splitlines()]
    made = {entry["number"] for entry in entries if entry["op"] == "owes" and entry["kind"] == "server"}
    built = [entry for entry in entries if entry["op"] == "learned" and entry["number"] in made]
    return sum(bool(entry["where"].get("id")) for entry in built)


def _outcomes(record: RunRecord) -> str:
    counted = Counter(item.outcome.value for item in record.results)
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counted.items()))


def _left_out(ours: RunRecord, theirs: RunRecord) -> None:
    other = theirs.by_id()
    both = [item for item in ours.results if item.outcome in CARRIED_OUT and other[item.id].outcome in CARRIED_OUT]
    same = sum(item.outcome is other[item.id].outcome for item in both)
    print(f"carried out by both: {len(both)} of {len(ours.results)} tests; the same outcome: {same} of {len(both)}")
    for item in ours.results:
        if item not in both:
            print(f"  not by both: {item.name}: native {item.outcome}, Tempest {other[item.id].outcome}")


def _table(runs: dict[str, list[Figures]]) -> int:
    missed = 0
    for what, aim in AIMS.items():
        ours, theirs = (statistics.median(getattr(item, what) for item in runs[name]) for name in ("native", "tempest"))
        ratio = ours / theirs
        missed += ratio > aim
        word = "reached" if ratio <= aim else "MISSED"
        figures = f"medians of {len(runs['native'])}: native {ours:.1f}, Tempest {theirs:.1f}"
        print(f"{what:9} {figures}: ratio {ratio:.2f} (aim {aim}: {word})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
