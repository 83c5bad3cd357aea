"""``defcore guideline impact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.board.sweep import Swept
    from defcore.guideline.model import Guideline

FILE = click.Path(path_type=Path)
reports_option = click.option(
    "--reports", "places", type=FILE, multiple=True, help="A folder of results, or one result (repeatable)."
)
keys_option = click.option(
    "--key", "keys", type=FILE, multiple=True, help="A public key to verify signed reports with."
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes to read with.  [default: one a processor]"
)


@click.command()
@click.argument("draft")
@reports_option
@click.argument("more", nargs=-1, type=FILE, metavar="[DIR]…")
@click.option(
    "--previous", metavar="G", help="Id or file to compare with.  [default: what DRAFT replaces, if it ships]"
)
@keys_option
@jobs_option
@options.as_format
def impact(
    draft: str,
    places: tuple[Path, ...],
    more: tuple[Path, ...],
    previous: str | None,
    keys: tuple[Path, ...],
    jobs: int | None,
    as_format: str,
) -> None:
    """Say whom DRAFT (an id or a file) would hurt or help, by stored results.

    A result is a run directory, a run record (run.json) or a signed report (*.dsse.json); folders are searched. Signed
    reports are only verified with --key; without it they are counted and said to be unverified.
    """
    import json

    from defcore.board.impactwords import impact_json, impact_text
    from defcore.errors import InputError
    from defcore.guideline import resolve

    if not (places or more):
        raise InputError("no-records", "there are no results to look at", hint="name a folder with --reports DIR")
    found = swept(resolve(draft).guideline, previous, [*places, *more], keys, jobs)
    if as_format == "json":
        click.echo(json.dumps(impact_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo(impact_text(found), nl=False)


def swept(
    draft: Guideline, previous: str | None, places: Sequence[Path], keys: Sequence[Path], jobs: int | None
) -> Swept:
    """Score the results below ``places``; without a word the previous guideline is the one that the draft replaces."""
    import os

    from defcore.board.sweep import sweep
    from defcore.errors import InputError
    from defcore.guideline import resolve

    before = None
    if previous or draft.replaces:
        try:
            before = resolve(previous or draft.replaces).guideline
        except InputError:
            if previous:
                raise
            click.echo(
                f"Guideline {draft.replaces} is not at hand, so nothing is compared; give it with --previous", err=True
            )
    trusted = []
    if keys:
        from defcore.attest.keys import load_public

        trusted = [load_public(path) for path in keys]
    return sweep(draft, before, places, keys=trusted, jobs=jobs or os.cpu_count() or 1)
