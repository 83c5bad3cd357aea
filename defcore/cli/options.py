"""Words that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import click

from defcore.errors import InputError

cloud = click.option("--cloud", "cloud_name", required=True, metavar="NAME", help="Entry of clouds.yaml to test.")
guideline = click.option(
    "--guideline",
    "--test-list",
    "guideline",
    metavar="G",
    help="Id or file of the guideline, or a list of tests  [default: the newest that ships with defcore]",
)
program = click.option(
    "--program",
    metavar="P",
    help="Key, name or component of the program  [default: the run's own, or the only one that the suite covers]",
)
product = click.option(
    "--product", "product_file", type=click.Path(path_type=Path), metavar="FILE", help="product.json of the product."
)
as_format = click.option(
    "--format", "as_format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)


def duration(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Read a time as 90s, 30m, 2h or 7d, in seconds: the callback of an option."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", value)
    if found is None:
        message = f"{value!r} is no time: give a number with its unit, as 90s, 30m, 2h or 7d"
        raise click.BadParameter(message, ctx, param)
    return float(int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]])


def writable(place: str, option: str) -> None:
    """Refuse a file that could not be written at the end of the work, before it begins. Raises InputError."""
    path = Path(place)
    there = path.exists()
    hint = f"name another file with {option}"
    if path.is_dir():
        raise InputError("unwritable", "is a folder", where=place, hint=hint)
    if there and not path.is_file():
        # A pipe is not opened twice: whoever reads it would take the first end for the only one.
        return
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise InputError("unwritable", f"cannot be written: {error.strerror}", where=place, hint=hint) from error
    if not there:
        path.unlink()
