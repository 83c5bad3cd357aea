"""Words that say what is to be run, as whom, and how: ``run``, ``certify``, ``plan`` and ``doctor`` share them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
WORKERS = 4
workers = click.option(
    "-n", "workers", type=click.IntRange(1, 32), default=WORKERS, show_default=True, help="Tests at the same time."
)
programs = click.option(
    "--program", "programs", multiple=True, metavar="P", help="Key, name or component; the tests of several are joined."
)
region = click.option("--region", metavar="R", help="Region to look at  [default: the one of the entry]")
tests = click.option(
    "--test", "tests", multiple=True, metavar="ID", help="Only this test (may be given several times)."
)
capabilities = click.option(
    "--capability", "capabilities", multiple=True, metavar="C", help="Only the tests of this capability."
)
pins = click.option(
    "--pins", type=click.Path(path_type=Path), metavar="FILE", help="Image, flavor, network … to use, in TOML."
)
suites = click.option(
    "--suite",
    "suites",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Add the tests and guidelines of another suite; its code is run (repeatable).",
)
no_doctor = click.option("--no-doctor", is_flag=True, help="Begin without looking what stands in the way.")
ENGINES = ("native", "tempest")


def engine(function: Command) -> Command:
    """Add the options that say who runs the tests."""
    function = click.option(
        "--tempest-conf",
        "own",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Options of tempest.conf that take the place of those found out.",
    )(function)
    return click.option(
        "--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True, help="Who runs the tests."
    )(function)


_CREDENTIALS = {
    "alt": "a second project",
    "empty": "a project that holds nothing",
    "reader": "the role reader",
    "reseller": "the role ResellerAdmin",
    "spare": "a user whose password may be changed",
}


def credentials(function: Command) -> Command:
    """Add the options that name further entries of ``clouds.yaml``."""
    for role, what in reversed(_CREDENTIALS.items()):
        text = f"Entry for {what}  [default: CLOUD-{role}]"
        function = click.option(f"--{role}", metavar="NAME", help=text)(function)
    return function
