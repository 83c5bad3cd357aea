"""``defcore guideline list | show | convert``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from defcore.cli import options

if TYPE_CHECKING:
    from defcore.guideline import GuidelineFile


@click.command("list")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_format
def list_(folder: Path | None, as_format: str) -> None:
    """List the guidelines that ship with defcore and those that you imported, or those of FOLDER."""
    import json

    from tabulate import tabulate

    from defcore.errors import InputError
    from defcore.guideline.find import imported_guidelines, in_folder, shipped_guidelines
    from defcore.guideline.load import load_file

    rows, unread = [], []
    imported = tuple(imported_guidelines().values()) if folder is None else ()
    for path in (*shipped_guidelines(), *imported) if folder is None else in_folder(folder):
        try:
            found = load_file(path).guideline
        except InputError as error:
            unread.append(str(error))
            continue
        programs = [item.key for item in found.programs]
        rows.append(
            {
                "id": found.id,
                "schema": found.schema,
                "status": found.status.value,
                "programs": programs,
                "file": str(path),
            }
        )
    if as_format == "json":
        click.echo(json.dumps({"guidelines": rows, "unreadable": unread}, indent=2, ensure_ascii=False))
        return
    for line in unread:
        click.echo(f"not readable: {line}", err=True)
    table = [[row["id"], row["schema"], row["status"], ", ".join(row["programs"]), row["file"]] for row in rows]
    click.echo(tabulate(table, headers=["id", "schema", "status", "programs", "file"], disable_numparse=True))


@click.command()
@click.argument("guideline", metavar="GUIDELINE")
@options.as_format
def show(guideline: str, as_format: str) -> None:
    """Show what a guideline asks for, in figures. GUIDELINE is an id or a file of any schema from 1.2 to 2.0."""
    import json

    from defcore.guideline.find import resolve
    from defcore.guideline.summary import summary

    source = resolve(guideline)
    found = summary(source)
    if as_format == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    click.echo(_text(found))
    if found["repairs"]:
        click.echo(f"{len(found['repairs'])} slips of the file were read as meant; --format json lists them", err=True)


@click.command()
@click.argument("guideline", metavar="GUIDELINE")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File  [default: stdout]")
def convert(guideline: str, output: Path | None) -> None:
    """Write a guideline of any schema as schema 2.0. What was repaired or left out is told on stderr."""
    from defcore.files import write_whole
    from defcore.guideline.find import resolve
    from defcore.guideline.write import dump

    source = resolve(guideline)
    content = dump(source.guideline)
    _warn(source)
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(output, content)
        click.echo(f"{output}: guideline {source.guideline.id}, schema 2.0", err=True)


def _text(found: dict[str, Any]) -> str:
    from tabulate import tabulate

    head = [
        ("guideline", found["id"]),
        ("schema", found["schema"]),
        ("status", found["status"]),
        ("authority", found["authority"]),
        ("replaces", found["replaces"] or "-"),
        ("releases", ", ".join(found["releases"]) or "-"),
        ("cutoff", "-" if found["cutoff"] is None else found["cutoff"]),
        ("digest", found["digest"]),
        *(
            ("program", f"{key} ({item['kind']}): {', '.join(item['components'])}")
            for key, item in found["programs"].items()
        ),
        *(
            ("reference", f"{item['component']} in {item['source']}: {item['problem'] or item['digest']}")
            for item in found["references"]
        ),
    ]
    rows = [
        [name, item["required_capabilities"], item["must_pass"], item["flagged"]]
        for name, item in found["components"].items()
    ]
    table = tabulate(rows, headers=["component", "required capabilities", "must-pass tests", "flagged"])
    return f"{tabulate(head, tablefmt='plain', disable_numparse=True)}\n\n{table}"


def _warn(source: GuidelineFile) -> None:
    for item in source.provenance.repairs:
        click.echo(f"warning: {source.provenance.file}:{item.line}: {item.path}: {item.message}", err=True)
