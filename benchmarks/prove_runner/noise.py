"""Runs through a network that breaks: 1 % resets, 1 % 503, 1 % 429 with ``Retry-After``, 1 % stalls of two seconds."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.prove_runner.proxy import Dice, Proxy, Trouble
from benchmarks.prove_runner.stage import Figure, Stage, counted
from defcore.run.store import load_run

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.run.record import RunRecord

DISCOVERY = ("GET /v3", "GET /v3/")
TOLD = (Trouble.LOST, Trouble.UNHEARD, Trouble.BUSY, Trouble.SLOW_DOWN)


def prove(stage: Stage, count: int, seed: int, one_in: int = 100) -> list[Figure]:
    """Run ``count`` times through proxies in front of Keystone and of Swift; of each trouble one in ``one_in``."""
    found: Counter[str] = Counter()
    injected: Counter[Trouble] = Counter()
    begun = told = shown = early = borne = 0
    wrong: list[str] = []
    for number in range(count):
        dice = Dice(seed + number, one_in)
        keystone, swift = (f"http://127.0.0.1:{stage.cloud.ports[service]}" for service in ("identity", "object-store"))
        with Proxy(keystone, trouble=dice) as front, Proxy(swift, trouble=dice) as store:
            front.leads |= store.leads
            stage.use(stage.behind(f"{front.url}/v3"))
            out = stage.new()
            ended = stage.run(*stage.words(out))
            if not out.exists():
                wrong.append(f"{out.name} did not begin: {ended.err.strip()}")
                continue
            record = load_run(out)
        begun += 1
        found += Counter(result.outcome.value for result in record.results)
        wrong += _not_passed(out, record)
        injected += dice.counts
        told += _told(record)
        began = datetime.datetime.fromisoformat(record.started).timestamp()
        resent = [(at, request) for at, kind, request in dice.met if kind is not Trouble.STALL]
        early += sum(at < began for at, _ in resent)
        borne += sum(at >= began and request in DISCOVERY for at, request in resent)
        shown += _in_the_report(stage, out)
        stage.tell(f"{number + 1}/{count} {counted(record)}; {dict(dice.counts)}")
    for line in wrong:
        print(f"  not passed: {line}")
    tests = sum(found.values())
    troubles = sum(injected[kind] for kind in TOLD)
    kinds = ", ".join(f"{injected[kind]} {kind.value}" for kind in Trouble if kind is not Trouble.NONE)
    return [
        Figure(f"requests in {count} runs met trouble ({kinds})", troubles + injected[Trouble.STALL], must=False,
               of=sum(injected.values())),
        Figure("runs began", begun, count),
        Figure("tests did not fail", tests - found["failed"], tests),
        Figure("tests passed", found["passed"], tests, must=False),
        Figure("tests ended in error", found["error"], tests, must=False),
        Figure("troubles met Keystone's version document, without which the log-in goes on", borne, must=False),
        Figure("troubles met the doctor or the first log-in, before the run", early, must=False),
        Figure("other troubles (but for stalls) stand in the records as retries or errors",
               told, troubles - borne - early),
        Figure("reports tell of unsteady answers", shown, count),
    ]  # fmt: skip


def _not_passed(out: Path, record: RunRecord) -> list[str]:
    return [
        f"{out.name}: {item.name} {item.outcome.value}: {item.attempts[-1].reason if item.attempts else item.reason}"
        for item in record.results
        if item.outcome.value != "passed"
    ]


def _told(record: RunRecord) -> int:
    """Count the requests that were sent again, and the tests that were given up: each tells of one trouble."""
    attempts = [attempt for result in record.results for attempt in result.attempts]
    log_ins = [item.message for attempt in attempts for item in attempt.findings if "log-in" in item.message]
    given_up = sum(attempt.failure is not None and attempt.failure.kind == "trouble" for attempt in attempts)
    # A note of a log-in that was tried again is one of the first, before the run.
    notes = sum("sent again" in note for note in record.notes)
    return sum(attempt.retries for attempt in attempts) + len(log_ins) + given_up + notes


def _in_the_report(stage: Stage, out: Path) -> bool:
    """Look whether the owner's report shows the retries."""
    ended = stage.run("report", out, "--format", "json", "--output", "-")
    if ended.code != 0:
        return False
    return '"flaky"' in json.dumps(json.loads(ended.out))
