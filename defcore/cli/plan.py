"""``defcore plan``."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

import click

from defcore.cli import choice, options

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.run.forecast import Forecast


@click.command()
@options.cloud
@choice.region
@choice.programs
@options.guideline
@choice.tests
@choice.capabilities
@choice.workers
@choice.suites
@choice.credentials
@options.as_format
def plan(
    cloud_name: str,
    region: str | None,
    programs: tuple[str, ...],
    guideline: str | None,
    tests: tuple[str, ...],
    capabilities: tuple[str, ...],
    workers: int,
    suites: tuple[Path, ...],
    as_format: str,
    **named: str | None,
) -> None:
    """Say what a run would do: which tests, what it creates, how long it takes. Changes nothing on the cloud.

    Takes the same words as `defcore run`.
    """
    from defcore.run.certify import Request, preview

    given = {role: name for role, name in named.items() if name}
    request = Request(
        cloud=cloud_name,
        named=given,
        guideline=guideline,
        program=programs[0] if programs else None,
        also=programs[1:],
        region=region,
        tests=tests,
        capabilities=capabilities,
        workers=workers,
        suites=suites,
    )
    ready, diagnosis, forecast = preview(request)
    if as_format == "json":
        about = {"cloud": cloud_name, "selection": ready.plan.selection, "problems": len(diagnosis.problems)}
        value = about | forecast.to_wire()
        click.echo(json.dumps(value, indent=1, ensure_ascii=False))
        return
    click.echo(f"{ready.plan.selection}: {len(forecast.running)} of {len(forecast.tests)} tests will be run")
    for line in _text(forecast):
        click.echo(line)
    if diagnosis.blocked:
        click.echo(f"a run would end at once: {diagnosis.blocked.what}", err=True)
    elif diagnosis.problems:
        count = len(diagnosis.problems)
        click.echo(f"{count} problem{'s' if count > 1 else ''}: see defcore doctor --cloud {cloud_name}", err=True)


def _text(forecast: Forecast) -> list[str]:
    from defcore.kit.meta import RESOURCES

    written = []
    for service, tests in groupby(
        sorted(forecast.running, key=lambda item: str(item.service)), lambda item: item.service
    ):
        written += ["", f"{service}:", *(f"  {item.says.partition(chr(10))[0]}" for item in tests)]
    idle = sorted(forecast.idle, key=lambda item: (str(item.outcome), str(item.reason)))
    for (outcome, reason), tests in groupby(idle, lambda item: (item.outcome, item.reason)):
        word = outcome.value.replace("_", " ") if outcome else ""
        written += ["", f"{word}: {reason}", *(f"  {item.name}" for item in tests)]
    made = ", ".join(f"{count} {RESOURCES[kind] if count > 1 else kind}" for kind, count in forecast.peak.items())
    minutes = forecast.seconds / 60
    time = f"{forecast.seconds:.0f} s" if minutes < 2 else f"{minutes:.0f} minutes"  # noqa: PLR2004 - below it seconds say more
    tail = f"at the peak there are at most {made}; all of it is deleted again" if made else "nothing is created"
    return [*written, "", tail, f"about {time} with {forecast.workers} at the same time"]
