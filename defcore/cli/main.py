"""The command line: words in, one function called, lines out. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from defcore import __version__
from defcore.cli.lazy import LazyGroup
from defcore.errors import EXIT_INPUT, EXIT_UNTESTED, DefcoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "certify": ("defcore.cli.certify:certify", "Test a cloud, judge it, report, and sign: all in one."),
    "doctor": ("defcore.cli.doctor:doctor", "What stands in the way of a run, before anything is created."),
    "plan": ("defcore.cli.plan:plan", "What a run would do, create and take; nothing is changed."),
    "run": ("defcore.cli.run:run", "Run the tests of a program against a cloud."),
    "import": ("defcore.cli.importing:import_", "Take the results of another tool as a run."),
    "watch": ("defcore.cli.watch:watch", "Follow a run that is going on, or show one that has ended."),
    "reap": ("defcore.cli.reap:reap", "End what runs left on a cloud."),
    "score": ("defcore.cli.score:score", "Judge a run: the two verdicts."),
    "report": ("defcore.cli.report:report", "Render a run for people or for CI."),
    "compare": ("defcore.cli.compare:compare", "Put runs, reports and bundles side by side."),
    "product": ("defcore.cli.attest:product", "Describe the product that is certified."),
    "key": ("defcore.cli.key:key", "Make, choose and show the keys that sign."),
    "sign": ("defcore.cli.attest:sign", "Sign a run as reports that others can verify."),
    "disclose": ("defcore.cli.attest:disclose", "Open the exchanges of one test to a reviewer."),
    "verify": ("defcore.cli.attest:verify", "Check a signed report, offline, and score it again."),
    "suite": ("defcore.cli.suite:suite", "The tests as data, and tests of your own."),
    "sabotage": ("defcore.cli.sabotage:sabotage", "A cloud that lies about one thing, to see who notices."),
    "guideline": ("defcore.cli.guideline:guideline", "Read, check, compare and govern guidelines."),
    "bundle": ("defcore.cli.bundle:bundle", "Pack report, trust policy and acts into one file."),
    "badge": ("defcore.cli.bundle:badge", "Draw what a bundle proves, with a link to it."),
    "submit": ("defcore.cli.submit:submit", "Put a report in its place in a registry."),
    "registry": ("defcore.cli.registry:registry", "Keep, check and show a folder of signed reports."),
    "trust": ("defcore.cli.trust:trust", "Who may sign for whom, and since when."),
    "decide": ("defcore.cli.decide:decide", "Approve, admit, award, revoke: an authority's acts."),
    "tempest": ("defcore.cli.tempest:tempest", "The other engine: install it ahead of time, and its plugins."),
    "cloud": ("defcore.cli.cloud:cloud", "A real OpenStack to try things on: the reference cloud."),
}


@click.group(
    cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="defcore")
def cli() -> None:
    """Prove that a cloud is interoperable, and check such proofs.

    A vendor tests its own cloud with `defcore certify --cloud NAME`, where NAME is an entry of clouds.yaml.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every foreseen error is one line on stderr and its exit code."""
    try:
        code = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except DefcoreError as error:
        _say(str(error))
        code = error.exit_code
    except click.exceptions.Abort:
        _say("ended by the user")
        code = 130
    except click.ClickException as error:
        error.show()
        code = EXIT_INPUT
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_INPUT
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _say(f"{place}{error.strerror or error}")
        code = EXIT_INPUT
    except Exception as error:
        if os.environ.get("DEFCORE_DEBUG"):
            raise
        _say(f"defcore's own fault: {type(error).__name__}: {error} (set DEFCORE_DEBUG=1 for details, and tell us)")
        code = EXIT_UNTESTED
    sys.exit(code if isinstance(code, int) else 0)


def _say(line: str) -> None:
    click.echo(f"defcore: {line}", err=True)
