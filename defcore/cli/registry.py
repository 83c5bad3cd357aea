"""``defcore registry``: a folder of signed reports, checked and shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options, trusted
from defcore.cli.lazy import LazyGroup
from defcore.errors import EXIT_FAILED, InputError

if TYPE_CHECKING:
    from defcore.registry.store import Folder

FILE = click.Path(path_type=Path)
COMMANDS = {
    "init": ("defcore.cli.registry:init", "Begin a registry in a folder."),
    "check": ("defcore.cli.registry:check", "Check every report by every rule; all findings at once."),
    "render": ("defcore.cli.registry:render", "Write the static site."),
    "serve": ("defcore.cli.serve:serve", "Serve the site, and take submissions over HTTP."),
    "health": ("defcore.cli.serve:health", "Ask a registry that is served whether it is well."),
    "backup": ("defcore.cli.serve:backup", "Write all of a registry into one file."),
    "restore": ("defcore.cli.serve:restore", "Make a registry anew from a backup."),
    "rules": ("defcore.cli.registry:rules", "The rules of admission, a sentence each."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def registry() -> None:
    """Keep, check and show a folder of signed reports."""


@click.command()
@click.argument("root", metavar="DIR", type=FILE)
@click.option("--trust", "trust_file", type=FILE, required=True, help="The trust policy of its authority.")
@click.option("--title", required=True, help="What the registry is called.")
@click.option("--about", default="", help="A sentence or two on what it is for.")
def init(root: Path, trust_file: Path, title: str, about: str) -> None:
    """Begin a registry in the folder DIR, pinned to the authority's trust policy."""
    from pydantic import ValidationError

    from defcore.attest import chain
    from defcore.cli.trust import read
    from defcore.files import write_whole
    from defcore.registry import settings
    from defcore.registry.store import TRUST

    content = read(trust_file)
    pin = chain.read(chain.split(content, str(trust_file)), str(trust_file)).pin
    try:
        made = settings.Settings(title=title, about=about, trust=pin)
    except ValidationError as error:
        raise InputError("bad-words", error.errors(include_url=False)[0]["msg"], hint="correct --title") from error
    root.mkdir(parents=True, exist_ok=True)
    write_whole(root / settings.FILE, settings.dump(made), new=True)
    write_whole(root / TRUST, content)
    click.echo(root / settings.FILE)


@click.command()
@click.argument("path", type=FILE)
@click.option("--base", type=FILE, help="The registry as it was: what is not in it is new, the rest must be unchanged.")
@click.option("--trust", "pin", metavar="PIN", help="The pin of the trust policy that it must rest on.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output; markdown is the summary for a pull request.",
)
@click.option("-o", "--output", type=FILE, help="Where to write it.  [default: stdout]")
def check(path: Path, base: Path | None, pin: str | None, form: str, output: Path | None) -> int:
    """Check the registry at PATH, or one report or product in it.

    Ends with 0 when everything may be shown, 1 when something is refused or held back, 2 when PATH is no registry.
    """
    from defcore.cli.written import written
    from defcore.registry import check as checks
    from defcore.registry import words
    from defcore.registry.store import Folder

    folder, below = find(path)
    result = checks.check(folder, trusted.now(), base=Folder(base) if base else None, pin=pin, below=below)
    if below and not result.reports:
        raise InputError("no-report", "holds no report", where=str(path), hint="name a registry, or a folder in it")
    days = folder.settings().fresh_days
    if form == "json":
        text = json.dumps(words.result_json(result), indent=2) + "\n"
    else:
        text = (words.result_markdown if form == "markdown" else words.result_text)(result, days)
    written(text, output)
    return 0 if result.good else EXIT_FAILED


@click.command()
@click.argument("root", metavar="DIR", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="The folder of the site: a new one, or one made before.")
@options.as_format
def render(root: Path, output: Path, as_format: str) -> None:
    """Write the pages of the registry in DIR as a static site.

    It needs no server: open SITE/index.html, or copy it to any web space. Only what changed since the last time is made
    anew. Reports that break a rule are left out, and named.
    """
    from dataclasses import asdict

    from defcore.registry.site.render import render as render_site
    from defcore.registry.store import Folder
    from defcore.suite import collect, suite_dir

    made = render_site(Folder(root), output, trusted.now(), collect(suite_dir()))
    for place, why in made.left_out:
        click.echo(f"left out: {place}: {why}", err=True)
    if as_format == "json":
        click.echo(json.dumps(asdict(made)))
        return
    click.echo(output / "index.html")
    click.echo(
        f"{made.pages} files of {made.reports} reports: {made.written} written, {made.removed} removed", err=True
    )


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
def rules(form: str) -> None:
    """List the rules of admission."""
    from defcore.registry.rules import RULES
    from defcore.registry.words import todo

    told = [
        {"rule": name, "severity": rule.severity.value, "asks": rule.asks, "todo": todo(name, 30)}
        for name, rule in RULES.items()
    ]
    if form == "json":
        click.echo(json.dumps(told, indent=2))
        return
    for item in told:
        click.echo(f"{item['rule']} ({item['severity']}): {item['asks']}")


def find(path: Path) -> tuple[Folder, str]:
    """Return the registry that a path lies in, and the place below it. Raises InputError."""
    from defcore.registry.settings import FILE as SETTINGS
    from defcore.registry.store import Folder

    full = path.resolve()
    for root in (full, *full.parents):
        if (root / SETTINGS).is_file():
            below = full.relative_to(root).as_posix()
            shown = path if root == full else root
            return Folder(shown), "" if below == "." else below
    hint = "name a folder with a registry.json, or one in it; 'defcore registry init' begins one"
    raise InputError("no-registry", "is no registry, and lies in none", where=str(path), hint=hint)
