"""Runs that are killed with ``-9`` at random moments and resumed until they are done."""

from __future__ import annotations

import math
import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.prove_runner.bystander import Bystander, Picture, left, things, touched
from benchmarks.prove_runner.stage import Figure, Stage, events, outcomes
from defcore.errors import EXIT_INPUT
from defcore.run.store import load_run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

AIMS = ("start-up", "tests", "tests", "tests", "cleanup")
"""Where the kills are aimed at, in turn; inside, the moment is random."""
AGAIN = 0.3
"""The share of the resumed runs that are killed once more."""


@dataclass
class Tally:
    """What is counted."""

    kills: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    same: int = 0
    once: int = 0
    tests: int = 0
    complete: int = 0
    clean: int = 0
    untouched: int = 0
    cut: int = 0
    wrong: list[str] = field(default_factory=list)


def prove(stage: Stage, count: int, seed: int) -> list[Figure]:
    """Kill ``count`` runs, resume each, and compare it with an undisturbed one."""
    dice = random.Random(seed)  # noqa: S311 - moments to kill at, no secret
    bystander = Bystander(stage)
    bystander.settle_in()
    began = time.monotonic()
    expected = stage.undisturbed()
    whole = time.monotonic() - began
    before = bystander.picture()
    tally = Tally()
    for number in range(count):
        aim = AIMS[number % len(AIMS)]
        out = stage.new()
        while not _killed(stage, out, aim, stage.words(out), whole, dice, tally):
            tally.too_late += 1
            out = stage.new()
        code = _resumed(stage, out, whole, dice, tally)
        _reap(stage, out, tally)
        _compare(out, expected, code, tally)
        after = bystander.picture_like(before)
        found, changed = left(before, after), touched(before, after)
        tally.clean += not found
        tally.untouched += not changed
        tally.wrong += [f"{out.name} left {item}" for item in found] + [
            f"{out.name} touched {item}" for item in changed
        ]
        stage.tell(f"{number + 1}/{count} {dict(tally.moments)} {tally.wrong[-1:] or ''}")
    reaped = _never_resumed(stage, bystander, before, whole, dice, math.ceil(count / 10), tally)
    early = _before_it_began(stage, dice, min(count, 3))
    return [*_figures(count, len(expected), things(before), tally), reaped, early]


def _figures(count: int, tests: int, held: int, tally: Tally) -> list[Figure]:
    for line in tally.wrong:
        print(f"  wrong: {line}")
    kills = sum(tally.kills.values())
    how = ", ".join(f"{number} {name}" for name, number in sorted(tally.kills.items()))
    where = ", ".join(f"{number} {name}" for name, number in sorted(tally.moments.items()))
    return [
        Figure(f"kills -9 in {count} runs ({how}; they hit {where})", kills, must=False),
        Figure("runs that ended before their kill, drawn again", tally.too_late, must=False),
        Figure(f"runs with every outcome as in an undisturbed run ({tests} tests each)", tally.same, count),
        Figure("tests that came to their end exactly once", tally.once, tally.tests),
        Figure("attempts that were cut off and repeated", tally.cut, must=False),
        Figure("resumed runs that are complete and owe nothing, exit code 0", tally.complete, count),
        Figure("runs of which nothing is left on the cloud after reap", tally.clean, count),
        Figure(f"runs after which all {held} things of a bystander are as they were", tally.untouched, count),
    ]


def _reap(stage: Stage, out: Path, tally: Tally) -> None:
    ended = stage.run("reap", "--cloud", stage.name, "--run", out)
    if ended.code != 0:
        tally.wrong.append(f"reap ends with {ended.code}: {ended.err.strip()}")


def _never_resumed(
    stage: Stage, bystander: Bystander, before: Picture, whole: float, dice: random.Random, count: int, tally: Tally
) -> Figure:
    """Kill runs with all their workers and never resume them: ``reap`` ends what they left, and nothing else."""
    good = 0
    for _ in range(count):
        out, apart = stage.new(), Tally()
        while not _killed(stage, out, "tests", stage.words(out), whole, dice, apart, all_of_it=True):
            out = stage.new()
        _reap(stage, out, tally)
        after = bystander.picture_like(before)
        wrong = [*left(before, after), *touched(before, after)]
        good += not wrong
        tally.wrong += [f"{out.name}, reaped: {item}" for item in wrong]
    return Figure("runs killed and never resumed, after which reap leaves the projects as before", good, count)


