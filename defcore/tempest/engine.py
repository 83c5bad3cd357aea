"""Carries out a plan with Tempest and writes the run directory; goes on with one that was cut off."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from defcore.cloud.credential import read_credentials
from defcore.cloud.redact import Scrubber
from defcore.errors import InputError
from defcore.refcloud.files import write_private
from defcore.run.journal import (
    JOURNAL,
    Ended,
    Journal,
    Note,
    Resumed,
    rebuild,
    replay,
    stamp,
    write_record,
)
from defcore.run.lock import LOCK, RunLock
from defcore.run.runner import begin
from defcore.run.sentinel import diagnose
from defcore.tempest import conf, facts
from defcore.tempest.crew import Crew, Group, Job, Task
from defcore.tempest.process import LOG, Process
from defcore.tempest.requests import REQUESTS, Requests, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.run.crew import Progress
    from defcore.run.journal import Replay
    from defcore.run.plan import Plan
    from defcore.run.record import Cloud, Engine, RunRecord
    from defcore.run.team import Halt
    from defcore.tempest.conf import Settings
    from defcore.tempest.environment import Environment
    from defcore.tempest.facts import Account

NAME = "tempest"
FOLDER = "tempest"
"""Where a run keeps its configuration, which holds passwords, while it goes on."""
PATIENCE = 120.0
"""Seconds that a resumed run waits for processes of the old one."""
FURTHER = "{name}-tempest-{number}"
"""What further ordinary accounts of the entry NAME are called in ``clouds.yaml``, counted from 1."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which Tempest is run, and how. ``deadline`` bounds a test and ``limit`` the run, in seconds.

    ``own`` are the user's own options for ``tempest.conf``, each in the place of ours.
    """

    environment: Environment
    workers: int
    limit: float
    deadline: float = 900.0
    own: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A cloud as Tempest is told of it. ``workers`` classes run at once; ``notes`` go into the record."""

    files: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    workers: int
    notes: tuple[str, ...]


def prepare(credentials: Mapping[str, Credential], options: Options) -> Prepared:
    """Ask the cloud what Tempest must know, and write its configuration, in memory.

    ``credentials`` are by role. Raises InputError for credentials that Tempest cannot use, CloudError for a cloud that
    does not answer.
    """
    main = credentials["main"]
    found = facts.look(main)
    admin = facts.account(credentials["admin"]) if "admin" in credentials else None
    ordinary = [item for item in map(facts.account, _ordinary(credentials)) if item]
    if not admin and not any(item.entry == main.name for item in ordinary):
        hint = f"give the entry a user and a password, or add {main.name}-admin"
        what = "Tempest can only log in with a password"
        raise InputError("no-password", what, where=f"cloud {main.name}", hint=hint)
    made = conf.settings(found, main, ordinary, admin)
    files = {"tempest.conf": conf.render(made, options.own)}
    notes = [*found.notes]
    workers = options.workers
    if admin:
        notes.append(f"Tempest's tests had users and projects of their own, made by {admin.entry}")
    else:
        files["accounts.yaml"] = conf.accounts(ordinary)
        workers = min(conf.concurrency(ordinary, compute="compute" in found.services), options.workers)
        notes.append(f"Tempest's tests shared {len(ordinary)} accounts: {', '.join(item.entry for item in ordinary)}")
        if workers < options.workers:
            more = FURTHER.format(name=main.name, number="1")
            notes.append(f"{workers} at once and not {options.workers}, for want of accounts: add {more} or an admin")
    if options.own:
        notes.append(f"tempest.conf has options of the user's own: {_named(options.own)}")
    secrets = (*(word for item in credentials.values() for word in item.secrets()), *_passwords(ordinary))
    return Prepared(files, secrets, workers, tuple(notes))


def _named(own: Settings) -> str:
    return ", ".join(f"[{section}] {key}" for section, values in own.items() for key in values)


def _passwords(ordinary: Iterable[Account]) -> Iterator[str]:
    return (item.password for item in ordinary)


def _ordinary(credentials: Mapping[str, Credential]) -> Iterator[Credential]:
    """Give the accounts that Tempest may share out: those that can do the least, or must stay empty, come last."""
    main = credentials["main"]
    yield main
    if "alt" in credentials:
        yield credentials["alt"]
    number = 1
    while True:
        try:
            yield read_credentials(FURTHER.format(name=main.name, number=number), region=main.region)["main"]
        except InputError as error:
            if error.code != "unknown-cloud":
                raise
            break
        number += 1
    yield from (credentials[role] for role in ("empty", "reader", "reseller") if role in credentials)


