"""``defcore certify``: the whole way in one command."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import choice, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.attest.keys import Signer
    from defcore.run.certify import Done


@click.command()
@options.cloud
@options.program
@options.guideline
@options.product
@click.option("--key", "key_word", metavar="FILE|SHA256:...", help="Private key, or one in your ssh-agent.")
@choice.workers
@choice.engine
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Run directory  [default: runs/CLOUD-TIME]")
@choice.pins
@choice.suites
@choice.no_doctor
def certify(  # noqa: PLR0913, PLR0917 - as many as the command has options
    cloud_name: str,
    program: str | None,
    guideline: str | None,
    product_file: Path | None,
    key_word: str | None,
    workers: int,
    engine: str,
    own: Path | None,
    out: Path | None,
    pins: Path | None,
    suites: tuple[Path, ...],
    no_doctor: bool,
) -> None:
    """Test a cloud, judge it, report, and sign: all in one.

    Writes report.html beside the run. With --product (see `defcore product init`) it also signs report.dsse.json and
    report.public.dsse.json and verifies them; without, it says how to. Exit code: 0 pass, 1 fail, 3 untested.
    """
    from defcore.attest.product import load as load_product
    from defcore.attest.sign import check_filled
    from defcore.cli.doctor import warn
    from defcore.cli.keyring import choose_signer
    from defcore.cli.progress import Bar
    from defcore.cli.tempest import chosen
    from defcore.run.certify import Request, carry_out

    signer = None
    if product_file:
        # What could not be signed afterwards is told before the run.
        check_filled(load_product(product_file))
        signer = choose_signer(key_word)
    steps = _Steps()
    request = Request(
        cloud=cloud_name,
        guideline=guideline,
        program=program,
        workers=workers,
        out=out,
        pins=pins,
        suites=suites,
        tempest=chosen(engine, own),
    )
    with steps.timed("run"), Bar() as bar:
        done = carry_out(
            request, started=bar.started, progress=bar.progress, examined=None if no_doctor else partial(warn, "")
        )
    bar.summary(done.record)
    raise SystemExit(_tell(done, product_file, signer, steps))


def _tell(done: Done, product_file: Path | None, signer: Signer | None, steps: _Steps) -> int:
    """Judge a run, write its report, sign it where there is a key; return the exit code."""
    from defcore.cli.attest import public_beside, sign_and_check
    from defcore.cli.scoring import latencies, scored
    from defcore.files import write_whole
    from defcore.report import build_view, render

    with steps.timed("score"):
        found = scored([done.out], None, done.program, product_file)
    view = build_view(found.card, done.record, found.product, found.moment, latencies(done.out))
    page = done.out / "report.html"
    with steps.timed("report"):
        write_whole(page, render("html", view).encode())
    click.echo(render("text", view), nl=False)
    if signer and found.product:
        signed = done.out / "report.dsse.json"
        with steps.timed("sign and verify"):
            sign_and_check(done.record, found.source, found.product, done.program, signer, signed, done.out)
        click.echo(f"signed report: {signed} (public: {public_beside(signed).name})")
    else:
        click.echo(f"to sign it: defcore product init; fill it in; defcore sign {done.out} --product product.json")
    click.echo(f"report:        {page}")
    click.echo(f"steps:         {steps}")
    return found.card.interop.exit_code


class _Steps:
    """How long each step took."""

    def __init__(self) -> None:
        self._steps: list[tuple[str, float]] = []

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._steps.append((name, time.monotonic() - began))

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self._steps)
