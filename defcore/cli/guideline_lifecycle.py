"""``defcore guideline new, propose, promote, demote, deprecate, remove, flag, unflag, approve, supersede``.

Each takes the file that it rewrites; what the process forbids is refused with its rule, and nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from defcore.guideline.model import Guideline, Test

FILE = click.Path(path_type=Path)
_draft = click.argument("draft", type=FILE)
_capability = click.argument("capability")
_component = click.option("--component", required=True, metavar="C", help="The component in which its state changes.")
_previous = click.option("--previous", required=True, metavar="G", help="Id or file of the guideline that it replaces.")
_known = click.option("--known", multiple=True, metavar="G", help="A guideline besides those that ship (repeatable).")


@click.command()
@click.argument("name", metavar="ID")
@click.option("--from", "previous", required=True, metavar="G", help="Id or file of the previous approved guideline.")
@click.option(
    "--release", "releases", multiple=True, help="A release that it covers (repeatable).  [default: as before]"
)
@click.option("-o", "--output", type=FILE, help="Where to write it.  [default: ID.json]")
def new(name: str, previous: str, releases: tuple[str, ...], output: Path | None) -> None:
    """Begin the draft ID (YYYY.MM, or next) from the previous approved guideline."""
    from defcore.files import write_whole
    from defcore.guideline import dump, resolve
    from defcore.guideline import lifecycle as life

    path = output or Path(f"{name}.json")
    before = resolve(previous).guideline
    write_whole(path, dump(life.new(before, name, source=f"guidelines/{path.name}", releases=releases)), new=True)
    click.echo(path)
    click.echo(
        f"Next: edit it with 'defcore guideline propose', 'promote' …; 'defcore guideline lint {path}'", err=True
    )


@click.command()
@_draft
@_capability
@_component
@click.option("--project", help="Of a new capability: the project that it belongs to.")
@click.option("--description", default="", help="Of a new capability: what a user can do, in one sentence.")
@click.option("--test", "tests", multiple=True, metavar="NAME=ID", help="Of a new capability: a test (repeatable).")
@click.option("--admin", is_flag=True, help="Of a new capability: it needs an administrator.")
def propose(
    draft: Path,
    capability: str,
    component: str,
    project: str | None,
    description: str,
    tests: tuple[str, ...],
    admin: bool,
) -> None:
    """Make CAPABILITY advisory in a component of DRAFT; a new one is defined by the options."""
    from defcore.errors import InputError
    from defcore.guideline import lifecycle as life
    from defcore.guideline.model import Capability

    def step(guideline: Guideline) -> Guideline:
        if guideline.capability(capability) is None and not (project and description):
            what = f"guideline {guideline.id} does not define {capability}"
            raise InputError("unknown-capability", what, hint="define it with --project, --description and --test")
        made = _tests(tests)
        found = Capability(capability, description, project or "", (), admin, None, made)
        return life.propose(guideline, component, found)

    rewrite(draft, step)


@click.command()
@_draft
@_capability
@_component
@_previous
def promote(draft: Path, capability: str, component: str, previous: str) -> None:
    """Make the advisory CAPABILITY required: it was advisory in the previous guideline and reaches the cutoff."""
    from defcore.guideline import lifecycle as life
    from defcore.guideline import resolve

    before = resolve(previous).guideline
    rewrite(draft, lambda guideline: life.promote(guideline, component, capability, before))


@click.command()
@_draft
@_capability
@_component
def demote(draft: Path, capability: str, component: str) -> None:
    """Make the required CAPABILITY advisory again: still tested and shown, but it decides nothing."""
    from defcore.guideline import lifecycle as life

    rewrite(draft, lambda guideline: life.demote(guideline, component, capability))


@click.command()
@_draft
@_capability
@_component
def deprecate(draft: Path, capability: str, component: str) -> None:
    """Announce that CAPABILITY will go: it decides nothing now and may be removed next time."""
    from defcore.guideline import lifecycle as life

    rewrite(draft, lambda guideline: life.deprecate(guideline, component, capability))


@click.command()
@_draft
@_capability
@_component
@_previous
def remove(draft: Path, capability: str, component: str, previous: str) -> None:
    """Remove CAPABILITY, which was deprecated in the previous guideline."""
    from defcore.guideline import lifecycle as life
    from defcore.guideline import resolve

    before = resolve(previous).guideline
    rewrite(draft, lambda guideline: life.remove(guideline, component, capability, before))


@click.command()
@click.argument("guideline", type=FILE, metavar="FILE")
@click.argument("test")
@click.option("--reason", required=True, help="Why, beginning with a code D400 … D406.")
@click.option("--action", required=True, help="What will end it.")
@click.option("--date", help="Since when, YYYY-MM-DD.  [default: today]")
def flag(guideline: Path, test: str, reason: str, action: str, date: str | None) -> None:
    """Excuse TEST (an id or a name) from must-pass, before or after approval."""
    import datetime as dt

    from defcore.guideline import lifecycle as life
    from defcore.guideline.model import Flag

    since = _date(date) if date else dt.datetime.now(dt.UTC).date()
    rewrite(guideline, lambda found: life.flag(found, test, Flag(reason, action, since.isoformat())))


@click.command()
@_draft
@click.argument("test")
def unflag(draft: Path, test: str) -> None:
    """Lift the flag of TEST (an id or a name) in DRAFT; an approved guideline keeps its flags."""
    from defcore.guideline import lifecycle as life

    rewrite(draft, lambda guideline: life.unflag(guideline, test))


@click.command()
@_draft
@_previous
@_known
@click.option("--date", help="The day of approval, YYYY-MM-DD.  [default: today]")
@click.option("--justify", multiple=True, metavar="RULE=REASON", help="A documented justification (A7.2; repeatable).")
def approve(draft: Path, previous: str, known: tuple[str, ...], date: str | None, justify: tuple[str, ...]) -> None:
    """Make DRAFT the approved guideline of this month, when the process allows it.

    This sets status, id and dates, and prints the sha256 of the file. Whoever approves signs those very bytes.
    """
    import datetime as dt
    import hashlib

    from defcore.guideline import lifecycle as life
    from defcore.guideline import resolve

    day = _date(date) if date else dt.datetime.now(dt.UTC).date()
    before, others = resolve(previous).guideline, _guidelines((*known, previous))
    excused = _justified(justify)
    rewrite(draft, lambda guideline: life.approve(guideline, day, before, others, justified=excused))
    for rule, reason in excused.items():
        click.echo(f"Justified, for the record of the meeting: {rule}: {reason}", err=True)
    click.echo(f"sha256 {hashlib.sha256(draft.read_bytes()).hexdigest()}")
    click.echo("Next: whoever approves signs this file, for all to tell it from an edited one.", err=True)


@click.command()
@click.argument("guideline", type=FILE, metavar="FILE")
@_known
def supersede(guideline: Path, known: tuple[str, ...]) -> None:
    """Let a newer approved guideline take the place of the approved one in FILE."""
    from defcore.guideline import lifecycle as life

    others = _guidelines(known)
    rewrite(guideline, lambda found: life.supersede(found, others))


def rewrite(path: Path, step: Callable[[Guideline], Guideline]) -> None:
    """Take one step with the guideline in a file and write it back, whole; say what changed."""
    from dataclasses import replace

    from defcore.files import write_whole
    from defcore.guideline import dump, load_bytes, load_file
    from defcore.guideline.diff import diff
    from defcore.guideline.diffwords import release_note

    source = load_file(path)
    after = step(source.guideline)
    content = dump(after)
    load_bytes(content, str(path))
    write_whole(path, content)
    click.echo(path)
    changes = diff(source.guideline, after)
    kept = tuple(item for item in changes.must_pass if item.gained or item.lost)
    for section in release_note(replace(changes, must_pass=kept)):
        for line in section.items:
            click.echo(f"{section.title}: {line}", err=True)


def _justified(words: Sequence[str]) -> dict[str, str]:
    from defcore.errors import InputError

    found = {}
    for word in words:
        rule, _, reason = word.partition("=")
        if not reason.strip():
            raise InputError("no-reason", f"{word!r} gives no reason", hint="write RULE=REASON")
        found[rule.strip()] = reason.strip()
    return found


def _tests(words: Sequence[str]) -> tuple[Test, ...]:
    from defcore.errors import InputError
    from defcore.guideline.model import Test

    made = []
    for word in words:
        name, _, key = word.rpartition("=")
        if not name:
            raise InputError("bad-test", f"{word!r} is not NAME=ID", hint="give the test's name and its id")
        made.append(Test(key.lower().removeprefix("id-"), name))
    return tuple(made)


def _date(word: str) -> dt.date:
    import datetime as dt

    from defcore.errors import InputError

    try:
        return dt.date.fromisoformat(word)
    except ValueError as error:
        raise InputError("bad-date", f"{word!r} is no date", hint="give YYYY-MM-DD") from error


def _guidelines(words: Sequence[str]) -> list[Guideline]:
    """Load the guidelines that ship and those given; one given takes the place of that with its id."""
    from defcore.guideline import known_guidelines, resolve

    found = {item.guideline.id: item.guideline for item in known_guidelines()}
    found |= {item.id: item for item in (resolve(word).guideline for word in words)}
    return list(found.values())
