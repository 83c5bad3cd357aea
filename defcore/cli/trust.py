"""``defcore trust``: who may sign for whom, changed only by those whom the last version names for that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PublicKey
    from defcore.attest.policy import Change
    from defcore.attest.trust import Trust

FILE = click.Path(path_type=Path)
ROLES = ("vendor", "lab", "runner", "reviewer", "authority")
key_option = click.option(
    "--key", "key_word", metavar="KEY", help="Who signs: a private key's file, or SHA256:… of the ssh-agent."
)
quorum_option = click.option(
    "--quorum",
    "quorum",
    multiple=True,
    metavar="ACT=N",
    help="How many keys of the authority it takes to approve, admit, award or revoke (repeatable).",
)


@click.group()
def trust() -> None:
    """Who may sign for whom, in which role, from when until when.

    A change that needs several signatures waits in FILE until they are there: the next person gives the same command
    on the same file, with a key of their own.
    """


@trust.command("init")
@click.argument("file", type=FILE)
@click.option("--authority", required=True, help="The name of whoever decides by this policy.")
@click.option("--root", "roots", type=FILE, multiple=True, required=True, help="A root's public key (repeatable).")
@click.option("--threshold", type=click.IntRange(1), default=1, show_default=True, help="Roots that a change takes.")
@quorum_option
@key_option
def init(
    file: Path, authority: str, roots: tuple[Path, ...], threshold: int, quorum: tuple[str, ...], key_word: str | None
) -> None:
    """Begin a trust policy in FILE, and print its pin: the digest by which others name it."""
    from defcore.attest import policy

    _change(file, policy.begin(authority, _publics(roots), threshold, _quorum(quorum)), key_word, begin=True)


@trust.command("grant")
@click.argument("file", type=FILE)
@click.option("--party", required=True, help="For whom the key signs: of a vendor, the name in its product.json.")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the key may sign as.")
@click.option("--public", "public", type=FILE, required=True, help="The party's public key.")
@click.option("--since", help="From when on (a day or a time in UTC).  [default: now]")
@click.option("--until", help="Until when, not included.  [default: open]")
@key_option
def grant(
    file: Path, party: str, role: str, public: Path, since: str | None, until: str | None, key_word: str | None
) -> None:
    """Let a key sign for a party, in one role."""
    from defcore.attest import policy
    from defcore.attest.trust import Role

    (key,) = _publics([public])
    _change(file, policy.Granting(party, Role(role), key, _date(since), _date(until)), key_word)


@trust.command("revoke")
@click.argument("file", type=FILE)
@click.option("--public", "public", required=True, metavar="KEY", help="A public key's file, or its SHA256:….")
@click.option("--before", help="Only what was signed before this counts on (a day or a time).  [default: now]")
@click.option("--reason", required=True, help="Why, for those who read it years later.")
@key_option
def revoke(file: Path, public: str, before: str | None, reason: str, key_word: str | None) -> None:
    """Revoke a key. What it signed before keeps its worth."""
    from defcore.attest import policy

    _change(file, policy.Revoking(_keyid(public), reason, _date(before)), key_word)


@trust.command("rotate")
@click.argument("file", type=FILE)
@click.option("--old", metavar="KEY", help="The key that goes: its file, or its SHA256:….")
@click.option("--new", type=FILE, help="The public key that takes its place; without --old, a further root.")
@click.option("--threshold", type=click.IntRange(1), help="Roots that a change takes from now on.")
@quorum_option
@key_option
def rotate(
    file: Path,
    old: str | None,
    new: Path | None,
    threshold: int | None,
    quorum: tuple[str, ...],
    key_word: str | None,
) -> None:
    """Put a new key in an old one's place, among the roots and in its grants; or change how many it takes.

    When roots change, it takes enough of the old ones and enough of the new ones.
    """
    from defcore.attest import policy

    key = _publics([new])[0] if new else None
    what = policy.Rotating(_keyid(old) if old else None, key, threshold, _quorum(quorum))
    _change(file, what, key_word)


@trust.command("show")
@click.argument("file", type=FILE)
@options.as_format
def show(file: Path, as_format: str) -> None:
    """Check FILE and list its roots, its grants and what waits for signatures."""
    from defcore.attest import chain
    from defcore.attest.trustview import draft_json, draft_text
    from defcore.cli.trusted import now

    draft = chain.read_draft(chain.split(read(file), str(file)), str(file))
    if as_format == "json":
        click.echo(json.dumps(draft_json(draft, now()), indent=2))
    else:
        click.echo(draft_text(draft, now()), nl=False)


def read(file: Path) -> bytes:
    """Read a trust file."""
    from defcore.attest import dsse
    from defcore.files import read_bytes

    return read_bytes(file, dsse.MAX_BYTES, "trust-unreadable", "'defcore trust init' begins a trust policy")


def read_chain(file: Path) -> Trust:
    """Read and check a whole trust file."""
    from defcore.attest import chain

    return chain.read(chain.split(read(file), str(file)), str(file))


def _change(file: Path, what: Change, key_word: str | None, *, begin: bool = False) -> None:
    from defcore.attest import policy
    from defcore.cli.keyring import choose_signer
    from defcore.cli.trusted import now
    from defcore.files import write_whole

    data = None if begin and not file.exists() else read(file)
    made = policy.change(data, what, choose_signer(key_word), now(), str(file))
    write_whole(file, made.data)
    if begin:
        click.echo(made.pin)
    state = f"waits for signatures: {made.lacking}" if made.lacking else "is in force"
    click.echo(f"{file}: version {made.number} {state}.", err=True)
    if made.lacking:
        click.echo("The next one gives the same command on the same file, with a key of their own.", err=True)


def _publics(files: Sequence[Path]) -> list[PublicKey]:
    from defcore.attest.keys import load_public

    return [load_public(path) for path in files]


def _keyid(word: str) -> str:
    from defcore.attest.keys import load_public
    from defcore.cli.keyring import FINGERPRINT

    return word if word.startswith(FINGERPRINT) else load_public(Path(word)).keyid


def _date(word: str | None) -> str | None:
    from defcore.attest.stamp import read_date

    return read_date(word) if word is not None else None


def _quorum(words: Sequence[str]) -> dict[str, int]:
    from defcore.attest.trust import Quorum

    found = {}
    for word in words:
        name, _, number = word.partition("=")
        if name not in Quorum.model_fields or not re.fullmatch(r"[1-9]\d?", number):
            hint = "like approve=2; the acts are " + ", ".join(Quorum.model_fields)
            raise InputError("bad-quorum", f"{word!r} is no quorum", hint=hint)
        found[name] = int(number)
    return found
