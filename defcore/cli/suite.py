"""``defcore suite``: the tests as data, and tests of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import choice, options
from defcore.cli.suite_prove import prove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline import GuidelineFile
    from defcore.suite.cards import Card, Catalogue
    from defcore.suite.coverage import Coverage

FOLDER = click.Path(path_type=Path)
_NAME = 60
guideline_option = click.option(
    "--guideline",
    metavar="G",
    help="Guideline that says what a test proves  [default: an added suite's, or the newest]",
)


@click.group()
def suite() -> None:
    """The tests as data: what each asks, what they cover, and how to add your own."""


@suite.command("list")
@click.option("--service", metavar="S", help="Only the tests of this service.")
@click.option("--capability", metavar="C", help="Only the tests of this capability.")
@click.option("--operation", metavar="OP", help="Only tests about an API operation with this in its name.")
@guideline_option
@choice.suites
@options.as_format
def list_(
    service: str | None,
    capability: str | None,
    operation: str | None,
    guideline: str | None,
    suites: tuple[Path, ...],
    as_format: str,
) -> None:
    """List the tests: id, service, and what each asks in one sentence."""
    from tabulate import tabulate

    from defcore.suite.cards import card_json

    _, found = _read(guideline, suites)
    cards = [
        card
        for card in found.cards.values()
        if service in (None, card.service)
        and (capability is None or capability in card.capabilities)
        and (operation is None or any(operation in name for name in card.operations))
    ]
    if as_format == "json":
        click.echo(json.dumps([card_json(card) for card in cards], indent=1, ensure_ascii=False))
        return
    rows = [[card.id, card.service, card.title] for card in cards]
    click.echo(tabulate(rows, ["id", "service", "what it asks"], disable_numparse=True))
    click.echo(f"{len(cards)} of {len(found.cards)} tests", err=True)


@suite.command()
@click.argument("test", metavar="ID")
@guideline_option
@choice.suites
@options.as_format
def show(test: str, guideline: str | None, suites: tuple[Path, ...], as_format: str) -> None:
    """Show all about one test; ID is its id, the beginning of it, or its name."""
    from defcore.suite import strength, suite_dir
    from defcore.suite.cards import card_json, find

    source, found = _read(guideline, suites)
    card = find(found.cards, test)
    proof = strength.beside(suite_dir())
    if as_format == "json":
        click.echo(json.dumps(card_json(card), indent=1, ensure_ascii=False))
        return
    for term, value in _facts(card, source.guideline.id):
        click.echo(f"{term:<11} {value}".rstrip())
    click.echo(f"{'strength':<11} {proof.together([card.id]) if proof else 'not proven'}")


@suite.command()
@guideline_option
@choice.suites
@options.as_format
def coverage(guideline: str | None, suites: tuple[Path, ...], as_format: str) -> None:
    """Show which test covers what of a guideline and of the APIs, and what no test covers.

    Ends with 1 when the guideline names a test that nobody but this suite could have, and it has not; tests of
    Tempest or another of the guideline's test_repositories that the suite lacks are told, and are no fault of it.
    """
    from defcore.errors import EXIT_FAILED
    from defcore.suite import strength, suite_dir
    from defcore.suite.coverage import coverage as covered
    from defcore.suite.coverage import coverage_json

    source, cards = _read(guideline, suites)
    found = covered(source.guideline, source.provenance.digest, cards, strength.beside(suite_dir()))
    if as_format == "json":
        click.echo(json.dumps(coverage_json(found), indent=1, ensure_ascii=False))
    else:
        for line in _coverage(found):
            click.echo(line)
    if found.broken:
        click.echo(f"guideline {found.guideline} names {len(found.broken)} tests that nobody has", err=True)
        raise SystemExit(EXIT_FAILED)


@suite.command()
@click.argument("folder", type=FOLDER, metavar="DIR")
@click.option("--name", required=True, help="Name of the test function, such as test_list_zones.")
@click.option("--service", required=True, help="Type of the service in the catalogue, such as dns.")
@click.option("--operation", required=True, help="API operation that it is about, such as 'GET /v2/zones'.")
@click.option("--reference", required=True, help="Page of the API reference (http or https).")
@click.option("--file", help="File below DIR; one that is there gets one more test.  [default: SERVICE/NAME.py]")
def new(folder: Path, name: str, service: str, operation: str, reference: str, file: str | None) -> None:
    """Begin a test with a fresh id, in the suite in DIR; a new DIR becomes a suite. Prints the file and the id.

    Run it with pytest DIR --cloud NAME, and with `defcore run --suite DIR`.
    """
    import uuid

    from defcore.files import write_together
    from defcore.suite.scaffold import Wish, scaffold

    test_id = str(uuid.uuid4())
    files = scaffold(folder, file, Wish(name, service, operation, reference), test_id)
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_together(files)
    click.echo(f"{next(iter(files))}\n{test_id}")


@suite.command()
@click.argument("runs", nargs=-1, required=True, type=FOLDER, metavar="RUN…")
@click.option("--to", "folder", type=FOLDER, metavar="DIR", help="Suite to record it for  [default: the project's own]")
def record(runs: tuple[Path, ...], folder: Path | None) -> None:
    """Record which API operations each test is about, from the evidence of run directories.

    Writes operations.json beside the tests of DIR. Only tests that passed are taken; what other runs have shown stays.
    """
    from defcore.files import write_whole
    from defcore.run.store import load_run
    from defcore.suite import collect, suite_dir
    from defcore.suite.operations import FILE, dump, load, merged, seen

    place = folder or suite_dir()
    tests = collect(place)
    found = merged(load(place), [seen(run, load_run(run)) for run in runs], tests)
    write_whole(place / FILE, dump(found))
    click.echo(f"{place / FILE}: {len(found.tests)} of {len(tests)} tests", err=True)


@suite.command()
@click.option("-o", "--output", type=FOLDER, required=True, metavar="FOLDER", help="Where to write the pages.")
@guideline_option
@choice.suites
def render(output: Path, guideline: str | None, suites: tuple[Path, ...]) -> None:
    """Write the suite as a document for people: Markdown, a page a service and an index."""
    from defcore.files import write_together
    from defcore.suite.document import documents

    source, found = _read(guideline, suites)
    output.mkdir(parents=True, exist_ok=True)
    pages = documents(found, source.guideline)
    write_together({output / name: text.encode() for name, text in pages.items()})
    click.echo(f"{output}: {len(pages)} pages", err=True)


suite.add_command(prove)


def _read(guideline: str | None, suites: tuple[Path, ...]) -> tuple[GuidelineFile, Catalogue]:
    from defcore.guideline import resolve
    from defcore.suite import suite_dir
    from defcore.suite.added import guideline_word
    from defcore.suite.cards import catalogue

    source = resolve(guideline_word(guideline, suites))
    return source, catalogue(source.guideline, suite_dir(), *suites)


def _facts(card: Card, guideline: str) -> Iterator[tuple[str, str]]:
    yield "test", card.name
    yield "id", card.id
    yield "asks", card.says.replace("\n", "\n" + " " * 12)
    yield "service", card.service
    for number, name in enumerate(card.operations):
        yield "" if number else "operations", name
    if not card.recorded:
        yield "", "(as declared; no run of this revision was recorded)"
    proves = ", ".join(card.capabilities) or "nothing"
    yield "proves", f"{proves} (guideline {guideline}{', flagged' if card.flagged else ''})"
    yield "needs", ", ".join(card.wants) or "nothing beyond an ordinary user"
    yield "makes", ", ".join(card.makes) or "nothing"
    yield "takes", f"about {card.seconds:g} s"
    yield "fails if", card.fails_if
    yield "revision", str(card.revision)
    yield "reference", card.reference
    yield "file", f"{card.file}::{card.function}"


def _coverage(found: Coverage) -> Iterator[str]:
    from tabulate import tabulate

    rows = [
        [
            item.name,
            f"{item.ours}/{len(item.tests)}",
            f"{item.strength.noticed}/{item.strength.faults}" if item.strength else "",
            len(item.operations),
            ", ".join(item.operations[:2]),
        ]
        for item in found.capabilities
    ]
    head = [f"capability of {found.guideline}", "tests", "faults noticed", "operations", "such as"]
    yield tabulate(rows, head, disable_numparse=True)
    yield ""
    rows = [[name, str(len(tests))] for name, tests in found.operations.items()]
    yield tabulate(rows, ["API operation", "judged by tests"], disable_numparse=True)
    named = {test.id for item in found.capabilities for test in item.tests}
    yield ""
    yield f"{len(named) - len(found.lacking)} of the {len(named)} tests of guideline {found.guideline} are in the suite"
    for title, names in (
        ("Nobody has these tests, which the guideline names", [test.name for test in found.broken]),
        ("Not in the suite", [test.name for test in found.lacking if not test.native]),
        ("In the suite, and not in the guideline", [f"{card.id} {card.title}" for card in found.beyond]),
        ("Used to prepare or tidy up, and judged by no test", found.unjudged),
        ("Operations as declared only, for no run of it was recorded", [card.function for card in found.unrecorded]),
    ):
        if names:
            yield ""
            yield f"{title} ({len(names)})"
            yield from (f"  {name}" for name in names)
