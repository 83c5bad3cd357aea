"""``defcore run``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import choice, options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.cli.events import Stream
    from defcore.errors import DefcoreError
    from defcore.run.baseline import Baseline
    from defcore.run.certify import Done, Request
    from defcore.run.team import Halt

PATH = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Watching:
    """What is to be seen of a run, and afterwards."""

    events: str | None
    summary: Path | None
    baseline: Path | None


@click.command()
@click.option(
    "--cloud", "clouds", multiple=True, metavar="NAME", help="Entry of clouds.yaml to test; several are tested at once."
)
@click.option(
    "--region", "regions", multiple=True, metavar="R", help="Region to test (several)  [default: all that NAME lists]"
)
@choice.programs
@options.guideline
@choice.tests
@choice.capabilities
@choice.workers
@choice.engine
@click.option("--out", type=PATH, metavar="DIR", help="Run directory  [default: runs/CLOUD-TIME]")
@click.option("--resume", type=PATH, metavar="RUN", help="Go on with a run that was cut off.")
@click.option(
    "--rerun",
    "words",
    multiple=True,
    metavar="failed|error|ID",
    help="With --resume: try these once more, beside the old.",
)
@click.option(
    "--time-limit", "minutes", type=click.IntRange(1), default=240, show_default=True, help="Of the run, in minutes."
)
@click.option("--baseline", type=PATH, metavar="RUN", help="Fail only on what got worse than in that run.")
@click.option("--events", metavar="FILE", help="Write events as JSON lines, as they come; '-' is stdout.")
@click.option("--summary", type=PATH, metavar="FILE", help="Append a summary in Markdown, as CI servers show it.")
@choice.suites
@choice.credentials
@choice.pins
@choice.no_doctor
def run(  # noqa: PLR0913, PLR0917 - as many as the command has options
    clouds: tuple[str, ...],
    regions: tuple[str, ...],
    programs: tuple[str, ...],
    guideline: str | None,
    tests: tuple[str, ...],
    capabilities: tuple[str, ...],
    workers: int,
    engine: str,
    own: Path | None,
    out: Path | None,
    resume: Path | None,
    words: tuple[str, ...],
    minutes: int,
    baseline: Path | None,
    events: str | None,
    summary: Path | None,
    pins: Path | None,
    suites: tuple[Path, ...],
    no_doctor: bool,
    **named: str | None,
) -> None:
    """Run the tests of a program against a cloud.

    Shows the failures as they come and writes a run directory, which `defcore score` and `defcore report` read. Ctrl-C
    ends it tidily; whatever cut it off, `--resume` goes on and repeats nothing that was finished. Several clouds or
    regions are tested at once, each into a directory of its own; the exit code is the worst.
    """
    from defcore.cli.tempest import chosen
    from defcore.run.certify import Request, carry_on

    given = {role: name for role, name in named.items() if name}
    watching = Watching(events, summary, baseline)
    if not resume and (not clouds or words):
        raise click.UsageError("--rerun needs --resume RUN" if words else "Missing option '--cloud'.")
    if resume:
        fixed = (clouds, regions, programs, guideline, tests, capabilities, out, given, pins)
        if engine != choice.ENGINES[0] or any(fixed):
            raise click.UsageError(
                "--resume takes everything but -n, --rerun, --time-limit, --suite and what is shown from the run itself"
            )
        again = chosen("tempest", own)
        leg = partial(carry_on, resume, words, workers=workers, limit=60 * minutes, suites=suites, tempest=again)
        raise SystemExit(_go([("", leg)], watching))
    if len(clouds) > 1 and given:
        raise click.UsageError("--alt, --empty, --reader, --reseller and --spare go with one --cloud")
    request = Request(
        cloud=clouds[0],
        named=given,
        guideline=guideline,
        program=programs[0] if programs else None,
        also=programs[1:],
        tests=tests,
        capabilities=capabilities,
        workers=workers,
        limit=60 * minutes,
        out=out,
        pins=pins,
        suites=suites,
        tempest=chosen(engine, own),
    )
    raise SystemExit(_go(_legs(request, clouds, regions, doctor=not no_doctor), watching))


def _legs(
    request: Request, clouds: Sequence[str], regions: Sequence[str], *, doctor: bool
) -> list[tuple[str, Callable[..., Done]]]:
    """Return what is to be carried out, each with its name; words are read before anything is begun."""
    from defcore.cli.doctor import warn
    from defcore.run.certify import carry_out, label, prepare
    from defcore.run.many import targets

    ready = [prepare(item) for item in targets(request, clouds, regions)]
    names = [label(item.request) for item in ready]
    tells = [partial(warn, name if len(names) > 1 else "") if doctor else None for name in names]
    return [
        (name, partial(carry_out, item, examined=tell)) for name, item, tell in zip(names, ready, tells, strict=True)
    ]


def _go(legs: Sequence[tuple[str, Callable[..., Done]]], watching: Watching) -> int:
    """Carry out what is to be done, show it, and return the exit code."""
    from defcore.cli.events import Stream
    from defcore.cli.summary import not_tested
    from defcore.errors import CloudError
    from defcore.run.baseline import load
    from defcore.run.many import at_once, worst

    if watching.baseline and len(legs) > 1:
        raise click.UsageError("--baseline goes with one target; give it with each cloud or region alone")
    if watching.summary:
        options.writable(str(watching.summary), "--summary")
    measure = load(watching.baseline) if watching.baseline else None
    stream = Stream(watching.events) if watching.events else None
    several = len(legs) > 1
    shown = [partial(_one, leg, name if several else "", stream) for name, leg in legs]
    try:
        if several:
            came = at_once(shown, lambda number, error: click.echo(f"{legs[number][0]}: {error}", err=True))
        else:
            came = [shown[0](None)]
    except CloudError as error:
        if watching.summary:
            not_tested(watching.summary, legs[0][0], error)
        raise
    finally:
        if stream:
            stream.close()
    codes = [_after(done, watching, measure, name) for (name, _), done in zip(legs, came, strict=True)]
    return worst(codes)


def _one(leg: Callable[..., Done], name: str, stream: Stream | None, halt: Halt | None) -> Done:
    from defcore.cli.events import Events
    from defcore.cli.progress import Bar

    with Bar(name) as bar, Events(stream) as events:

        def started(count: int, selection: str, out: Path) -> None:
            bar.started(count, selection, out)
            events.started(out)

        done = leg(started=started, progress=bar.progress, **({"halt": halt} if halt else {}))
    bar.summary(done.record)
    return done


def _after(came: Done | DefcoreError, watching: Watching, measure: Baseline | None, name: str) -> int:
    """Say and write what is left to be said of one target; return its exit code."""
    from defcore.cli.summary import append, not_tested
    from defcore.errors import DefcoreError
    from defcore.report.changes import lines
    from defcore.run.baseline import compare, remember
    from defcore.run.certify import exit_code

    if isinstance(came, DefcoreError):
        if watching.summary:
            not_tested(watching.summary, name, came)
        return came.exit_code
    comparison = compare(came.record, measure) if measure else None
    changes = list(lines(comparison, came.record.started)) if comparison else []
    if comparison:
        remember(came.out, comparison)
    for change in changes:
        click.echo(change, err=True)
    if watching.summary:
        append(watching.summary, came, changes)
    click.echo(str(came.out), err=watching.events == "-")
    return exit_code(came, comparison)
