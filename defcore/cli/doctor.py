"""``defcore doctor``, and the words in which ``run`` and ``certify`` tell what the doctor found."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from defcore.cli import choice, options

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defcore.doctor import Diagnosis, Finding


@click.command()
@options.cloud
@choice.region
@choice.programs
@options.guideline
@choice.suites
@choice.credentials
@options.as_format
def doctor(
    cloud_name: str,
    region: str | None,
    programs: tuple[str, ...],
    guideline: str | None,
    suites: tuple[Path, ...],
    as_format: str,
    **named: str | None,
) -> None:
    """Look at a cloud before anything is created on it: what stands in the way of a run.

    Logs in and reads; changes nothing. Exit code: 0 nothing stands in the way, 1 a run would go on in spite of
    problems, 2 wrong words, credentials or region, 3 the cloud cannot be reached.
    """
    from defcore.run.certify import Request, consult, prepare

    began = time.monotonic()
    request = Request(
        cloud=cloud_name,
        named={role: name for role, name in named.items() if name},
        guideline=guideline,
        program=programs[0] if programs else None,
        also=programs[1:],
        region=region,
        suites=suites,
    )
    ready = prepare(request)
    diagnosis = consult(ready)
    took = time.monotonic() - began
    if as_format == "json":
        value = {
            "cloud": cloud_name,
            "guideline": ready.source.guideline.id,
            "programs": list(ready.plan.programs),
            "exit_code": diagnosis.exit_code,
            "blocked": diagnosis.blocked.what if diagnosis.blocked else None,
            "seconds": round(took, 3),
            "counts": diagnosis.counts(),
            "findings": [item.to_wire() for item in diagnosis.findings],
        }
        click.echo(json.dumps(value, indent=1, ensure_ascii=False))
    else:
        for line in lines(diagnosis.findings):
            click.echo(line)
        counts = ", ".join(f"{number} {_plural(word, number)}" for word, number in diagnosis.counts().items() if number)
        click.echo(f"{counts}; {ready.plan.selection}, {took:.1f} s")
        if diagnosis.blocked:
            click.echo(f"a run would end at once: {diagnosis.blocked.what}")
    raise SystemExit(diagnosis.exit_code)


def lines(findings: Iterable[Finding]) -> list[str]:
    """Write findings for people: what is wrong first, and below it why it matters and what to do."""
    from defcore.doctor import Severity

    order = [Severity.PROBLEM, Severity.NOTE, Severity.OK]
    written = []
    for item in sorted(findings, key=lambda item: order.index(item.severity)):
        written.append(f"{item.severity:>7}  {item.where}: {item.what}")
        if item.severity is not Severity.OK:
            written += [f"{'':>7}  why: {item.why}", f"{'':>7}  do:  {item.todo}"]
    return written


def warn(name: str, diagnosis: Diagnosis) -> None:
    """Tell on stderr what stands in the way of a run that is about to begin; ``name`` is the target's among several."""
    before = f"{name}: " if name else ""
    # Why the run ends is said once, where it ends.
    said = diagnosis.blocked.what if diagnosis.blocked else None
    for line in lines(item for item in diagnosis.problems if said is None or not item.what.startswith(said)):
        click.echo(f"{before}{line}", err=True)


def _plural(word: str, number: int) -> str:
    return word if number == 1 or word == "ok" else f"{word}s"
