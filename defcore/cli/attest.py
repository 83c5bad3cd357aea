"""``defcore key``, ``product``, ``sign`` and ``verify``: from a run to a report that anybody can check."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PrivateKey, PublicKey
    from defcore.attest.verify import Verification
    from defcore.guideline.model import GuidelineFile
    from defcore.run.record import RunRecord
    from defcore.score.product import Product

FILE = click.Path(path_type=Path)


@click.group()
def key() -> None:
    """Make and show keys to sign reports with."""


@key.command("new")
@click.argument("path", type=FILE, required=False)
@click.option("--encrypt", is_flag=True, help="Ask for a passphrase to protect it with.")
@click.option("--comment", default="", help="Words to end the public line with.")
def key_new(path: Path | None, encrypt: bool, comment: str) -> None:
    """Make an Ed25519 key: PATH (private) and PATH.pub.

    Both are OpenSSH files. Nothing is ever overwritten. Without PATH it becomes your own key, in defcore's
    configuration folder, and 'defcore sign' finds it there.
    """
    from defcore.attest import keys

    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True) if encrypt else None
    made = keys.generate()
    public = keys.write_pair(path or _own_key(), made, passphrase=passphrase, comment=comment)
    click.echo(made.public.keyid)
    click.echo(f"Public key: {public}. Keep the other one to yourself.", err=True)


@key.command("show")
@click.argument("path", type=FILE, required=False)
def key_show(path: Path | None) -> None:
    """Print the fingerprint of a key, private or public, by which reports name it."""
    from defcore.attest import keys

    click.echo(keys.load_either(path or _own_key(), _ask).keyid)


@click.group()
def product() -> None:
    """Describe what is being certified."""


@product.command("init")
@click.option("-o", "--output", type=FILE, default=Path("product.json"), show_default=True, help="Where to write it.")
@click.option("--vendor", help="Who makes it.")
@click.option("--product", "name", help="What it is called.")
@click.option("--version", help="Which version of it.")
@click.option("--release", help="The OpenStack release that it is built from, e.g. 2026.1.")
@options.guideline
@options.program
def product_init(
    output: Path,
    vendor: str | None,
    name: str | None,
    version: str | None,
    release: str | None,
    guideline: str | None,
    program: str | None,
) -> None:
    """Write a product.json to fill in, with every declaration that the program asks for."""
    from defcore.attest import product as products
    from defcore.cli.scoring import choose_program
    from defcore.files import write_whole
    from defcore.guideline import resolve

    source = resolve(guideline)
    made = products.template(
        source.guideline, choose_program(source, program), vendor=vendor, product=name, version=version, release=release
    )
    write_whole(output, products.dump(made), new=True)
    click.echo(output)
    click.echo(f"Fill in: {', '.join(made.placeholders())}", err=True)


@click.command()
@click.argument("run", type=FILE)
@click.option("--product", "product_file", type=FILE, required=True, help="Its product.json ('defcore product init').")
@click.option("--key", "key_file", type=FILE, help="The private key.  [default: your own key, 'defcore key new']")
@click.option(
    "-o", "--output", type=FILE, default=Path("report.dsse.json"), show_default=True, help="Where to write the report."
)
@options.guideline
@options.program
def sign(
    run: Path, product_file: Path, key_file: Path | None, output: Path, guideline: str | None, program: str | None
) -> None:
    """Sign the results of RUN (a run directory or its run.json)."""
    from defcore.attest import product as products
    from defcore.attest.render import limits
    from defcore.cli.scoring import choose_program
    from defcore.guideline import resolve
    from defcore.run.store import load_run

    record = load_run(run)
    source = resolve(guideline or record.guideline)
    described = products.load(product_file)
    wanted = choose_program(source, program or record.program)
    checked = sign_and_check(record, source, described, wanted.key, load_signer(key_file), output)
    click.echo(output)
    card = checked.card
    verdicts = f"interop: {card.interop.value}, mark: {card.mark.value}, level: {card.level}"
    click.echo(f"{verdicts}, key: {checked.signers[0]}", err=True)
    for line in limits(checked):
        click.echo(f"Note: {line}", err=True)


def load_signer(key_file: Path | None) -> PrivateKey:
    """Read the key that signs, asking for its passphrase; without ``key_file`` it is the user's own."""
    from defcore.attest.keys import load_private

    return load_private(key_file or _own_key(), _ask)


def sign_and_check(
    record: RunRecord, source: GuidelineFile, product: Product, program: str, signer: PrivateKey, output: Path
) -> Verification:
    """Sign a run, verify the report, and only then write it."""
    from defcore import __version__
    from defcore.attest.sign import sign as make_report
    from defcore.attest.verify import verify as check_report
    from defcore.cli.scoring import known
    from defcore.files import write_whole
    from defcore.score import KnownGuideline

    now = _now()
    report = make_report(
        source, record, product, signer, program=program, issued_at=now, runner_version=__version__, known=known()
    )
    here = [KnownGuideline.of(source)]
    checked = check_report(report, [signer.public], file=str(output), known=here, now=now)
    write_whole(output, report)
    return checked


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--key", "key_files", type=FILE, multiple=True, required=True, help="A public key that you trust (repeatable)."
)
@click.option(
    "--guideline",
    "guidelines",
    multiple=True,
    metavar="ID|FILE",
    help="A guideline that you trust, besides those that ship.",
)
@click.option("--require", "word", type=click.Choice(["pass", "eligible"]), help="Fail unless the report shows this.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
def verify(file: Path, key_files: tuple[Path, ...], guidelines: tuple[str, ...], word: str | None, form: str) -> None:
    """Check a signed report, offline: its signature, its guideline, its verdicts.

    Ends with 0 when what the report claims holds, whatever the verdict; 1 when it is refused; 2 when it is
    unreadable.
    """
    from defcore.attest import dsse
    from defcore.attest.keys import load_public
    from defcore.attest.render import verification_json, verification_text
    from defcore.attest.verify import require
    from defcore.attest.verify import verify as check_report
    from defcore.cli.scoring import known
    from defcore.files import read_bytes

    trusted: Sequence[PublicKey] = [load_public(path) for path in key_files]
    data = read_bytes(file, dsse.MAX_BYTES, "report-unreadable", "give the file that 'defcore sign' wrote")
    checked = check_report(data, trusted, file=str(file), known=known(guidelines), now=_now())
    if word is not None:
        require(checked, word, str(file))
    if form == "json":
        click.echo(json.dumps(verification_json(checked), indent=2))
    else:
        click.echo(verification_text(checked), nl=False)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _own_key() -> Path:
    """Return the place of the user's own key."""
    import platformdirs

    return platformdirs.user_config_path("defcore") / "key"


def _ask() -> str:
    try:
        passphrase: str = click.prompt("Passphrase of the key", hide_input=True, err=True)
    except click.Abort as error:
        hint = "run this in a terminal that can ask for it"
        raise InputError("key-encrypted", "the key needs its passphrase", hint=hint) from error
    return passphrase
