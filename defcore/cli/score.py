"""``defcore score``."""

from __future__ import annotations

from pathlib import Path

import click

from defcore.cli import options


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN…")
@options.guideline
@options.program
@options.product
@options.as_format
def score(
    runs: tuple[Path, ...], guideline: str | None, program: str | None, product_file: Path | None, as_format: str
) -> None:
    """Judge a run: does the cloud interoperate, and may it carry the mark?

    RUN is a run directory or its run.json; several (one a region) give one verdict, the worst. Exit code: 0 pass,
    1 fail, 3 untested.
    """
    import json

    from defcore.cli.scoring import scored
    from defcore.report import build_view, render
    from defcore.score import scorecard_json

    found = scored(runs, guideline, program, product_file)
    card = found.card
    if as_format == "json":
        click.echo(json.dumps(scorecard_json(card), indent=2, ensure_ascii=False))
    else:
        click.echo(render("text", build_view(card, found.runs[0], found.product, found.moment)), nl=False)
    raise SystemExit(card.interop.exit_code)
