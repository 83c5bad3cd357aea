"""``defcore cloud``: a real OpenStack on this machine, to try things on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from defcore.refcloud import CloudStatus, Home

NAME = click.option("--name", default="refcloud", show_default=True, help="Which cloud.")

SERVICES = click.option("--services", metavar="A,B", help="Only these and what they need, e.g. identity,object-store.")


@click.group()
def cloud() -> None:
    """Run a reference cloud: a real OpenStack, without privileges, on 127.0.0.1."""


def _home() -> Home:
    """Give the folders of the reference cloud; DEFCORE_CACHE names another place for all of them."""
    from defcore.refcloud import Home

    return Home.default(os.environ.get("DEFCORE_CACHE"))


def _words(services: str | None) -> list[str] | None:
    """Take the words between the commas."""
    return services.split(",") if services is not None else None


def _tell(line: str) -> None:
    """Tell people about progress."""
    click.echo(line, err=True)


@cloud.command()
@SERVICES
@click.option(
    "--profile", metavar="plain|odd|slow|flawed", default="plain", show_default=True, help="Which template to build."
)
def install(services: str | None, profile: str) -> None:
    """Install the packages of the reference cloud into an environment of their own, and build a template."""
    from defcore import refcloud

    click.echo(refcloud.install(_home(), services=_words(services), profile=profile, tell=_tell))


@cloud.command()
@NAME
@SERVICES
@click.option("--profile", metavar="plain|odd|slow|flawed", help="How the cloud looks to its users.  [default: plain]")
@click.option("--port", type=click.IntRange(1, 65535), help="First of its consecutive ports.")
def up(name: str, services: str | None, profile: str | None, port: int | None) -> None:
    """Start a cloud and print its clouds.yaml."""
    from defcore import refcloud

    started = refcloud.up(_home(), name, services=_words(services), profile=profile, port=port, tell=_tell)
    click.echo(started.yaml, nl=False)


@cloud.command()
@NAME
@click.option("--keep", is_flag=True, help="Keep its data for the next up.")
def down(name: str, keep: bool) -> None:
    """End a cloud and remove its data."""
    from defcore import refcloud

    refcloud.down(_home(), name, keep=keep, tell=_tell)


@cloud.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output."
)
def status(form: str) -> None:
    """List clouds with their services, ports and processes."""
    from dataclasses import asdict

    from defcore import refcloud

    found = refcloud.status(_home())
    click.echo(json.dumps([asdict(one) for one in found], indent=2) if form == "json" else _table(found))


def _table(found: list[CloudStatus]) -> str:
    """Write the clouds as lines of text."""
    lines = []
    for one in found:
        lines.append(f"{one.name}: {one.state} ({one.profile}), {one.data}")
        lines += [f"  {s.service:<14} port {s.port:<6} pid {s.pid or '-':<8} {s.health}" for s in one.services]
    return "\n".join(lines) or "no cloud"


@cloud.command()
@NAME
@click.option("--lines", type=click.IntRange(1), default=40, show_default=True, help="How many of each log.")
@click.argument("service", required=False)
def logs(name: str, lines: int, service: str | None) -> None:
    """Print the end of the logs, of one SERVICE or of all."""
    from defcore import refcloud

    click.echo(refcloud.logs(_home(), name, service, lines), nl=False)


@cloud.command()
def uninstall() -> None:
    """Remove what was installed; refuses while a cloud is up."""
    from defcore import refcloud

    refcloud.uninstall(_home(), tell=_tell)
