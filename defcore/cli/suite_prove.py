"""``defcore suite prove``: what do the tests notice?"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from defcore.cli import choice, options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.cloud.credential import Credential
    from defcore.sabotage.choose import Wish
    from defcore.sabotage.matrix import Matrix
    from defcore.sabotage.trials import Event, Head
    from defcore.suite import SuiteTest

PATH = click.Path(path_type=Path)
OWN = "a reference cloud"


@click.command()
@click.option("--cloud", "cloud_name", metavar="NAME", help="Entry of clouds.yaml  [default: a reference cloud]")
@choice.capabilities
@choice.tests
@click.option("--service", "services", multiple=True, metavar="S", help="Only the tests of this service (repeatable).")
@click.option("--kind", "kinds", multiple=True, metavar="K", help="Only this kind of fault (repeatable).")
@click.option("--variations/--no-variations", default=True, show_default=True, help="Try what honest clouds do, too.")
@click.option("-n", "workers", type=click.IntRange(1, 32), default=2, show_default=True, help="Trials at once.")
@click.option("--out", type=PATH, metavar="DIR", help="Where to write the proof  [default: proofs/TIME]")
@click.option("--resume", type=PATH, metavar="DIR", help="Go on with a proof that was cut off.")
@click.option("--live", is_flag=True, help="Send every trial to the cloud; none is replayed from recorded answers.")
@click.option("--time-limit", "minutes", type=click.IntRange(1), default=240, show_default=True, help="In minutes.")
@options.as_format
def prove(  # noqa: PLR0913, PLR0917 - as many as the command has options
    cloud_name: str | None,
    capabilities: tuple[str, ...],
    tests: tuple[str, ...],
    services: tuple[str, ...],
    kinds: tuple[str, ...],
    variations: bool,
    workers: int,
    out: Path | None,
    resume: Path | None,
    live: bool,
    minutes: int,
    as_format: str,
) -> None:
    """Prove the tests: run each with one lie of the cloud at a time, and see which of them it notices.

    Only lies that alter something which the test judges on a clean cloud are tried. Writes trials.jsonl, matrix.json,
    matrix.html, matrix.svg and strength.json. Ends with 1 for a false alarm (a test that fails under what honest
    clouds do), with 3 for a proof that is not finished.
    """
    import time

    from defcore.errors import EXIT_FAILED, EXIT_OK, EXIT_UNTESTED
    from defcore.sabotage.choose import Wish
    from defcore.sabotage.prove import check, unfinished
    from defcore.sabotage.prove import prove as carry_out
    from defcore.sabotage.show import text
    from defcore.sabotage.trials import read
    from defcore.suite import collect, digest, suite_dir

    suite, folder = collect(suite_dir()), suite_dir()
    if resume:
        if cloud_name or capabilities or tests or services or kinds or out:
            raise click.UsageError(
                "--resume takes everything but -n, --live, --time-limit and --format from the proof itself"
            )
        place, head = resume, read(resume)[0]
    else:
        place = out or Path("proofs") / time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        wish = Wish(capabilities, tests, services)
        head = _head(cloud_name, wish, kinds, variations, suite, digest(folder))
        _begin(place, head)
    chosen = [suite[test_id] for test_id in head.tests if test_id in suite]
    click.echo(f"{len(chosen)} tests ({head.selection}), written to {place}", err=True)
    check(place, digest(folder))
    if unfinished(place):
        with _cloud(head.cloud, chosen) as credentials, Counter() as progress:
            carry_out(
                place, suite, folder, credentials, workers=workers, limit=60.0 * minutes, told=progress.told, live=live
            )
    found = _write(place, suite)
    if as_format == "json":
        click.echo((place / "matrix.json").read_text(encoding="utf-8"), nl=False)
    else:
        for line in text(found):
            click.echo(line)
    failed = any(item.outcome == "failed" for item in found.alarms)
    raise SystemExit(EXIT_UNTESTED if found.left else EXIT_FAILED if failed else EXIT_OK)


def _head(
    cloud: str | None,
    wish: Wish,
    kinds: Sequence[str],
    variations: bool,
    suite: dict[str, SuiteTest],
    digest: str,
) -> Head:
    from defcore.errors import InputError
    from defcore.guideline import resolve
    from defcore.sabotage.choose import chosen
    from defcore.sabotage.kinds import KINDS
    from defcore.sabotage.prove import fresh
    from defcore.sabotage.variations import VARIATIONS

    if unknown := [word for word in kinds if word not in KINDS]:
        hint = "'defcore sabotage kinds' lists them"
        raise InputError("unknown-fault", f"{unknown[0]!r} is no kind of fault", hint=hint)
    found, selection = chosen(resolve().guideline, suite, wish)
    words = [word for word in KINDS if word in kinds or not kinds]
    ids = [test.meta.id for test in found]
    return fresh(digest, cloud or OWN, selection, words, list(VARIATIONS) if variations else [], ids)


def _begin(place: Path, head: Head) -> None:
    from defcore.errors import InputError
    from defcore.sabotage.prove import begin

    hint = "name another directory with --out, or go on with --resume"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(place.iterdir()):
            what = "is not empty; a proof needs a directory of its own"
            raise InputError("not-empty", what, where=str(place), hint=hint)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise InputError("cannot-write", what, where=str(place), hint=hint) from error
    begin(place, head)


@contextlib.contextmanager
def _cloud(name: str, tests: Sequence[SuiteTest]) -> Iterator[dict[str, Credential]]:
    """Give the credentials of the cloud, or of one that is started and ended here."""
    from defcore.cloud.credential import read_credentials
    from defcore.cloud.target import Target
    from defcore.sabotage.choose import LIGHT, light

    if name != OWN:
        credentials = read_credentials(name)
        Target(credentials["main"]).token()
        yield credentials
        return
    from defcore import refcloud
    from defcore.refcloud.services import SERVICES

    home = refcloud.Home.default(os.environ.get("DEFCORE_CACHE"))
    services = sorted(LIGHT) if light(tests) else SERVICES
    with refcloud.running(home, f"proof-{os.getpid()}", services=services) as cloud:
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
        yield read_credentials(cloud.name)


class Counter:
    """Says on stderr how far a proof is: in place on a terminal, else every hundred trials."""

    def __init__(self) -> None:
        self._done = 0
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._done:
            click.echo(err=True)

    def told(self, event: Event, left: int) -> None:
        """Count a trial; ``left`` grows while tests bring their faults."""
        del event
        self._done += 1
        if self._live:
            click.echo(f"\r{self._done} done, {left} known to be left ", nl=False, err=True)
        elif self._done % 100 == 0:
            click.echo(f"{self._done} done, {left} known to be left", err=True)


def _write(place: Path, suite: dict[str, SuiteTest]) -> Matrix:
    from defcore.files import write_together
    from defcore.sabotage.matrix import matrix, matrix_json, strength
    from defcore.sabotage.show import html, svg
    from defcore.sabotage.survivors import explained
    from defcore.sabotage.trials import read
    from defcore.suite import suite_dir
    from defcore.suite.collect import STRENGTH
    from defcore.suite.strength import dump

    found = matrix(*read(place), suite, explained(suite_dir()))
    value = json.dumps(matrix_json(found), indent=1, ensure_ascii=False) + "\n"
    write_together(
        {
            place / "matrix.json": value.encode(),
            place / "matrix.html": html(found).encode(),
            place / "matrix.svg": svg(found).encode(),
            place / STRENGTH: dump(strength(found)),
        }
    )
    return found