def _killed(
    stage: Stage,
    out: Path,
    aim: str,
    words: Sequence[str | Path],
    whole: float,
    dice: random.Random,
    tally: Tally,
    *,
    all_of_it: bool = False,
) -> bool:
    """Start a run and kill it where it is aimed at; return False when it had ended before."""
    process = stage.start(*words)
    try:
        _wait_for(process, out, aim, whole, dice)
        if process.poll() is not None:
            return False
        how = "with all its workers" if all_of_it else dice.choice(("the runner alone", "with all its workers"))
        victims = [process.pid] if how == "the runner alone" else [process.pid, *_children(process.pid)]
        moment = _moment(out)
        _kill(victims)
    finally:
        stage.end(process)
    if process.returncode != -signal.SIGKILL:
        return False
    tally.moments[moment] += 1
    tally.kills[how] += 1
    return True


def _kill(victims: list[int]) -> None:
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def _wait_for(process: subprocess.Popen[str], out: Path, aim: str, whole: float, dice: random.Random) -> None:
    """Wait for a random moment of the start-up (the journal has a header), of the tests, or after the last one."""
    resumed = len(events(out))
    total = len(events(out)[0]["plan"]) if resumed else 0
    while process.poll() is None:
        told = events(out)
        total = total or (len(told[0]["plan"]) if told else 0)
        if aim == "cleanup" and total and _finished(told) >= total:
            time.sleep(dice.uniform(0, 0.1))
            return
        if aim != "cleanup" and len(told) > resumed:
            longest = 0.8 if aim == "start-up" else whole * (0.9 if not resumed else 0.4)
            time.sleep(dice.uniform(0, longest))
            return
        time.sleep(0.003)


def _finished(told: list[dict[str, object]]) -> int:
    return sum(event["event"] == "test-finished" for event in told)


def _moment(out: Path) -> str:
    """Say what the run was about."""
    told = events(out)
    since = max((place for place, event in enumerate(told) if event["event"] in ("run-started", "run-resumed")))
    kinds = {event["event"] for event in told[since:]}
    if "run-ended" in kinds:
        return "after the footer"
    if not kinds & {"test-started", "test-finished"}:
        return "in its start-up"
    plan = {test["id"] for test in told[0]["plan"]}
    ended = {event["id"] for event in told if event["event"] == "test-finished" and not event["result"].get("cut")}
    return "in the tests" if plan - ended else "in the cleanup"


def _children(pid: int) -> list[int]:
    """Return the processes below ours, grandchildren too."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = stat.read_text(encoding="utf-8", errors="replace").partition(" ")
            parents.setdefault(int(rest.rpartition(")")[2].split()[1]), []).append(int(number))
    found = []
    open_ = [pid]
    while open_:
        below = parents.get(open_.pop(), [])
        found += below
        open_ += below
    return found


def _resumed(stage: Stage, out: Path, whole: float, dice: random.Random, tally: Tally) -> int:
    """Resume a run until it is done, and kill it now and then; return the exit code."""
    while dice.random() < AGAIN:
        if not _killed(stage, out, dice.choice(AIMS), ("run", "--resume", out), whole, dice, tally):
            break
    ended = stage.run("run", "--resume", out)
    if ended.code != 0:
        tally.wrong.append(f"{out.name}: resumed, it ends with {ended.code}: {ended.err.strip()}")
    return ended.code


def _compare(out: Path, expected: dict[str, str], code: int, tally: Tally) -> None:
    told = events(out)
    ends: Counter[str] = Counter()
    for event in told:
        if event["event"] == "test-finished":
            ends[event["id"]] += not event["result"].get("cut", False)
    record = load_run(out)
    found = outcomes(record)
    tally.tests += len(expected)
    tally.once += sum(ends[test] == 1 for test in expected)
    tally.wrong += [f"{out.name}: {test} ended {ends[test]} times" for test in expected if ends[test] != 1]
    tally.same += found == expected
    tally.wrong += [
        f"{out.name}: {item.name} {item.outcome.value}: {item.attempts[-1].reason if item.attempts else item.reason}"
        for item in record.results
        if item.outcome.value != expected.get(item.id)
    ]
    tally.cut += sum(attempt.cut for result in record.results for attempt in result.attempts)
    lines = (out / "ledger.jsonl").read_bytes()
    owes = lines.count(b'"op":"owes"') - lines.count(b'"op":"settled"')
    tally.complete += record.complete and owes == 0 and code == 0


def _before_it_began(stage: Stage, dice: random.Random, count: int) -> Figure:
    """Kill runs before their journal has a header: to resume them is refused in a line, and says what to do."""
    good = of = 0
    while of < count:
        out = stage.new()
        process = stage.start(*stage.words(out))
        time.sleep(dice.uniform(0, 0.6))
        began = bool(events(out))
        if not began:
            _kill([process.pid, *_children(process.pid)])
        stage.end(process)
        # A header that was written between the look and the kill makes it a run.
        if began or events(out):
            continue
        of += 1
        ended = stage.run("run", "--resume", out)
        good += ended.code == EXIT_INPUT and len(ended.err.strip().splitlines()) == 1
    return Figure("runs killed before they began, of which a line says so (exit code 2)", good, of)
