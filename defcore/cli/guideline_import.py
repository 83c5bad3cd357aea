"""``defcore guideline import``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("import")
@click.argument("place", metavar="DIR|FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of guidelines that were imported with other bytes.")
def import_(place: Path, replace: bool) -> None:
    """Keep published guidelines, so that --guideline 2020.06 is known everywhere.

    FILE is a guideline of any schema from 1.2 to 2.0, or a list of tests; of DIR those are taken that are named as
    guidelines are. All of them are kept, or none. Each is pinned by the sha256 of its bytes: what changes afterwards is
    refused, and so is another file of the same id.
    """
    from defcore.guideline.find import import_guidelines

    for item in import_guidelines(place, replace=replace):
        how = "kept" if item.new else "was kept already"
        instead = f", instead of {item.before}" if item.new and item.before else ""
        click.echo(f"{item.id}: {how}, sha256 {item.digest}{instead}", err=True)
        click.echo(item.id)
