"""``defcore guideline diff``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "html", "json"]),
    default="text",
    show_default=True,
    help="Output.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it.  [default: stdout]")
def diff(before: str, after: str, form: str, output: Path | None) -> None:
    """Say what changes from guideline A to B (ids or files), in the words of a release note.

    Tests are matched by their ids, so renaming and regrouping are told apart from adding and removing. html is a page
    for the meeting, json is for scripts.
    """
    import json

    from defcore.cli.written import written
    from defcore.guideline import resolve
    from defcore.guideline.diff import diff as compare
    from defcore.guideline.diffwords import diff_json, diff_text

    old, new = resolve(before), resolve(after)
    found = compare(old.guideline, new.guideline)
    if form == "json":
        text = json.dumps(diff_json(found), indent=2, ensure_ascii=False) + "\n"
    elif form == "html":
        from defcore.board.pages import diff_page

        text = diff_page(found)
    else:
        text = diff_text(found)
    written(text, output)
