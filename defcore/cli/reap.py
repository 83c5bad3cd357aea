"""``defcore reap``: end what is left of runs on a cloud."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options

if TYPE_CHECKING:
    from defcore.run.reap import Item, Reaped


@click.command()
@click.option("--cloud", "cloud_name", required=True, metavar="NAME", help="Entry of clouds.yaml to look through.")
@click.option("--region", "regions", multiple=True, metavar="R", help="Only this region.  [default: all of the entry]")
@click.option(
    "--older-than",
    callback=options.duration,
    metavar="TIME",
    help="End what is as old as that, as 2h  [default: by name, what has expired; by a ledger, all that is left]",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be ended.")
@click.option(
    "--run",
    "runs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="A run directory that is not below ./runs (may be given several times).",
)
@options.as_format
def reap(
    cloud_name: str,
    regions: tuple[str, ...],
    older_than: float | None,
    dry_run: bool,
    runs: tuple[Path, ...],
    as_format: str,
) -> None:
    """End what runs left on a cloud: servers, volumes, networks, containers …, a quota or key set for a while.

    What to end is known from the ledgers of the run directories (those given, and those below ./runs) and, for
    runs of which there is no directory here, from the names on the cloud. A run that is still going on is left alone,
    and so is everything that is not a run's. Exit code: 0 all ended, 1 something could not be.
    """
    import json
    import time
    from dataclasses import asdict

    from defcore.cloud.credential import read_regions
    from defcore.errors import EXIT_FAILED, EXIT_OK
    from defcore.run.reap import Order, Reaped, runs_below
    from defcore.run.reap import reap as carry_out

    def tell(item: Item) -> None:
        if as_format == "text" and not item.why:
            click.echo(f"{'would end' if dry_run else 'ended'} {_words(item)}")
        elif item.why:
            click.echo(f"left {_words(item)}: {item.why}", err=True)

    total = Reaped()
    places = regions or read_regions(cloud_name)
    for place in places:
        order = Order(cloud_name, time.time(), place, older_than, dry_run)
        _add(total, carry_out(order, runs, runs_below(Path("runs")), tell))
    for problem in total.problems:
        click.echo(problem, err=True)
    if as_format == "json":
        click.echo(json.dumps({"dry_run": dry_run, **asdict(total)}, indent=2, ensure_ascii=False))
    counts = (
        f"{len(total.ended)} {'to end' if dry_run else 'ended'}, {len(total.left)} left, {len(total.failed)} failed"
    )
    click.echo(counts, err=True)
    raise SystemExit(EXIT_FAILED if total.failed or total.problems else EXIT_OK)


def _words(item: Item) -> str:
    source = "found by its name" if item.source == "name" else item.source
    return f"{item.kind} {item.name} (run {item.run}, {source})"


def _add(total: Reaped, more: Reaped) -> None:
    for name in ("ended", "left", "failed", "problems"):
        getattr(total, name).extend(getattr(more, name))
