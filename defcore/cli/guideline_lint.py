"""``defcore guideline lint``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option(
    "--previous",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The guideline before  [default: the one among PATH… that it says it replaces]",
)
@click.option(
    "--git",
    "repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="REPO",
    help="Check the history of the guidelines in a git repository too.",
)
@click.option(
    "--exceptions",
    "exceptions_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Justified exceptions  [default: NAME.exceptions.json beside NAME.json]",
)
@click.option("--no-exceptions", is_flag=True, help="Show everything, whatever is justified.")
@click.option(
    "--proof",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the tests notice (strength.json of suite prove): a required test that noticed nothing is a finding.",
)
@click.option(
    "--format",
    "as_format",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Output; github writes annotations for CI.",
)
def lint(
    paths: tuple[Path, ...],
    previous: Path | None,
    repository: Path | None,
    exceptions_file: Path | None,
    no_exceptions: bool,
    proof: Path | None,
    as_format: str,
) -> None:
    """Check guidelines against the rules of the process: files, folders, and the history of a repository.

    Every rule is described in docs/lint-rules.md. Exit code: 0 no errors, 1 a finding is an error, 2 bad input.
    """
    import datetime as dt
    import json
    import os

    from defcore.guideline.lint import Exceptions, apply_exceptions, lint_all, lint_history, output, read_exceptions
    from defcore.guideline.lint.exceptions import beside
    from defcore.guideline.lint.files import gather
    from defcore.guideline.lint.git import versions
    from defcore.guideline.load import load_file
    from defcore.suite.strength import load as load_strength

    if not paths and repository is None:
        raise click.UsageError("name a guideline, a folder of them, or a repository with --git")
    sources, findings = gather(paths)
    counts = load_strength(proof).counts() if proof else None
    findings = (*findings, *lint_all(sources, load_file(previous) if previous else None, counts))
    if repository is not None:
        env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        findings = (*findings, *lint_history(versions(repository, env)))
    known: list[Exceptions] = []
    if exceptions_file is not None:
        known.append(read_exceptions(exceptions_file))
    elif not no_exceptions:
        files = [item.provenance.file for item in sources]
        known += [read_exceptions(found, file) for file in files if (found := beside(Path(file)))]
    outcome = apply_exceptions(findings, known, dt.datetime.now(dt.UTC).date())
    if as_format == "json":
        click.echo(json.dumps(output.as_json(outcome), indent=2, ensure_ascii=False))
    else:
        click.echo(output.github(outcome) if as_format == "github" else output.text(outcome), nl=False)
    raise SystemExit(1 if outcome.failed else 0)
