"""The registry's server is killed (SIGKILL) again and again while reports come in; what was acknowledged must be there.

    python -m benchmarks.registry_kills [ROUNDS]        (default: 50; about five minutes)

Two visitors submit without a pause. After each restart every report that was ever acknowledged is asked for, and both
folders are looked through for halves. Prints counts; ends with 1 if anything is lost or half.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from benchmarks.served import Child, body, post
from defcore.registry import check, receipt
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.store import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.registry.model import Submission

VISITORS = 2


@dataclass
class Tally:
    """What was seen. ``acknowledged`` are digests of full reports with their receipts, ``lost`` and ``half`` faults."""

    rounds: int = 0
    sent: int = 0
    interrupted: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)
    checks: int = 0
    lost: set[str] = field(default_factory=set)
    half: set[str] = field(default_factory=set)
    starts: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} kills: {self.sent} submissions begun, {self.interrupted} cut off, "
            f"{len(self.acknowledged)} acknowledged, asked for {self.checks} times after restarts; "
            f"{len(self.lost)} lost, {len(self.half)} half; slowest start {max(self.starts):.1f} s"
        )


def rounds(child: Child, submissions: Iterator[Submission], count: int, seed: int = 1) -> Tally:
    """Kill the server ``count`` times; start it once more and look."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - not for secrets
    lock = threading.Lock()

    def visit() -> None:
        while True:
            with lock:
                made = next(submissions, None)
                tally.sent += made is not None
            if made is None:
                return
            digest = hashlib.sha256(made.full or b"").hexdigest()
            try:
                answer = post(child.url, body(made))
            except requests.RequestException:
                with lock:
                    tally.interrupted += 1
                return
            for item in answer.json()["items"] if answer.ok else ():
                with lock:
                    tally.acknowledged[digest] = item["receipt"]

    for _ in range(count):
        tally.starts.append(child.start())
        look(child, tally)
        visitors = [threading.Thread(target=visit) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.start()
        time.sleep(chance.uniform(0.02, 1.2))
        child.kill()
        for visitor in visitors:
            visitor.join()
        tally.rounds += 1
    tally.starts.append(child.start())
    look(child, tally)
    child.kill()
    return tally


def look(child: Child, tally: Tally) -> None:
    """Ask for all that was acknowledged; look through both folders."""
    for digest, signed in tally.acknowledged.items():
        answer = requests.get(f"{child.url}api/v1/submissions/{digest}", timeout=60)
        found = answer.json() if answer.ok else {}
        tally.checks += 1
        if (found.get("standing"), found.get("receipt")) != ("admitted", signed):
            tally.lost.add(digest)
    folder = Folder(child.root, child.private)
    wanted = {child.root: {PUBLIC}, child.private: {FULL, PUBLIC, receipt.FILE}}
    for root, names in wanted.items():
        for place in folder.places(private=root == child.private):
            if {item.name for item in (root / place).iterdir()} != names:
                tally.half.add(f"{root.name}/{place}")
        tally.half.update(f"{root.name}/{item.name}" for item in root.glob(".incoming-*"))


def main() -> int:
    """Print what was seen."""
    from benchmarks.registry import NOW, Maker  # noqa: PLC0415 - the test has reports of its own

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as name:
        maker = Maker(Path(name) / "reports")
        child = Child(maker.folder.root, Path(name) / "private", NOW)
        tally = rounds(child, (maker.submission(number)[1] for number in range(100_000)), count)
        good = check.check(maker.folder, NOW + dt.timedelta(minutes=1)).good
    print(tally)
    print(f"registry check afterwards: {'good' if good else 'NOT GOOD'}")
    return 0 if good and not tally.lost and not tally.half and tally.acknowledged else 1


if __name__ == "__main__":
    sys.exit(main())
