"""``defcore guideline render``: a readable guideline, or the pack for a review meeting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli.guideline_impact import jobs_option, keys_option, reports_option

if TYPE_CHECKING:
    from defcore.board.notes import NotesView
    from defcore.guideline import GuidelineFile

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("guideline", required=False)
@click.option(
    "-f", "--format", "form", type=click.Choice(["html", "md"]), default="html", show_default=True, help="Output."
)
@click.option("-o", "--output", type=FILE, help="Where to write it.  [default: stdout]")
@click.option(
    "--history", "past", multiple=True, metavar="G", help="An older guideline to tell the history from (repeatable)."
)
@click.option(
    "--meeting", "previous", metavar="PREVIOUS", help="Make the pack for a meeting: what changes from PREVIOUS."
)
@click.option(
    "--proof",
    type=FILE,
    metavar="FILE",
    help="What the tests notice (strength.json of suite prove)  [default: the one that ships with the suite]",
)
@reports_option
@keys_option
@jobs_option
def render(
    guideline: str | None,
    form: str,
    output: Path | None,
    past: tuple[str, ...],
    previous: str | None,
    proof: Path | None,
    places: tuple[Path, ...],
    keys: tuple[Path, ...],
    jobs: int | None,
) -> None:
    """Write GUIDELINE (an id or a file; without it, the newest) for people: what a vendor must do.

    With --meeting it is the pack for a review: open questions, what changes, what the rules say, and with --reports
    whom it would touch.
    """
    import datetime as dt

    from defcore.board import markdown, pages
    from defcore.board.view import build_view
    from defcore.cli.written import written
    from defcore.errors import InputError
    from defcore.guideline import known_guidelines, resolve
    from defcore.suite import collect, strength, suite_dir

    if places and not previous:
        raise InputError("no-meeting", "results are for the pack of a meeting", hint="give --meeting PREVIOUS as well")
    source = resolve(guideline)
    moment = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    if previous:
        notes = _pack(source, previous, places, keys, jobs)
        written(pages.notes_page(notes, moment) if form == "html" else markdown.notes_markdown(notes), output)
        return
    older = [item.guideline for item in (*known_guidelines(), *map(resolve, past))]
    shown = strength.load(proof) if proof else strength.beside(suite_dir())
    view = build_view(source, collect(suite_dir()), older, shown)
    written(pages.guideline_page(view, moment) if form == "html" else markdown.guideline_markdown(view), output)


def _pack(
    source: GuidelineFile, previous: str, places: tuple[Path, ...], keys: tuple[Path, ...], jobs: int | None
) -> NotesView:
    import datetime as dt

    from defcore.board.notes import pack
    from defcore.cli.guideline_impact import swept
    from defcore.guideline import resolve
    from defcore.guideline.diff import diff
    from defcore.guideline.lint import apply_exceptions, lint, read_exceptions
    from defcore.guideline.lint.exceptions import beside
    from defcore.suite import collect, suite_dir

    before = resolve(previous)
    draft = source.guideline
    found = swept(draft, previous, places, keys, jobs) if places else None
    changes = diff(before.guideline, draft)
    file = source.provenance.file
    excused = beside(Path(file))
    known = [read_exceptions(excused, file)] if excused else []
    checked = apply_exceptions(lint(source, before), known, dt.datetime.now(dt.UTC).date())
    return pack(draft, changes, checked, found, collect(suite_dir()))
