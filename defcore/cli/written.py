"""Where the output of a command goes: to stdout, or whole into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path


def written(text: str, output: Path | None) -> None:
    """Write ``text`` to ``output`` (whole or not at all), or to stdout when there is none or it is ``-``."""
    if output is None or str(output) == "-":
        click.echo(text, nl=False)
        return
    from defcore.files import write_whole

    write_whole(output, text.encode())
    click.echo(f"Written: {output}", err=True)
