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
@click.option("--to", "target", metavar="DIR", type=FILE, help="The folder of the registry.")
@click.option(
    "--registry", "url", metavar="URL", help="The registry that is served there; takes several reports at once."
)
@click.option("--publish-full", is_flag=True, help="Publish the full report too; without this it is only checked.")
@click.option("--dry-run", is_flag=True, help="Say what would become of it; write nothing.")
@click.option("--receipts", metavar="DIR", type=FILE, help="With --registry: a folder to keep the signed receipts in.")
@options.as_format
def submit(
    files: tuple[Path, ...],
    target: Path | None,
    url: str | None,
    publish_full: bool,
    dry_run: bool,
    receipts: Path | None,
    as_format: str,
) -> int:
    """Put a report in its place in a registry, or say everything that stands in the way.

    FILES are what 'defcore sign' wrote (the full report and the public one, or the folder that holds both), a bundle,
    or an authority's acts. Only the public report is shown, unless you say --publish-full. Name the registry by its
    folder (--to) or by its address (--registry).
    """
    if (target is None) == (url is None):
        raise InputError("no-registry", "name one registry", hint="--to DIR for a folder, --registry URL for a server")
    if url is not None:
        return _send(url, files, publish_full=publish_full, dry_run=dry_run, receipts=receipts, as_format=as_format)
    if receipts is not None:
        raise InputError("no-receipts", "a folder gives no receipts", hint="leave out --receipts")
    return _place(Path(target or ""), files, publish_full=publish_full, dry_run=dry_run, as_format=as_format)


def _place(target: Path, files: tuple[Path, ...], *, publish_full: bool, dry_run: bool, as_format: str) -> int:
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


def _send(
    url: str, files: tuple[Path, ...], *, publish_full: bool, dry_run: bool, receipts: Path | None, as_format: str
) -> int:
    from defcore.attest.canonical import printable
    from defcore.files import write_whole
    from defcore.registry import client

    answer = client.submit(url, contents(files), dry_run=dry_run, publish_full=publish_full)
    items = answer["items"]
    if receipts is not None:
        receipts.mkdir(parents=True, exist_ok=True)
        for item in filter(lambda item: item["receipt"], items):
            write_whole(receipts / f"receipt-{item['digest'][:12]}.dsse.json", item["receipt"].encode())
    bad = any(item["standing"] == "refused" for item in items)
    if as_format == "json":
        click.echo(json.dumps(answer, indent=2))
        return EXIT_FAILED if bad else 0
    for item in items:
        there = ", and there already" if item["there"] else ""
        would = "would be " if dry_run else ""
        click.echo(
            f"{printable(item['subject'] or ', '.join(item['files']))}: {would}{item['standing']}{there}", err=True
        )
        for found in item["findings"]:
            line = f"  {found['severity']} {found['rule']}: {found['where']}: {found['what']} {found['todo']}"
            click.echo(printable(line), err=True)
        if item["page"]:
            click.echo(f"{url.rstrip('/')}/{printable(item['page'])}")
        for digest in item["acts"] if item["standing"] == "admitted" else ():
            click.echo(f"{url.rstrip('/')}/data/acts/{printable(digest)}.json")
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
