"""Carries out a plan on a cloud and writes the run directory; goes on with one that was cut off."""

from __future__ import annotations

import contextlib
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.kit.common import forget
from defcore.kit.pins import chosen
from defcore.kit.session import Session
from defcore.run.crew import Crew, Progress, Task
from defcore.run.journal import JOURNAL, Ended, Journal, Note, Resumed, Started, rebuild, replay, stamp, write_record
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.lock import RunLock
from defcore.run.plan import slow_first
from defcore.run.pool import Job, Options
from defcore.run.record import Outcome
from defcore.run.sentinel import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.run.journal import PlannedTest, Replay
    from defcore.run.ledger import Entry
    from defcore.run.plan import Plan
    from defcore.run.record import Cloud, Engine, RunRecord
    from defcore.run.team import Halt
    from defcore.suite import SuiteTest

ASIDE = frozenset({"image", "snapshot", "volume"})
"""Kinds that are ended beside the others, for they do not depend on networks; what is attached is tried again."""
PATIENCE = 120.0
"""Seconds that a resumed run waits for workers of the old one to finish their tests."""

__all__ = ["Progress", "again", "end_leftovers", "make_directory", "resume", "run"]


def run(
    plan: Plan,
    credentials: Mapping[str, Credential],
    out: Path,
    *,
    suite: Path,
    cloud: Cloud,
    engine: Engine,
    options: Options,
    progress: Callable[[Progress], None],
    notes: Sequence[str] = (),
    halt: Halt | None = None,
) -> RunRecord:
    """Run a plan into the directory ``out`` and return the record.

    ``out`` comes from ``make_directory``; ``notes`` is what is to be said of the run already. Ctrl-C lets the tests at
    work finish and writes a record that says so; a second one ends them at once; so does ``halt``, from another
    thread. Raises InputError for a directory that cannot be written.
    """
    head = begin(plan, credentials, cloud, engine, options.pins)
    with RunLock(out) as lock, _journal(out) as journal:
        journal.add(head)
        _say(journal, notes)
        tasks = [Task(test, 1) for test in plan.tests]
        job = Job(out, head.id, suite, credentials, options, tuple(item.node for item in plan.tests), lock.file)
        return _work(job, tasks, journal, progress, halt)


def begin(
    plan: Plan, credentials: Mapping[str, Credential], cloud: Cloud, engine: Engine, pins: Mapping[str, str]
) -> Started:
    """Return the header of a new run, which has a fresh id."""
    return Started(
        id=uuid.uuid4().hex[:16],
        at=stamp(time.time()),
        cloud=cloud,
        engine=engine,
        partial=plan.partial,
        selection=plan.selection,
        guideline=plan.guideline,
        program=plan.program,
        programs=plan.programs,
        entries={role: item.name for role, item in credentials.items()},
        pins=dict(pins),
        plan=plan.listed,
    )


def resume(
    out: Path,
    choose: Callable[[Replay], Sequence[Task]],
    credentials: Mapping[str, Credential],
    *,
    suite: Path,
    options: Options,
    progress: Callable[[Progress], None],
    notes: Sequence[str] = (),
) -> RunRecord:
    """Go on with a run: end what the cut-off tests left on the cloud, then carry out what ``choose`` picks.

    Waits for workers of the old run that still live. Raises InputError for a run that somebody else works on.
    """
    with RunLock(out, PATIENCE) as lock, _journal(out) as journal:
        journal.add(Resumed(at=stamp(time.time()), torn=journal.mend()))
        told = replay(out)
        tasks = choose(told)
        nodes = tuple(task.test.node for task in tasks)
        job = Job(out, told.head.id, suite, credentials, options, nodes, lock.file)
        _say(journal, [*notes, *end_leftovers(job)])
        return _work(job, tasks, journal, progress)


