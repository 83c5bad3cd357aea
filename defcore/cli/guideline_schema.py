"""``defcore guideline schema``."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of guideline files, for editors and for other tools."""
    from defcore.guideline.schema import dump

    click.echo(dump(), nl=False)
