"""``defcore decide``: what an authority does, each act a signed statement of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import trusted as shared
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.acts import Waiver
    from defcore.attest.decide import Build
    from defcore.attest.trust import Trust

FILE = click.Path(path_type=Path)
trust_file = click.option(
    "--trust", "trust_path", type=FILE, required=True, help="The authority's trust policy ('defcore trust init')."
)
key_option = click.option(
    "--key", "key_word", metavar="KEY", help="Who signs: a private key's file, or SHA256:… of the ssh-agent."
)


@click.group()
def decide() -> None:
    """Approve a guideline, admit a vendor, make an award, take it back.

    An act that needs several signatures waits in its file until they are there: the next person gives the same command
    with the same -o FILE and a key of their own.
    """


@decide.command("approve")
@click.argument("guideline")
@trust_file
@click.option("-o", "--output", type=FILE, default=Path("approval.json"), show_default=True, help="Where to write it.")
@key_option
def approve(guideline: str, trust_path: Path, output: Path, key_word: str | None) -> None:
    """Approve GUIDELINE (an id or a file): these very bytes."""
    from defcore.attest import decide as acts
    from defcore.guideline import resolve

    trust = _trust(trust_path)
    _issue(acts.approve(trust, resolve(guideline)), trust, output, key_word)


@decide.command("admit")
@click.argument("vendor")
@trust_file
@click.option("--since", help="From when on (a day or a time in UTC).  [default: now]")
@click.option("--until", help="Until when, not included.  [default: open]")
@click.option("--condition", "conditions", multiple=True, help="Under which condition (repeatable).")
@click.option("-o", "--output", type=FILE, default=Path("admission.json"), show_default=True, help="Where to write it.")
@key_option
def admit(
    vendor: str,
    trust_path: Path,
    since: str | None,
    until: str | None,
    conditions: tuple[str, ...],
    output: Path,
    key_word: str | None,
) -> None:
    """Admit VENDOR, by the name in its product.json."""
    from defcore.attest import decide as acts

    trust = _trust(trust_path)
    build = acts.admit(trust, vendor, since=_date(since), until=_date(until), conditions=conditions)
    _issue(build, trust, output, key_word)


@decide.command("award")
@click.argument("files", type=FILE, nargs=-1, required=True)
@trust_file
@click.option("--until", required=True, help="Until when it is valid, not included (a day or a time in UTC).")
@click.option("--since", help="From when on it is valid.  [default: now]")
@click.option(
    "--waive",
    "waivers",
    multiple=True,
    metavar="WHAT=REASON",
    help="Let pass test:ID or section:NAME, for this reason (repeatable).",
)
@click.option("--condition", "conditions", multiple=True, help="Under which condition (repeatable).")
@click.option("-o", "--output", type=FILE, default=Path("award.json"), show_default=True, help="Where to write it.")
@key_option
def award(
    files: tuple[Path, ...],
    trust_path: Path,
    until: str,
    since: str | None,
    waivers: tuple[str, ...],
    conditions: tuple[str, ...],
    output: Path,
    key_word: str | None,
) -> None:
    """Make an award over the report in FILES (the report, the approval, the admission; or a bundle of them)."""
    from defcore import __version__
    from defcore.attest import decide as acts

    trust = _trust(trust_path)
    found = shared.judged(shared.gather(files), str(trust_path), shared.now(), None, str(files[0]))
    build = acts.Awarding(
        trust=trust,
        report=found.report,
        decisions=found.decisions,
        defcore=__version__,
        until=_date(until) or "",
        since=_date(since),
        waivers=_waivers(waivers),
        conditions=conditions,
    )
    _issue(build, trust, output, key_word)


@decide.command("revoke")
@click.argument("award_file", metavar="AWARD", type=FILE)
@trust_file
@click.option("--reason", required=True, help="Why, for those who read it years later.")
@click.option("--since", help="From when on the award is void.  [default: now]")
@click.option(
    "-o", "--output", type=FILE, default=Path("revocation.json"), show_default=True, help="Where to write it."
)
@key_option
def revoke(
    award_file: Path, trust_path: Path, reason: str, since: str | None, output: Path, key_word: str | None
) -> None:
    """Take back an award (the file that 'defcore decide award' wrote)."""
    from defcore import __version__
    from defcore.attest import acts as kinds
    from defcore.attest import decide as acts

    trust = _trust(trust_path)
    made = kinds.read(shared.read(award_file), trust, str(award_file))
    if made.act is not kinds.Act.AWARD:
        hint = "a key is taken back with 'defcore trust revoke'"
        raise InputError("no-award", f"is no award (it is: {made.act})", where=str(award_file), hint=hint)
    _issue(acts.Withdrawing(trust, made, __version__, reason, _date(since)), trust, output, key_word)


def _issue(build: Build, trust: Trust, output: Path, key_word: str | None) -> None:
    from defcore.attest import decide as acts
    from defcore.attest.verdict import act_text
    from defcore.cli.keyring import choose_signer
    from defcore.files import write_whole

    joining = shared.read(output) if output.exists() else None
    made = acts.issue(build, choose_signer(key_word), trust, shared.now(), joining=joining, file=str(output))
    write_whole(output, made.data)
    click.echo(output)
    click.echo(act_text(made.decision, made.has, made.takes), nl=False, err=True)
    if made.has < made.takes:
        click.echo(f"Not yet in force: the next one gives the same command with -o {output}.", err=True)


def _trust(path: Path) -> Trust:
    from defcore.cli.trust import read_chain

    return read_chain(path)


def _date(word: str | None) -> str | None:
    from defcore.attest.stamp import read_date

    return read_date(word) if word is not None else None


def _waivers(words: Sequence[str]) -> list[Waiver]:
    from defcore.attest.acts import Waiver

    found = []
    for word in words:
        what, _, reason = word.partition("=")
        scope, _, name = what.partition(":")
        if scope not in ("test", "section") or not name or not reason:
            hint = "like test:ID=why or section:NAME=why"
            raise InputError("bad-waiver", f"{word!r} is no waiver", hint=hint)
        found.append(Waiver.model_validate({"scope": scope, "name": name, "reason": reason}))
    return found
