"""``defcore import``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("-o", "--out", "run", type=FILE, required=True, metavar="RUN", help="Run directory, new or empty.")
@click.option("--cloud", "cloud_name", metavar="NAME", help="How the cloud is called: no such file says it.")
@options.guideline
@options.program
@click.option("--passed", is_flag=True, help="FILE is a list of tests, ids or names, that all passed.")
def import_(
    file: Path, run: Path, cloud_name: str | None, guideline: str | None, program: str | None, passed: bool
) -> None:
    """Make a run directory of results that another tool wrote: score, report and sign it as any other.

    FILE is subunit (v2 or v1), a stestr repository, JUnit XML, RefStack's JSON, or '-' for what comes through a pipe.
    What such a file cannot prove stands in the record and on the report. A test with several outcomes has the worst.
    """
    import sys
    import time
    import uuid
    from collections import Counter

    with _no_collection():
        from defcore.guideline import find_program, resolve
        from defcore.importing.gather import UNKNOWN, Words, gather, write
        from defcore.importing.sources import read, read_pipe

        source = resolve(guideline)
        if program:
            find_program(source.guideline, program)
        words = Words(cloud_name or UNKNOWN, guideline, program)
        foreign = read_pipe(sys.stdin.buffer, passed=passed) if str(file) == "-" else read(file, passed=passed)
        told = gather(foreign, source.guideline, words, run_id=uuid.uuid4().hex[:16], now=time.time())
        record = write(told, run)
    from defcore.report.words import line

    counts = Counter(result.outcome.value.replace("_", " ") for result in record.results)
    counted = ", ".join(f"{count} {word}" for word, count in counts.items())
    click.echo(f"{foreign.format}: {len(foreign.told)} outcomes of {len(record.results)} tests: {counted}", err=True)
    for note in record.notes:
        click.echo(f"note: {line(note, 500)}", err=True)
    click.echo(str(run))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no cycles meanwhile: of very many small values all of which stay, that takes a sixth of the time."""
    import gc

    gc.disable()
    try:
        yield
    finally:
        gc.enable()
