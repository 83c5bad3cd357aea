"""``defcore sabotage``: a cloud that lies about one thing."""

from __future__ import annotations

import json
from pathlib import Path

import click

from defcore.cli import options


@click.group()
def sabotage() -> None:
    """Put a lie in front of a real cloud, to see who notices."""


@sabotage.command()
@options.as_format
def kinds(as_format: str) -> None:
    """List the kinds of fault, and what each makes a cloud do."""
    from defcore.sabotage.kinds import KINDS

    if as_format == "json":
        rows = [{"id": kind.id, "says": kind.says, "needs": kind.needs} for kind in KINDS.values()]
        click.echo(json.dumps(rows, indent=1))
        return
    for kind in KINDS.values():
        click.echo(f"{kind.id:<22} {kind.says}")


@sabotage.command()
@options.cloud
@click.option(
    "--fault", "word", required=True, metavar="'KIND OPERATION'", help="As 'wrong-status GET /servers/{server_id}'."
)
@click.option("--port", type=click.IntRange(0, 65500), default=0, show_default=True, help="First port; 0: any.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a clouds.yaml that leads through it."
)
def serve(cloud_name: str, word: str, port: int, output: Path | None) -> None:
    """Serve a cloud that breaks one promise of one operation, until it is ended with Ctrl-C.

    Prints the auth_url to log in at; the catalogue leads on to the proxy. FILE holds the entry NAME and its auxiliary
    ones with their secrets, for you alone to read. Each altered answer is told on stderr.
    """
    import contextlib
    import signal

    from defcore.cloud.credential import read_credentials
    from defcore.cloud.target import Target
    from defcore.sabotage.entries import through, write
    from defcore.sabotage.kinds import read_fault
    from defcore.sabotage.proxy import Proxy, addresses
    from defcore.sabotage.recognise import Recogniser
    from defcore.suite import suite_dir
    from defcore.suite.operations import known_names, load

    names = known_names(load(suite_dir()))
    fault = read_fault(word, names)
    credentials = read_credentials(cloud_name)
    main = credentials["main"]
    target = Target(main)
    proxy = Proxy(
        addresses(target),
        fault,
        Recogniser(names),
        verify=main.verify,
        cert=main.cert,
        told=lambda line: click.echo(line, err=True),
        port=port,
    )
    with proxy.serving():
        if output:
            write(output, through(credentials, proxy.here))
        click.echo(proxy.here(target.auth_url))
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            while True:
                signal.pause()
    click.echo(f"{proxy.altered} answers were altered", err=True)
