"""Makes anew what is made of the suite: ``capabilities/operations.json`` and ``docs/suite``.

Runs every test of the suite, whatever a guideline asks for, on a full reference cloud of its own (about a minute). A
test that does not pass there, for it needs what the reference cloud lacks, keeps the operation that it declares.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from defcore import __version__
from defcore import refcloud as reference
from defcore.cloud.credential import read_credentials
from defcore.files import write_together
from defcore.guideline import resolve
from defcore.refcloud.services import SERVICES
from defcore.run.journal import PlannedTest
from defcore.run.plan import Plan, slow_first
from defcore.run.pool import Options
from defcore.run.record import Cloud, Engine, RunRecord
from defcore.run.runner import make_directory, run
from defcore.suite import collect, digest, suite_dir
from defcore.suite.cards import catalogue
from defcore.suite.document import documents
from defcore.suite.operations import FILE, Operations, dump, merged, seen

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "suite"


def ran(folder: Path) -> RunRecord:
    """Run the whole suite on a cloud that is ended afterwards; the run directory is ``folder / "run"``."""
    suite = collect(suite_dir())
    listed = tuple(PlannedTest(id=key, name=test.node, revision=test.meta.revision) for key, test in suite.items())
    home = reference.Home(cache=reference.Home.default().cache, state=folder / "clouds")
    with reference.running(home, "suite-data", services=SERVICES) as cloud:
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
        make_directory(folder / "run")
        return run(
            Plan(tuple(slow_first(suite.values())), listed, partial=False, selection="", guideline="", program=""),
            read_credentials(cloud.name),
            folder / "run",
            suite=suite_dir(),
            cloud=Cloud(name=cloud.name, auth_url="http://127.0.0.1"),
            engine=Engine(name="native", version=__version__, suite_digest=digest(suite_dir())),
            options=Options(),
            progress=lambda step: click.echo(f"\r{step.done}/{step.total}", nl=False, err=True),
        )


def main() -> None:
    """Run, record, render."""
    with tempfile.TemporaryDirectory() as place:
        record = ran(Path(place))
        found = merged(Operations(), [seen(Path(place) / "run", record)], collect(suite_dir()))
    write_together({suite_dir() / FILE: dump(found)})
    guideline = resolve().guideline
    for page in PAGES.glob("*.md"):
        page.unlink()
    pages = documents(catalogue(guideline, suite_dir()), guideline)
    write_together({PAGES / name: text.encode() for name, text in pages.items()})
    click.echo(f"\r{len(found.tests)} of {len(record.results)} tests recorded; {len(pages)} pages in docs/suite")
    for result in record.results:
        if result.id not in found.tests:
            click.echo(f"not recorded: {result.name}: {result.outcome.value}")


if __name__ == "__main__":
    main()
