"""``defcore registry serve``, and what its keeper does beside it: health, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.cli import trusted
from defcore.errors import InputError

if TYPE_CHECKING:
    from defcore.registry.store import Folder

FILE = click.Path(path_type=Path)
private_option = click.option(
    "--private",
    type=FILE,
    help="Folder of what is shown to nobody: full reports, receipts, their key, the index.  [default: DIR-private]",
)


@click.command()
@click.argument("root", metavar="DIR", type=FILE)
@private_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--proxy", metavar="ADDRESS", help="The proxy in front, whose X-Forwarded-For is believed.")
@click.option(
    "--submissions-per-minute",
    "rate",
    default=60,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Of one address.",
)
def serve(root: Path, private: Path | None, host: str, port: int, proxy: str | None, rate: int) -> None:
    """Serve the registry in DIR: its pages, submission by page and by `defcore submit --registry`, /api/v1.

    The folder stays the truth: what is made from it is made anew whenever it is missing or out of date.
    """
    import signal
    import sys
    import time

    try:
        from defcore.registry.serve.app import application
        from defcore.registry.serve.run import address, listen, server
    except ModuleNotFoundError as error:
        hint = "pip install 'defcore[registry]'"
        raise InputError("no-server", f"{error.name} is not installed, which serving takes", hint=hint) from error
    from defcore.registry.serve.desk import Desk
    from defcore.suite import collect, suite_dir

    folder = folder_of(root, private)
    # A service manager ends us in order: what is under way is ended first, and nothing went wrong.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listen(host, port) as opened:
        desk = Desk(folder, trusted.now)
        try:
            suite = collect(suite_dir())
            app = application(desk, suite, time.monotonic, submissions_per_minute=rate)
            click.echo(f"{desk.count()} reports; {desk.judged} judged anew.", err=True)
            click.echo(f"Receipts are signed by {desk.key.public.keyid}.", err=True)
            click.echo(address(opened))
            server(app, proxy=proxy).run(sockets=[opened])
        finally:
            desk.close()


def folder_of(root: Path, private: Path | None) -> Folder:
    """Return a registry's folder with its private one. Raises InputError."""
    from defcore.registry.store import Folder

    whole = root.resolve()
    apart = (private or whole.with_name(f"{whole.name}-private")).resolve()
    if apart == whole or whole in apart.parents or apart in whole.parents:
        what = "lies in the registry's folder, or holds it"
        raise InputError("not-private", what, where=str(apart), hint="name a folder beside it with --private")
    return Folder(root, apart)


@click.command()
@click.argument("url", metavar="URL")
def health(url: str) -> None:
    """Ask the registry served at URL whether it is well; ends with 3 when it is not."""
    from defcore.registry.client import health as ask

    found = ask(url)
    click.echo(f"ok: {found['reports']} reports, defcore {found['version']}")


@click.command()
@click.argument("root", metavar="DIR", type=FILE)
@private_option
@click.option("-o", "--output", type=FILE, required=True, help="A new file, for its owner's eyes only.")
def backup(root: Path, private: Path | None, output: Path) -> None:
    """Write the registry in DIR, with what is private, into one file; a server may go on meanwhile."""
    from defcore.registry.backup import backup as write

    folder = folder_of(root, private)
    if folder.private is not None and not folder.private.is_dir():
        raise InputError("no-private", "is not there", where=str(folder.private), hint="name it with --private")
    count = write(folder, output)
    click.echo(f"{output}: {count} files", err=True)


@click.command()
@click.argument("source", metavar="FILE", type=FILE)
@click.argument("root", metavar="DIR", type=FILE)
@private_option
def restore(source: Path, root: Path, private: Path | None) -> None:
    """Make the registry in DIR anew from FILE, which 'defcore registry backup' wrote; DIR must not be there yet."""
    from defcore.registry.backup import restore as read

    count = read(source, folder_of(root, private))
    click.echo(f"{root}: {count} files", err=True)
