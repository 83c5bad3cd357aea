"""``defcore guideline criteria``: scores, cutoff and worksheets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options

if TYPE_CHECKING:
    from defcore.guideline.criteria import Merged, Standing
    from defcore.guideline.model import Guideline

FILE = click.Path(path_type=Path)
SAYS = {
    "below": "Required, and truly below the cutoff (A4.4)",
    "unscored": "Required, and never scored (A4.4)",
    "stale-sticky": "Required, and below the cutoff only because nobody gave them 'sticky' (A4.4)",
    "admin": "Required, and marked as needing an administrator (a veto)",
    "could-be-required": "Not required, although they reach the cutoff",
}
_given = click.option(
    "--guideline", metavar="G", help="Id or file of the guideline whose weights count.  [default: the newest]"
)
_output = click.option("-o", "--output", type=FILE, help="Where to write it.  [default: stdout]")


@click.group()
def criteria() -> None:
    """Select by criteria: scores, cutoff, worksheets of several reviewers."""


@criteria.command()
@click.argument("guideline", required=False)
@options.as_format
def score(guideline: str | None, as_format: str) -> None:
    """Say who is required under the cutoff and should not be, and the reverse.

    GUIDELINE is an id or a file; without it, the newest that ships.
    """
    from defcore.guideline import resolve
    from defcore.guideline.criteria import standings

    found = resolve(guideline).guideline
    rows = standings(found)
    click.echo(_score_json(found, rows) if as_format == "json" else _score_text(found, rows))


@criteria.command()
@click.argument("guideline", required=False)
@_output
def write(guideline: str | None, output: Path | None) -> None:
    """Write the achievements of a guideline as a worksheet."""
    from defcore.cli.written import written
    from defcore.guideline import resolve
    from defcore.guideline.criteria import sheet_of
    from defcore.guideline.worksheet import write_sheet

    written(write_sheet(sheet_of(resolve(guideline).guideline)) + "\n", output)


@criteria.command()
@click.argument("sheets", nargs=-1, required=True, type=FILE, metavar="SHEET…")
@_given
@_output
@options.as_format
def merge(sheets: tuple[Path, ...], guideline: str | None, output: Path | None, as_format: str) -> None:
    """Merge the worksheets of several reviewers and show where they disagree.

    A reviewer is named by the file. What all who answered agree on is taken, '?' is no answer; where they differ, the
    merged worksheet says '?'. Totals are worked out anew; those that were wrong are named.
    """
    from defcore.cli.written import written
    from defcore.errors import InputError
    from defcore.guideline import resolve
    from defcore.guideline.criteria import merge as merge_sheets
    from defcore.guideline.criteria import slips
    from defcore.guideline.worksheet import load_sheet, write_sheet

    names = [path.stem for path in sheets]
    if len(set(names)) < len(names):
        raise InputError(
            "same-reviewer", "two worksheets are called the same", hint="name each file after its reviewer"
        )
    scoring = resolve(guideline).guideline.scoring
    read = {path.stem: load_sheet(path) for path in sheets}
    merged = merge_sheets(read, scoring)
    wrong = [f"{name}: {slip}" for name, sheet in read.items() for slip in slips(sheet, scoring)]
    if output is not None:
        written(write_sheet(merged.sheet), output)
    click.echo(_merged_json(merged, wrong) if as_format == "json" else _merged_text(merged, wrong, len(sheets)))


@criteria.command("apply")
@click.argument("sheet", type=FILE)
@click.argument("draft", type=FILE)
@click.option("--source", required=True, help="Where these scores come from, in a few words; it is kept with each.")
def apply_(sheet: Path, draft: Path, source: str) -> None:
    """Give the capabilities of DRAFT the scores of SHEET. A row that is not settled ('?') is refused."""
    from defcore.cli.guideline_lifecycle import rewrite
    from defcore.guideline.criteria import apply
    from defcore.guideline.worksheet import load_sheet

    found = load_sheet(sheet)
    rewrite(draft, lambda guideline: apply(found, guideline, source))


@criteria.command()
@click.argument("draft", type=FILE)
@click.option("--previous", required=True, metavar="G", help="Id or file of the guideline that it replaces.")
def sticky(draft: Path, previous: str) -> None:
    """Set 'sticky' in DRAFT by its definition: what the previous guideline required has it, nothing else."""
    from defcore.cli.guideline_lifecycle import rewrite
    from defcore.guideline import resolve
    from defcore.guideline.criteria import with_sticky

    before = resolve(previous).guideline
    rewrite(draft, lambda guideline: with_sticky(guideline, before))


def _score_text(guideline: Guideline, rows: tuple[Standing, ...]) -> str:
    lines = [f"Guideline {guideline.id}: {len(rows)} capabilities, cutoff {guideline.scoring.cutoff or 'none'}"]
    for kind, title in SAYS.items():
        found = sorted((item for item in rows if item.kind == kind), key=lambda item: (item.score, item.name))
        if found:
            width = max(len(item.name) for item in found)
            lines += ["", f"{title}: {len(found)}"]
            lines += [f"  {item.name:<{width}}  {item.score:>3}{_lacks(item)}" for item in found]
    if len(lines) == 1:
        lines += ["", "Every required capability reaches the cutoff, and no other one does."]
    return "\n".join(lines)


def _lacks(item: Standing) -> str:
    return f"  lacks {', '.join(item.missing)}" if item.missing else ""


def _score_json(guideline: Guideline, rows: tuple[Standing, ...]) -> str:
    items = [
        {
            "name": item.name,
            "state": item.state.value if item.state else None,
            "score": item.score,
            "kind": item.kind.value,
            "missing": list(item.missing),
        }
        for item in rows
    ]
    value = {"guideline": guideline.id, "cutoff": guideline.scoring.cutoff, "capabilities": items}
    return json.dumps(value, indent=2, ensure_ascii=False)


def _merged_text(merged: Merged, wrong: list[str], count: int) -> str:
    lines = [f"{count} worksheets, {len(merged.sheet.rows())} capabilities, {len(merged.disagreements)} disagreements"]
    for item in merged.disagreements:
        votes = ", ".join(f"{who} says {value}" for who, value in item.votes)
        lines.append(
            f"  {item.capability}, {item.column}: {votes}{' (the cutoff depends on it)' if item.decides else ''}"
        )
    if merged.open:
        lines += ["", f"Nobody has scored all of: {', '.join(merged.open)}"]
    if wrong:
        lines += ["", "Totals that were not what their values give:", *(f"  {line}" for line in wrong)]
    return "\n".join(lines)


def _merged_json(merged: Merged, wrong: list[str]) -> str:
    items = [
        {"capability": item.capability, "column": item.column, "votes": dict(item.votes), "decides": item.decides}
        for item in merged.disagreements
    ]
    rows = {
        name: {"values": list(row.values), "total": row.total, "star": row.star}
        for name, row in merged.sheet.rows().items()
    }
    value = {"rows": rows, "disagreements": items, "open": list(merged.open), "slips": wrong}
    return json.dumps(value, indent=2, ensure_ascii=False)
