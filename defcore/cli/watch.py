"""``defcore watch``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
def watch(run: Path) -> None:
    """Follow a run that is going on, from wherever it was started, or show one that has ended.

    RUN is a run directory; it is only read. Draws what `defcore run` draws, and ends with the run. Exit code: 0 when
    the run has come to its end, 3 when it was cut off or ended before its time.
    """
    from defcore.cli.progress import Bar
    from defcore.errors import EXIT_OK, EXIT_UNTESTED, InputError
    from defcore.run.follow import Tracker, follow
    from defcore.run.journal import JOURNAL, Started, rebuild
    from defcore.run.lock import busy

    if not (run / JOURNAL).is_file():
        raise InputError("no-run", "is not a run directory: it has no journal.jsonl", where=str(run))
    tracker = Tracker()
    with Bar() as bar:
        for event in follow(run, lambda: not busy(run)):
            step = tracker.take(event)
            if isinstance(event, Started):
                bar.started(sum(test.missing is None for test in event.plan), event.selection, run)
            if step:
                bar.follow(step)
    record = rebuild(run)
    bar.summary(record, tracker.seconds)
    if record.ended is None:
        click.echo(f"the run was cut off; go on with: defcore run --resume {run}", err=True)
    raise SystemExit(EXIT_OK if record.complete else EXIT_UNTESTED)
