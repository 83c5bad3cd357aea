"""Does a test change its outcome from run to run? Several runs of the whole platform in a row, and what they leave.

    python -m benchmarks.steady [--profile plain|odd] [--runs N] [-n N]     ten runs: about ten minutes on two cores

The plain cloud's project is filled with somebody else's servers, volumes, networks first; the odd one is empty and has
small quotas. Prints the outcomes of each run, every test whose outcome was not always the same, and whether anything of
ours was left, or anything of theirs is gone or new.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from defcore import refcloud
from defcore.cloud.credential import read_credentials
from defcore.refcloud.services import SERVICES
from defcore.run.certify import Request, carry_out
from tests.capabilities.things import accounts, move_in

NAME = "steady"


def main() -> int:
    """Run, print, and return 1 when an outcome changed, a test failed, or the cloud is not as before."""
    words = argparse.ArgumentParser(description="Does a test change its outcome from run to run?")
    words.add_argument("--profile", default="plain")
    words.add_argument("--runs", type=int, default=10)
    words.add_argument("-n", type=int, default=4)
    given = words.parse_args()
    seen: dict[str, Counter[str]] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = refcloud.Home(cache=refcloud.Home.default(os.environ.get("DEFCORE_CACHE")).cache, state=folder / "c")
        cloud = stack.enter_context(refcloud.running(home, NAME, services=SERVICES, profile=given.profile))
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
        credentials = read_credentials(NAME)
        if given.profile == "plain":
            move_in(credentials)
        before = accounts(credentials)
        for number in range(given.runs):
            request = Request(NAME, workers=given.n, out=folder / f"run-{number}")
            # With the doctor, whose reading of the quotas bounds what is at work at once.
            record = carry_out(
                request, started=lambda *_: None, progress=lambda _: None, examined=lambda _: None
            ).record
            for item in record.results:
                seen.setdefault(item.name, Counter())[item.outcome.value] += 1
            outcomes = Counter(item.outcome.value for item in record.results)
            retries = sum(attempt.retries for item in record.results for attempt in item.attempts)
            print(f"run {number + 1}: {dict(outcomes)}, {retries} retries", flush=True)
        after = accounts(credentials)
    changed = {name: dict(outcomes) for name, outcomes in seen.items() if len(outcomes) > 1}
    print(f"{given.runs} runs of {len(seen)} tests on {given.profile}: {len(changed)} tests changed their outcome")
    for name, told in changed.items():
        print(f"  {name}: {told}")
    ours = {thing for item in after.values() for thing in item.ours}
    untouched = all(after[role].things == before[role].things for role in before)
    print(f"left of ours: {len(ours)}; what others have is {'as before' if untouched else 'NOT as before'}")
    bad = any({"failed", "error"} & set(outcomes) for outcomes in seen.values())
    return 1 if changed or ours or not untouched or bad else 0


if __name__ == "__main__":
    sys.exit(main())