def picked(told: Replay, words: Sequence[str]) -> list[PlannedTest]:
    """Pick what to try: what never came to its end, and with ``words`` (failed, error, or ids) those once more.

    Raises InputError for an id that the run does not have.
    """
    wanted = {test.id: test for test in told.todo()}
    outcomes = {test_id: list(tries.values())[-1].outcome for test_id, tries in told.attempts.items()}
    for word in words:
        bare = word.lower().removeprefix("id-")
        if word in (Outcome.FAILED, Outcome.ERROR):
            found = [test for test in told.head.plan if outcomes.get(test.id) == word]
        else:
            found = [test for test in told.head.plan if test.id == bare and test.missing is None]
            if not found:
                hint = "give failed, error, or an id of the run"
                raise InputError("unknown-test", f"the run has no test {word!r} that could be run", hint=hint)
        wanted |= {test.id: test for test in found}
    return list(wanted.values())


def again(told: Replay, suite: Mapping[str, SuiteTest], words: Sequence[str]) -> list[Task]:
    """Return what is picked as tasks, slow ones first. Raises InputError also for a test that the suite lacks."""
    wanted = [test.id for test in picked(told, words)]
    if lacking := [test_id for test_id in wanted if test_id not in suite]:
        message = f"the suite has no test {lacking[0]} any more"
        raise InputError("suite-changed", message, hint="start a new run")
    return [Task(test, told.next_attempt(test.meta.id)) for test in slow_first(suite[test_id] for test_id in wanted)]


def _work(
    job: Job,
    tasks: Sequence[Task],
    journal: Journal,
    progress: Callable[[Progress], None],
    halt: Halt | None = None,
) -> RunRecord:
    crew = Crew(job, tasks, journal, progress)
    if halt:
        halt.join(crew)
    interrupted = crew.work()
    notes, spent = [*crew.notes, *chosen(job.run)], [crew.spent]
    _say(journal, [*notes, *end_leftovers(job, spent.append, crew.leaving)])
    ledger = Ledger(job.run / LEDGER)
    void = diagnose(rebuild(job.run), ledger.count())
    ledger.close()
    journal.add(Ended(at=stamp(time.time()), interrupted=interrupted, spent=sum(spent), void=void))
    return write_record(job.run)


def _say(journal: Journal, notes: Sequence[str]) -> None:
    for note in notes:
        journal.add(Note(at=stamp(time.time()), message=note))


@contextlib.contextmanager
def _journal(out: Path) -> Iterator[Journal]:
    journal = Journal(out)
    try:
        yield journal
    finally:
        journal.close()


def make_directory(out: Path) -> None:
    """Make a run directory that is new or empty, readable by its owner alone, and take it for one run."""
    hint = "name another directory with --out"
    taken = InputError("not-empty", "is not empty; a run needs a directory of its own", where=str(out), hint=hint)
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise taken
        # Of two runs that come here at once, one gets the journal.
        (out / JOURNAL).touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        if out.is_dir():
            raise taken from error
        raise InputError("cannot-write", "cannot be written: it is no directory", where=str(out), hint=hint) from error
    except OSError as error:
        hint = "name a directory that you may write with --out"
        raise InputError("cannot-write", f"cannot be written: {error.strerror}", where=str(out), hint=hint) from error


def end_leftovers(job: Job, spend: Callable[[int], None] = lambda _: None, leaving: Collection[str] = ()) -> list[str]:
    """End what stands in the ledger: shared by the run, or left by workers that died.

    Of what is ``leaving`` by its number it is only seen that it goes. Returns what could not be ended, or had to be
    tried again; ``spend`` hears how many requests it took.
    """
    ledger = Ledger(job.run / LEDGER)
    entries = ledger.open_entries()
    aside = [entry for entry in entries if entry.kind in ASIDE]
    groups = [group for group in ([entry for entry in entries if entry not in aside], aside) if group]

    def end(group: Sequence[Entry]) -> list[str]:
        session = Session(job.run, job.run_id, job.credentials, ledger, policy=job.options.policy)
        for entry in group:
            session.adopt(entry, leaving=entry.number in leaving)
        session.close()
        spend(session.requests)
        return [item.message for item in session.findings if item.kind != "advisory"]

    with ThreadPoolExecutor(max_workers=2) as pool:
        told = [message for messages in pool.map(end, groups) for message in messages]
    ledger.close()
    forget(job.run)
    return told
