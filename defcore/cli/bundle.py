"""``defcore bundle`` and ``defcore badge``: one file that proves it all, and a picture that says what it proves."""

from __future__ import annotations

import re
from pathlib import Path

import click

from defcore.cli import trusted as shared
from defcore.errors import InputError

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=FILE, default=Path("bundle.json"), show_default=True, help="Where to write it.")
def bundle(files: tuple[Path, ...], output: Path) -> None:
    """Pack a report, a trust policy and acts into one file that anybody can verify offline.

    FILES can be reports, trust policies, acts and other bundles, in any order: their content tells what they are.
    Nothing is packed that does not verify.
    """
    from defcore.attest import bundle as bundles
    from defcore.attest import chain
    from defcore.attest.verdict import headline
    from defcore.files import write_whole

    parts = shared.gather(files)
    packed = bundles.dump(parts, str(output))
    pin = chain.read(parts.trust, "the trust policy").pin
    found = shared.judged(bundles.parse(packed, str(output)), pin, shared.now(), None, str(output))
    write_whole(output, packed)
    click.echo(output)
    click.echo(headline(found), err=True)
    click.echo(f"Check it: defcore verify {output} --trust {pin}", err=True)


@click.command()
@click.argument("bundle_file", metavar="BUNDLE", type=FILE)
@shared.trust_option
@shared.at_option
@click.option("--guideline", "guidelines", multiple=True, metavar="ID|FILE", help="A guideline that you trust.")
@click.option("--link", default="", help="Where the badge leads: the address at which BUNDLE can be had.")
@click.option(
    "--format", "form", type=click.Choice(["svg", "shields"]), default="svg", show_default=True, help="What to write."
)
@click.option("-o", "--output", type=FILE, default=Path("-"), help="Where to write it; '-' is stdout.")
def badge(
    bundle_file: Path,
    trust_word: str | None,
    at: str | None,
    guidelines: tuple[str, ...],
    link: str,
    form: str,
    output: Path,
) -> None:
    """Draw a badge that says what BUNDLE proves today: guideline, level, expiry.

    A picture does not age by itself: draw it again when an award ends. shields is for the endpoint badges of
    shields.io.
    """
    from defcore.attest import badge as badges
    from defcore.files import write_whole

    if re.match(r"(?!https?:)[^/?#]*:", link):
        raise InputError("bad-link", f"{link!r} is no address that a badge can lead to", hint="like https://…")
    parts = shared.gather([bundle_file])
    found = shared.judged(parts, trust_word, shared.moment(at), guidelines, str(bundle_file))
    made = badges.badge(found, str(bundle_file))
    content = badges.svg(made, link) if form == "svg" else badges.shields(made)
    if str(output) == "-":
        click.echo(content, nl=False)
        return
    write_whole(output, content)
    click.echo(f"{output}: {made.title}", err=True)
