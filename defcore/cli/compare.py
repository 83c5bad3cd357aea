"""``defcore compare``: runs, reports and bundles side by side."""

from __future__ import annotations

from pathlib import Path

import click

from defcore.cli import trusted
from defcore.errors import InputError

FILE = click.Path(path_type=Path)
FORMATS = ("text", "json", "html")
MOST = 26
"""Columns that anybody can still read; their names are the letters."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="A B [C…]")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output.")
@click.option("-o", "--output", type=FILE, help="Write it to this file; html needs one.  [default: stdout]")
@click.option(
    "--guideline", metavar="G", help="Id or file of the guideline to judge runs by  [default: the first's own]"
)
@click.option("--program", metavar="P", help="Program to judge runs for  [default: the first's own]")
@click.option(
    "--key", "key_files", type=FILE, multiple=True, help="A public key that you trust (repeatable), for signed reports."
)
@trusted.trust_option
@trusted.at_option
def compare(
    files: tuple[Path, ...],
    form: str,
    output: Path | None,
    guideline: str | None,
    program: str | None,
    key_files: tuple[Path, ...],
    trust_word: str | None,
    at: str | None,
) -> None:
    """Put runs, signed reports and bundles side by side: what differs, and what an application may rely on.

    Each of A, B, C … is a run directory, its run.json, a signed report or a bundle; A is what the others are measured
    by. Two engines on one cloud, one cloud on two days, two products: all are columns. Signed files are verified first,
    by --key or --trust, and refused if they do not hold. Ends with 0 whatever differs.
    """
    from defcore.cli.columns import Words, columns_of
    from defcore.cli.options import writable
    from defcore.cli.written import written
    from defcore.compare import compare as compared
    from defcore.compare import render

    if not 2 <= len(files) <= MOST:  # noqa: PLR2004 - it takes two
        what = f"a comparison takes from 2 to {MOST} files, {len(files)} named"
        raise InputError("bad-count", what, hint="name runs, signed reports or bundles")
    if output is not None and str(output) != "-":
        writable(str(output), "--output")
    elif form == "html":
        raise InputError("no-output", "an html page needs a file", hint="name one with -o FILE")
    words = Words(guideline, program, key_files, trust_word, trusted.moment(at))
    written(render(form, compared(columns_of(files, words))), output)
