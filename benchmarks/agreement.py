"""Do both engines agree? The storage and the platform program with both, on the reference cloud.

Aim, for guideline 2020.06: the same outcome for each of 58 storage tests; of the platform's 284, Tempest 47 has 283,
and 281 of them pass; two are skipped: they need to log in to a server, and nothing runs inside those of this cloud.
Where the engines differ on the platform, both outcomes are printed.

    python benchmarks/agreement.py [GUIDELINE] [--only-storage] [--keep FOLDER] [-n N]      about eight minutes

GUIDELINE is a file; without it $DEFCORE_OFFICIAL/2020.06.json. With --keep the run directories stay in FOLDER, for
`defcore compare FOLDER/native FOLDER/tempest`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from defcore import refcloud
from defcore.refcloud.services import SERVICES
from defcore.run.certify import Request, Tempest, carry_out
from defcore.run.record import Outcome
from defcore.tempest import environment
from defcore.tempest.requests import count

if TYPE_CHECKING:
    from defcore.run.record import RunRecord

NAME = "agreement"
STORAGE, PLATFORM = "openstack-powered-storage", "openstack-powered-platform"


def main() -> int:
    """Run, print outcomes, differences and reasons; 1 when the engines differ or something failed."""
    given = _words()
    official = os.environ.get("DEFCORE_OFFICIAL")
    guideline = given.guideline or (str(Path(official) / "2020.06.json") if official else "")
    if not guideline:
        sys.exit("give the file of guideline 2020.06, or set DEFCORE_OFFICIAL to its folder")
    with contextlib.ExitStack() as stack:
        folder = (given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))).absolute()
        home = refcloud.Home(
            cache=refcloud.Home.default(os.environ.get("DEFCORE_CACHE")).cache, state=folder / "clouds"
        )
        cloud = stack.enter_context(refcloud.running(home, NAME, services=SERVICES))
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
        native = _run(folder / "native", guideline, STORAGE, given.n, None)
        tempest = _run(folder / "tempest", guideline, STORAGE, given.n, _tempest())
        differ = _compare(native, tempest)
        if given.only_storage:
            return 1 if differ else 0
        native = _run(folder / "native-platform", guideline, PLATFORM, given.n, None)
        tempest = _run(folder / "tempest-platform", guideline, PLATFORM, given.n, _tempest())
        _compare(native, tempest)
        return 1 if differ or _left_out(tempest) else 0


def _words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="Do both engines agree?")
    words.add_argument("guideline", nargs="?")
    words.add_argument("--only-storage", action="store_true")
    words.add_argument("--keep", type=Path)
    words.add_argument("-n", type=int, default=4)
    return words.parse_args()


def _tempest() -> Tempest:
    return Tempest(environment.home(os.environ.get("DEFCORE_CACHE")), tell=print)


def _run(out: Path, guideline: str, program: str, workers: int, tempest: Tempest | None) -> RunRecord:
    request = Request(NAME, guideline=guideline, program=program, workers=workers, out=out, tempest=tempest)
    began = time.monotonic()
    record = carry_out(request, started=lambda *_: None, progress=lambda _: None).record
    took = time.monotonic() - began
    outcomes = Counter(item.outcome.value for item in record.results)
    words = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(outcomes.items()))
    requests = count(out).total or sum(item.requests for result in record.results for item in result.attempts)
    engine = f"{record.engine.name} {record.engine.version}"
    print(
        f"{engine:14}  {program}: {len(record.results)} tests: {words}; {requests} requests, {took:.1f} s, -n {workers}"
    )
    return record


def _compare(one: RunRecord, other: RunRecord) -> int:
    """Print what the engines do not agree on; return how many tests that are."""
    theirs = other.by_id()
    differ = [item for item in one.results if theirs[item.id].outcome is not item.outcome]
    print(f"both engines agree on {len(one.results) - len(differ)} of {len(one.results)} tests")
    for item in differ:
        words = f"{one.engine.name}: {item.outcome}, {other.engine.name}: {theirs[item.id].outcome}"
        print(f"  {item.id}  {words.replace('_', ' ')}  {item.name}")
    return len(differ)


def _left_out(record: RunRecord) -> int:
    """Print what Tempest did not pass, and why; return how many tests failed or broke."""
    print("what Tempest did not pass:")
    for item in record.results:
        if item.outcome is not Outcome.PASSED:
            told = item.reason or item.attempts[-1].reason
            print(f"  {item.outcome.value.replace('_', ' ')}: {item.name}\n    {told}")
    return sum(item.outcome in {Outcome.FAILED, Outcome.ERROR} for item in record.results)


if __name__ == "__main__":
    sys.exit(main())
