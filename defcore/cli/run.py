"""``defcore run``."""

from __future__ import annotations

from pathlib import Path

import click

from defcore.cli import options


@click.command()
@options.cloud
@options.program
@options.guideline
@click.option("--test", "tests", multiple=True, metavar="ID", help="Only this test (may be given several times).")
@click.option("--capability", "capabilities", multiple=True, metavar="C", help="Only the tests of this capability.")
@click.option("-n", "workers", type=click.IntRange(1, 32), default=4, show_default=True, help="Tests at the same time.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Run directory  [default: runs/CLOUD-TIME]")
@click.option("--alt", metavar="NAME", help="Entry for a second project  [default: CLOUD-alt]")
@click.option("--empty", metavar="NAME", help="Entry for a project that holds nothing  [default: CLOUD-empty]")
@click.option("--reader", metavar="NAME", help="Entry with the role reader  [default: CLOUD-reader]")
@click.option("--reseller", metavar="NAME", help="Entry with the role ResellerAdmin  [default: CLOUD-reseller]")
def run(
    cloud_name: str,
    program: str | None,
    guideline: str | None,
    tests: tuple[str, ...],
    capabilities: tuple[str, ...],
    workers: int,
    out: Path | None,
    **named: str | None,
) -> None:
    """Run the tests of a program against a cloud.

    Shows the failures as they come and writes a run directory, which `defcore score` and `defcore report` read. Ctrl-C
    ends it tidily.
    """
    from defcore.cli.progress import Bar
    from defcore.run.certify import Request, carry_out, exit_code

    request = Request(
        cloud=cloud_name,
        named={role: name for role, name in named.items() if name},
        guideline=guideline,
        program=program,
        tests=tests,
        capabilities=capabilities,
        workers=workers,
        out=out,
    )
    with Bar() as bar:
        done = carry_out(request, started=bar.started, progress=bar.progress)
    bar.summary(done.record)
    click.echo(str(done.out))
    raise SystemExit(exit_code(done))
