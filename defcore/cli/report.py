"""``defcore report``: a run, scored and written down for people or programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options
from defcore.errors import InputError

if TYPE_CHECKING:
    from defcore.run.record import RunRecord

FILE = click.Path(path_type=Path)
FORMATS = ("html", "md", "junit", "json", "csv", "in-toto", "subunit", "refstack", "har")


@click.command()
@click.argument("run", type=FILE)
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="html", show_default=True, help="Kind of report."
)
@click.option("-o", "--output", type=FILE, default=Path("-"), help="Where to write it; '-' is stdout (not for html).")
@options.guideline
@options.program
@options.product
def report(
    run: Path, form: str, output: Path, guideline: str | None, program: str | None, product_file: Path | None
) -> None:
    """Write a report on RUN (a run directory or its run.json).

    html is one file for reading, printing and passing on; md is for pull requests; junit is for CI servers, where red
    and green follow the interop verdict; json is for scripts, csv for spreadsheets, in-toto a test-result statement.
    Of the run alone, whatever the guideline: subunit (v2) for stestr and its like, refstack the passes as RefStack
    took them, har the evidence of a run directory for the network view of a browser. Ends with 0 whatever the verdict.
    """
    from defcore.cli.scoring import latencies, scored
    from defcore.report import build_view, render

    _check_place(form, output)
    if form in ("har", "subunit", "refstack"):
        _write(output, _of_the_run(form, run))
        return
    found = scored([run], guideline, program, product_file)
    view = build_view(found.card, found.runs[0], found.product, found.moment, latencies(run))
    _write(output, render(form, view).encode())


def _of_the_run(form: str, run: Path) -> bytes:
    from defcore.report import refstack, subunit
    from defcore.run.store import load_run

    record = load_run(run)
    if form == "har":
        return _har(run, record)
    return subunit.write(record) if form == "subunit" else refstack.write(record).encode()


def _har(run: Path, record: RunRecord) -> bytes:
    import json

    from defcore.run.har import har

    if not run.is_dir():
        hint = "give the run directory; a record alone holds no evidence"
        raise InputError("no-evidence", "has no evidence beside it", where=str(run), hint=hint)
    return json.dumps(har(run, record), indent=1, ensure_ascii=False).encode() + b"\n"


def _check_place(form: str, output: Path) -> None:
    """Refuse before the work is done what could not be written after it."""
    if str(output) == "-":
        if form == "html":
            raise InputError("no-output", "an html report needs a file", hint="name one with -o FILE")
    elif output.exists() and not output.is_file():
        raise InputError("unwritable", "is not a file that a report can take the place of", where=str(output))


def _write(output: Path, content: bytes) -> None:
    from defcore.files import write_whole

    if str(output) == "-":
        click.echo(content, nl=False)
        return
    write_whole(output, content)
    click.echo(f"Report: {output}", err=True)
