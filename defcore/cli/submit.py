"""``defcore submit``: a report goes to its place in a registry, or hears everything that stands in the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options, trusted
from defcore.errors import EXIT_FAILED, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.registry.model import Submission, Verdict
    from defcore.registry.store import Folder

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("files", metavar="FILES", type=FILE, nargs=-1, required=True)
@click.option("--to", "target", metavar="DIR", type=FILE, required=True, help="The folder of the registry.")
@click.option("--publish-full", is_flag=True, help="Publish the full report too; without this it is only checked.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it; write nothing.")
@options.as_format
def submit(files: tuple[Path, ...], target: Path, publish_full: bool, dry_run: bool, as_format: str) -> int:
    """Put a report in its place in a registry, or say everything that stands in the way.

    FILES are what 'defcore sign' wrote (the full report and the public one, or the folder that holds both), a bundle,
    or an authority's acts. Only the public report is put there, unless you say --publish-full.
    """
    from defcore.registry import check as checks
    from defcore.registry import words
    from defcore.registry.admission import admit
    from defcore.registry.store import Folder
    from defcore.registry.take import take

    folder = Folder(target)
    known = folder.known(checks.index(folder))
    submission = take(contents(files))
    verdict = admit(submission, known, trusted.now())
    bad = verdict.refused or verdict.held
    if not bad and not dry_run:
        _put(folder, submission, verdict, publish_full=publish_full)
    if as_format == "json":
        click.echo(json.dumps(words.verdict_json(verdict), indent=2))
    else:
        _tell(verdict, target, known.settings.fresh_days)
    return EXIT_FAILED if bad else 0


def contents(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Read what is submitted; of a folder, the two reports in it. Raises InputError."""
    from defcore.files import read_bytes
    from defcore.registry.admission import FULL, PUBLIC
    from defcore.registry.take import MAX_REPORT

    for path in files:
        inside = [path / name for name in (FULL, PUBLIC) if (path / name).is_file()] if path.is_dir() else [path]
        if not inside:
            what = f"holds neither {FULL} nor {PUBLIC}"
            raise InputError("nothing", what, where=str(path), hint="'defcore sign' writes both")
        for item in inside:
            yield str(item), read_bytes(item, MAX_REPORT, "unreadable", "name a signed report, a bundle or an act")


def _put(folder: Folder, submission: Submission, verdict: Verdict, *, publish_full: bool) -> None:
    for act in verdict.acts:
        folder.put_act(act)
    if verdict.entry is not None:
        folder.put(verdict.there or verdict.entry.place, submission, publish_full=publish_full)


def _tell(verdict: Verdict, target: Path, days: int) -> None:
    from defcore.registry import words

    for item in verdict.findings:
        click.echo(words.finding_line(item), err=True)
    for line in words.advice(verdict.findings, days):
        click.echo(f"  - {line}", err=True)
    entry = verdict.entry
    if entry is not None and verdict.there is not None:
        click.echo("It is there already.", err=True)
    click.echo(
        f"Nothing was put in place: {words.standing(verdict.findings)}."
        if verdict.refused or verdict.held
        else "Admitted.",
        err=True,
    )
    if not verdict.refused and not verdict.held:
        for path in [
            *([verdict.there or entry.place] if entry else []),
            *(f"acts/{act.digest}.json" for act in verdict.acts),
        ]:
            click.echo(target / path)
