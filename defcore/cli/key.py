"""``defcore key``: make, choose, list and show keys to sign with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options

if TYPE_CHECKING:
    from defcore.attest.keys import Kind
    from defcore.cli.keyring import Listed

WHAT = "[FILE|SHA256:...]"


@click.group()
def key() -> None:
    """Make, choose and show keys to sign reports with.

    A key is a file (OpenSSH or PEM, with a passphrase or without), or one that your ssh-agent holds, called by its
    fingerprint SHA256:... Its kind is Ed25519 or P-256.
    """


@key.command("new")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--type",
    "kind",
    type=click.Choice(["ed25519", "p256"]),
    default="ed25519",
    show_default=True,
    help="Of which sort.",
)
@click.option("--encrypt", is_flag=True, help="Ask for a passphrase to protect it with.")
@click.option("--comment", default="", help="Words to end the public line with.")
def key_new(path: Path | None, kind: Kind, encrypt: bool, comment: str) -> None:
    """Make a key: PATH (private) and PATH.pub.

    Both are OpenSSH files. Nothing is ever overwritten. Without PATH it becomes your own key, in defcore's
    configuration folder, and 'defcore sign' finds it there.
    """
    from defcore.attest import keys
    from defcore.cli.keyring import own_key

    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True) if encrypt else None
    made = keys.generate(kind)
    public = keys.write_pair(path or own_key(), made, passphrase=passphrase, comment=comment)
    click.echo(made.public.keyid)
    click.echo(f"Public key: {public}. Keep the other one to yourself.", err=True)


@key.command("use")
@click.argument("what", metavar="FILE|SHA256:...")
def key_use(what: str) -> None:
    """Let 'defcore sign' take this key from now on, when it is told no other."""
    from defcore.cli.keyring import use

    click.echo(use(what).keyid)


@key.command("list")
@options.as_format
def key_list(as_format: str) -> None:
    """List the keys that could sign: the one in use (*), your own, OpenSSH's, and those in your ssh-agent."""
    from dataclasses import asdict

    from defcore.cli.keyring import FINGERPRINT, in_use, known_keys, own_key

    found = list(known_keys())
    used = in_use() or str(own_key())
    by_agent = used.startswith(FINGERPRINT)

    def signs(item: Listed) -> bool:
        return item.keyid == used and item.where.startswith("ssh-agent") if by_agent else item.where == used

    if as_format == "json":
        click.echo(json.dumps([asdict(item) | {"in_use": signs(item)} for item in found], indent=2))
        return
    for item in found:
        note = f"  ({item.note})" if item.note else ""
        click.echo(f"{'*' if signs(item) else ' '} {item.keyid or '?':<50} {item.kind:<8} {item.where}{note}")
    if not any(map(signs, found)):
        click.echo(
            "'defcore sign' has no key yet: 'defcore key new' makes one, 'defcore key use' chooses one", err=True
        )


@key.command("show")
@click.argument("what", metavar=WHAT, required=False)
@click.option("--public", is_flag=True, help="Print the public key itself, for others to verify with.")
def key_show(what: str | None, public: bool) -> None:
    """Print the fingerprint of a key, private, public or in your ssh-agent, by which reports name it."""
    from defcore.cli.keyring import choose_public

    found = choose_public(what)
    click.echo(found.line if public else found.keyid)
