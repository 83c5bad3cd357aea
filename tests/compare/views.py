"""Comparisons that every renderer is tried on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from defcore.compare import Comparison, Kind, compare, of_report
from defcore.compare.model import Fact
from defcore.run.latency import Latency
from defcore.run.record import Engine, Outcome

from .builders import record, run_column, shipped

SCRIPT = "<script>alert('x')</script>\x1b[31m\u202e"


@cache
def engines() -> Comparison:
    """Two engines on one cloud, on two days."""
    ids = [item.id for item in record().results]
    one = run_column({ids[0]: Outcome.FAILED, ids[3]: Outcome.ERROR, ids[5]: Outcome.SKIPPED})
    two = run_column(
        {ids[1]: Outcome.FAILED, ids[5]: Outcome.UNSUPPORTED},
        started="2026-11-21T10:00:00Z",
        ended="2026-11-21T10:00:30Z",
        engine=Engine(name="tempest", version="47.0.0"),
    )
    container, thing = "GET /v1/{account}/{container}", "PUT /v1/{account}/{container}/{object}"
    return compare(
        [
            replace(one, latencies=(Latency(container, 120, 10, 30, 90),)),
            replace(two, latencies=(Latency(container, 118, 14, 34, 91), Latency(thing, 10, 1, 2, 3))),
        ]
    )


@cache
def products() -> Comparison:
    """A full report, another product that lacks something, a public report, and one of another suite."""
    full = of_report(shipped())
    results = {
        key: replace(cell, outcome=Outcome.FAILED, reason="status 500, not 201") if number % 9 == 0 else cell
        for number, (key, cell) in enumerate(full.results.items())
    }
    facts = tuple(
        replace(fact, value=f"{fact.value}, with Ceph") if fact.section == "configuration" else fact
        for fact in full.facts
    )
    other = replace(
        full, title="Example Cloud 4.2", subject="Example/Cloud", facts=facts, results=results, standing="awarded"
    )
    public = of_report(shipped("report.public.dsse.json"))
    passes = dict(list(public.results.items())[:50])
    later = replace(public, suite="cd" * 32, moment="2026-12-20T10:00:00Z")
    return compare([full, other, replace(public, results=passes), later])


@cache
def hostile() -> Comparison:
    """Two columns whose authors wrote script and control characters into every text."""
    cells = run_column({record().results[0].id: Outcome.FAILED})
    results = {
        key: replace(cell, name=f"test.{SCRIPT}", reason=SCRIPT * 50, outcome=Outcome.FAILED)
        for key, cell in cells.results.items()
    }
    bad = replace(
        cells,
        title=SCRIPT,
        subject=SCRIPT,
        engine=SCRIPT,
        notes=(SCRIPT,),
        standing=SCRIPT,
        facts=tuple(Fact(section, SCRIPT, SCRIPT) for section in ("product", "configuration", "declarations")),
        results=results,
        capabilities={SCRIPT: next(iter((cells.capabilities or {}).values()))},
        latencies=(Latency(SCRIPT, 1, 1, 1, 1),),
    )
    return compare([bad, replace(bad, kind=Kind.RUN, results=cells.results)])


@cache
def many() -> Comparison:
    """Twelve runs of one cloud, with names that are too long for any screen."""
    found = run_column()
    results = {key: replace(cell, name=cell.name + "_and_so_on" * 12) for key, cell in found.results.items()}
    return compare(
        [replace(found, moment=f"2026-11-{day:02d}T10:00:00Z", results=results, notes=()) for day in range(1, 13)]
    )


ALL = {"engines": engines, "products": products, "hostile": hostile, "many": many}