def run(
    plan: Plan,
    chosen: Sequence[tuple[Task, str]],
    credentials: Mapping[str, Credential],
    out: Path,
    *,
    cloud: Cloud,
    engine: Engine,
    options: Options,
    progress: Callable[[Progress], None],
    notes: Sequence[str] = (),
    halt: Halt | None = None,
) -> RunRecord:
    """Run what was ``chosen`` of a plan (task and class) into the directory ``out``, and return the record.

    ``out`` comes from ``make_directory``. Ctrl-C lets the tests at work finish and their classes clean up; a second one
    ends them at once. Raises CloudError for a Tempest that does not start, and then leaves no run directory.
    """
    try:
        prepared = prepare(credentials, options)
        with _Work(out, prepared, options) as work:
            work.journal.add(begin(plan, credentials, cloud, engine, pins={}))
            work.say(notes)
            return work.carry_out(chosen, progress, halt)
    finally:
        _forget(out)


def resume(
    out: Path,
    choose: Callable[[Replay], Sequence[tuple[Task, str]]],
    credentials: Mapping[str, Credential],
    *,
    options: Options,
    progress: Callable[[Progress], None],
    notes: Sequence[str] = (),
) -> RunRecord:
    """Go on with a run: carry out what ``choose`` picks (task and class)."""
    prepared = prepare(credentials, options)
    with _Work(out, prepared, options, PATIENCE) as work:
        work.journal.add(Resumed(at=stamp(time.time()), torn=work.journal.mend()))
        told = replay(out)
        work.say(notes)
        if any(item.cut for tries in told.attempts.values() for item in tries.values()):
            work.say(["what the cut-off tests of Tempest left on the cloud is called tempest-…, and was not ended"])
        return work.carry_out(choose(told), progress)


def _forget(out: Path) -> None:
    """Remove a run directory in which no run was begun."""
    if (out / JOURNAL).exists() and not (out / JOURNAL).stat().st_size:
        for name in (JOURNAL, LOCK, REQUESTS, LOG):
            (out / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            out.rmdir()


class _Work:
    """A run directory at work: its lock, its journal, the configuration, and a process that has started."""

    def __init__(self, out: Path, prepared: Prepared, options: Options, patience: float = 0) -> None:
        self._out, self._prepared, self._options = out, prepared, options
        self._folder = out / FOLDER
        self._scrubber = Scrubber(prepared.secrets)
        self._stack = contextlib.ExitStack()
        self._patience = patience

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._lock = stack.enter_context(RunLock(self._out, self._patience))
            stack.callback(self._tidy)
            self._write()
            options = self._options
            self._first = Process(self._options.environment, self._folder, options.deadline, self._lock.file)
            stack.callback(self._first.kill)
            self._first.ready()
            self.journal = Journal(self._out)
            stack.callback(self.journal.close)
            self._requests = Requests(self._out, self._scrubber)
            stack.callback(self._requests.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def say(self, notes: Iterable[str]) -> None:
        """Write notes of the run, each once."""
        said = replay(self._out).notes
        for note in dict.fromkeys(self._scrubber.text(note) for note in notes):
            if note not in said:
                self.journal.add(Note(at=stamp(time.time()), message=note))

    def carry_out(
        self, chosen: Sequence[tuple[Task, str]], progress: Callable[[Progress], None], halt: Halt | None = None
    ) -> RunRecord:
        """Run what was chosen, class by class, the largest first, and write the record."""
        self.say(self._prepared.notes)
        groups: dict[str, list[Task]] = {}
        for task, group in chosen:
            groups.setdefault(group, []).append(task)
        ordered = sorted(
            (Group(name, tuple(tasks)) for name, tasks in groups.items()), key=lambda item: -len(item.tasks)
        )
        options = self._options
        job = Job(
            self._options.environment,
            self._folder,
            self._prepared.workers,
            options.deadline,
            options.limit,
            self._lock.file,
        )
        crew = Crew(job, ordered, self.journal, self._requests, self._scrubber, progress, self._first)
        if halt:
            halt.join(crew)
        interrupted = crew.work()
        counts = count(self._out)
        self.say(crew.notes)
        if not interrupted:
            where = f"{counts.in_fixtures} of them in what its classes set up and clear"
            self.say([f"Tempest sent {counts.total} requests, {where}; {counts.servers} of them asked for servers"])
        void = diagnose(rebuild(self._out), counts.created)
        self.journal.add(Ended(at=stamp(time.time()), interrupted=interrupted, void=void))
        return write_record(self._out)

    def _write(self) -> None:
        # A run that was killed may have left one.
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._folder.mkdir(mode=0o700)
            (self._folder / "locks").mkdir()
            for name, text in self._prepared.files.items():
                write_private(self._folder / name, text)
        except OSError as error:
            what = f"cannot be written: {error.strerror}"
            raise InputError("cannot-write", what, where=str(self._folder)) from error

    def _tidy(self) -> None:
        """Keep what the processes printed, without secrets, and remove the configuration with all of them."""
        with contextlib.suppress(OSError):
            printed = (self._folder / LOG).read_text(encoding="utf-8", errors="replace")
            with (self._out / LOG).open("a", encoding="utf-8") as log:
                log.write(self._scrubber.text(printed))
        shutil.rmtree(self._folder, ignore_errors=True)
