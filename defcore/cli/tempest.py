"""``defcore tempest``: the other engine's installation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.run.certify import Tempest


@click.group()
def tempest() -> None:
    """Tempest, installed for `--engine tempest`: a pinned version in an environment of its own."""


@tempest.command()
@click.argument("plugins", nargs=-1, metavar="[dns|orchestration]...")
@click.option("--again", is_flag=True, help="Make the environment anew, without the plugins that it had.")
def install(plugins: tuple[str, ...], again: bool) -> None:
    """Install Tempest ahead of time, and the plugins that some tests need; print the environment's folder."""
    from defcore.tempest import environment

    found = environment.ensure(environment.home(_override()), _tell, plugins, again=again)
    click.echo(str(found.venv))


def chosen(engine: str, own: Path | None) -> Tempest | None:
    """Return what the words of a command say of Tempest; None when it is not meant."""
    from defcore.run.certify import Tempest
    from defcore.tempest import environment

    if engine == "native":
        if own:
            raise click.UsageError("--tempest-conf goes with --engine tempest")
        return None
    return Tempest(environment.home(_override()), own, _tell)


def _override() -> str | None:
    """DEFCORE_CACHE names another place for all that is installed."""
    return os.environ.get("DEFCORE_CACHE")


def _tell(line: str) -> None:
    click.echo(line, err=True)
