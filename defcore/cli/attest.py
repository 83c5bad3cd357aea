"""``defcore product``, ``sign``, ``disclose`` and ``verify``: from a run to reports that anybody can check."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import options, trusted
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PublicKey, Signer
    from defcore.attest.verify import Verification
    from defcore.guideline.model import GuidelineFile
    from defcore.run.record import RunRecord
    from defcore.score.product import Product

FILE = click.Path(path_type=Path)


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
@click.option("--key", "key_word", metavar="FILE|SHA256:...", help="A private key's file, or a key in your ssh-agent.")
@click.option(
    "-o", "--output", type=FILE, default=Path("report.dsse.json"), show_default=True, help="Where to write the report."
)
@click.option("--sshsig", "with_sshsig", is_flag=True, help="Also write FILE.sig, which 'ssh-keygen -Y verify' takes.")
@options.guideline
@options.program
def sign(
    run: Path,
    product_file: Path,
    key_word: str | None,
    output: Path,
    with_sshsig: bool,
    guideline: str | None,
    program: str | None,
) -> None:
    """Sign the results of RUN (a run directory or its run.json).

    Writes two reports: the full one, to be submitted, and beside it (report.public.dsse.json) the one that may be
    published, with the passes only. Without --key the key in use signs ('defcore key use'), or else your own.
    """
    from defcore.attest import product as products
    from defcore.attest.render import limits
    from defcore.attest.sshsig import SUFFIX
    from defcore.cli.keyring import choose_signer
    from defcore.cli.scoring import choose_program
    from defcore.guideline import resolve
    from defcore.run.store import load_run

    record = load_run(run)
    source = resolve(guideline or record.guideline)
    described = products.load(product_file)
    wanted = choose_program(source, program or record.program)
    checked = sign_and_check(
        record, source, described, wanted.key, choose_signer(key_word), output, run, with_sshsig=with_sshsig
    )
    for path in (output, public_beside(output)):
        click.echo(path)
        if with_sshsig:
            click.echo(f"{path}{SUFFIX}")
    card = checked.card
    verdicts = f"interop: {card.interop.value}, mark: {card.mark.value}, level: {card.level}"
    click.echo(f"{verdicts}, key: {checked.signers[0]}", err=True)
    for line in limits(checked):
        click.echo(f"Note: {line}", err=True)
    if not run.is_dir():
        click.echo("Note: only its record was given; sign the run directory to bind its evidence too", err=True)


def sign_and_check(
    record: RunRecord,
    source: GuidelineFile,
    product: Product,
    program: str,
    signer: Signer,
    output: Path,
    run: Path,
    *,
    with_sshsig: bool = False,
) -> Verification:
    """Sign a run, full and public, verify both, and only then write them.

    ``run`` is where the evidence lies when it is a directory; a record alone has none.
    """
    from defcore import __version__
    from defcore.attest import evidence
    from defcore.attest.sign import sign_pair, sshsig_of
    from defcore.attest.sshsig import SUFFIX
    from defcore.attest.statement import NO_EVIDENCE
    from defcore.attest.verify import verify as check_report
    from defcore.cli.scoring import known
    from defcore.files import write_together
    from defcore.score import KnownGuideline

    now = _now()
    pair = sign_pair(
        source,
        record,
        product,
        signer,
        program=program,
        issued_at=now,
        runner_version=__version__,
        known=known(),
        evidence=evidence.commit(run, record.by_id()) if run.is_dir() else NO_EVIDENCE,
    )
    here = [KnownGuideline.of(source)]
    files = {output: pair.full, public_beside(output): pair.public}
    checked, _ = (
        check_report(data, [signer.public], file=str(path), known=here, now=now) for path, data in files.items()
    )
    if with_sshsig:
        files |= {path.with_name(path.name + SUFFIX): sshsig_of(data, signer) for path, data in files.items()}
    write_together(files)
    return checked


def public_beside(full: Path) -> Path:
    """Return where the public report goes: ``report.public.dsse.json`` beside ``report.dsse.json``."""
    end = ".dsse.json"
    return full.with_name(full.name.removesuffix(end) + ".public" + (end if full.name.endswith(end) else ""))


@click.command()
@click.argument("run", type=FILE)
@click.option("--test", required=True, metavar="ID", help="The test whose exchanges are opened.")
@click.option("-o", "--output", type=FILE, help="Where to write it.  [default: disclosure-ID.json]")
def disclose(run: Path, test: str, output: Path | None) -> None:
    """Open the exchanges of one test of a signed RUN directory to a reviewer.

    The file holds requests and answers as they were kept, secrets cut out; read it before you hand it on. The reviewer
    checks it with 'defcore verify REPORT --key K --disclosure FILE'.
    """
    from defcore.attest import disclosure
    from defcore.files import write_whole

    opened = disclosure.disclose(run, test)
    place = output or Path(f"disclosure-{test}.json")
    write_whole(place, opened)
    click.echo(place)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--key", "key_files", type=FILE, multiple=True, help="A public key that you trust (repeatable), for a report alone."
)
@trusted.trust_option
@trusted.at_option
@click.option(
    "--guideline",
    "guidelines",
    multiple=True,
    metavar="ID|FILE",
    help="A guideline that you trust, besides those that ship.",
)
@click.option("--full", "full_file", type=FILE, help="The full report, to compare a public one with.")
@click.option("--disclosure", "disclosures", type=FILE, multiple=True, help="Exchanges that were opened (repeatable).")
@click.option(
    "--require", "word", type=click.Choice(["pass", "eligible", "awarded"]), help="Fail unless FILE shows this."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
def verify(
    file: Path,
    key_files: tuple[Path, ...],
    trust_word: str | None,
    at: str | None,
    guidelines: tuple[str, ...],
    full_file: Path | None,
    disclosures: tuple[Path, ...],
    word: str | None,
    form: str,
) -> None:
    """Check FILE offline: a report (full or public), a bundle, an act, a trust policy.

    With --key a report is checked by the keys that you name; with --trust everything is checked by the authority that
    you name. Ends with 0 when what the file claims holds, whatever the verdict; 1 when it is refused; 2 when it is
    unreadable.
    """
    from defcore.attest import disclosure, dispatch, dsse
    from defcore.attest.keys import load_public
    from defcore.attest.public import check_pair
    from defcore.attest.render import verification_json, verification_text
    from defcore.attest.verify import require
    from defcore.attest.verify import verify as check_report
    from defcore.cli.scoring import known
    from defcore.files import read_bytes

    if not key_files:
        trusted.verify(trusted.Question(file, trust_word, at, guidelines, full_file, disclosures), word=word, form=form)
        return
    if trust_word is not None or word == "awarded":
        what = "--key trusts a key and --trust an authority: only one of them can judge, and only --trust an award"
        raise InputError("two-anchors", what, hint="leave out --key")
    if dispatch.kind_of(trusted.read(file)) is not dispatch.Kind.REPORT:
        what = "is no report: a key alone cannot judge it"
        raise InputError("no-report", what, where=str(file), hint="name an authority: --trust PIN or FILE")
    given: Sequence[PublicKey] = [load_public(path) for path in key_files]
    held, now = known(guidelines), trusted.moment(at) if at else _now()

    def check(path: Path) -> Verification:
        data = read_bytes(path, dsse.MAX_BYTES, "report-unreadable", "give the file that 'defcore sign' wrote")
        return check_report(data, given, file=str(path), known=held, now=now)

    checked = check(file)
    if full_file:
        check_pair(checked, check(full_file), str(file))
    opened = tuple(
        disclosure.check(
            read_bytes(path, disclosure.MAX_BYTES, "disclosure-unreadable", disclosure.HINT), checked, str(path)
        )
        for path in disclosures
    )
    if word is not None:
        require(checked, word, str(file))
    paired = full_file is not None
    if form == "json":
        click.echo(json.dumps(verification_json(checked, paired=paired, opened=opened), indent=2))
    else:
        click.echo(verification_text(checked, paired=paired, opened=opened), nl=False)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
