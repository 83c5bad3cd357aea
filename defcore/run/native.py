"""The native engine: the suite that ships with defcore, run by our own workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from defcore import __version__
from defcore.doctor import examine
from defcore.run.forecast import bounds, wishes
from defcore.run.journal import replay
from defcore.run.plan import default_program, make_plan
from defcore.run.pool import Options
from defcore.run.record import Engine
from defcore.run.runner import again, resume, run
from defcore.suite import collect, digest, suite_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.guideline import GuidelineFile
    from defcore.run.certify import Request
    from defcore.run.crew import Progress, Task
    from defcore.run.journal import Replay
    from defcore.run.plan import Plan
    from defcore.run.record import Cloud, RunRecord
    from defcore.run.team import Halt
    from defcore.suite import SuiteTest

NAME = "native"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a cloud sets a run: what the user chose of it (``pins``), and the ``room`` there is, by kind of resource."""

    pins: Mapping[str, str] = field(default_factory=dict)
    room: Mapping[str, int] = field(default_factory=dict)


class Performer(Protocol):
    """An engine that is there and knows its tests."""

    @property
    def engine(self) -> Engine:
        """Who runs the tests, as the record says it."""

    def plan(self, source: GuidelineFile, request: Request) -> Plan:
        """Choose what to run. Raises InputError for words that the guideline does not know."""

    def default_program(self, source: GuidelineFile) -> str:
        """Return the program that is meant when none is named."""

    def run(
        self,
        plan: Plan,
        credentials: Mapping[str, Credential],
        out: Path,
        request: Request,
        limits: Limits,
        cloud: Cloud,
        progress: Callable[[Progress], None],
        notes: Sequence[str],
        halt: Halt | None,
    ) -> RunRecord:
        """Carry out a plan into a directory that ``make_directory`` made."""

    def resume(
        self,
        out: Path,
        words: Sequence[str],
        credentials: Mapping[str, Credential],
        workers: int,
        limit: float,
        started: Callable[[int], None],
        progress: Callable[[Progress], None],
        notes: Sequence[str],
    ) -> RunRecord:
        """Go on with a run, and try once more what ``words`` name; ``started`` hears how many tests that is."""


@dataclass(frozen=True, slots=True)
class Native:
    """The suite in ``folder``."""

    folder: Path
    suite: Mapping[str, SuiteTest]
    engine: Engine

    def plan(self, source: GuidelineFile, request: Request) -> Plan:
        """Choose what to run."""
        return make_plan(
            source,
            request.program or self.default_program(source),
            self.suite,
            also=request.also,
            word=request.guideline,
            only_tests=request.tests,
            only_capabilities=request.capabilities,
        )

    def default_program(self, source: GuidelineFile) -> str:
        """Return the largest program of which the suite has every required test."""
        return default_program(source, self.suite)

    def run(
        self,
        plan: Plan,
        credentials: Mapping[str, Credential],
        out: Path,
        request: Request,
        limits: Limits,
        cloud: Cloud,
        progress: Callable[[Progress], None],
        notes: Sequence[str],
        halt: Halt | None,
    ) -> RunRecord:
        """Carry out a plan."""
        return run(
            plan,
            credentials,
            out,
            suite=self.folder,
            cloud=cloud,
            engine=self.engine,
            options=Options(
                workers=request.workers,
                limit=request.limit,
                evidence=request.evidence,
                policy=request.policy,
                pins=limits.pins,
                room=limits.room,
            ),
            progress=progress,
            notes=notes,
            halt=halt,
        )

    def resume(
        self,
        out: Path,
        words: Sequence[str],
        credentials: Mapping[str, Credential],
        workers: int,
        limit: float,
        started: Callable[[int], None],
        progress: Callable[[Progress], None],
        notes: Sequence[str],
    ) -> RunRecord:
        """Go on with a run."""

        def choose(told: Replay) -> list[Task]:
            tasks = again(told, self.suite, words)
            started(len(tasks))
            return tasks

        head = replay(out).head
        todo = [self.suite[item.id] for item in head.plan if item.id in self.suite]
        room = bounds(todo, examine(credentials, wishes(todo, workers)), workers)
        options = Options(workers=workers, limit=limit, pins=head.pins, room=room)
        return resume(out, choose, credentials, suite=self.folder, options=options, progress=progress, notes=notes)


def native(added: Sequence[Path] = ()) -> Native:
    """Return the native engine; the tests of the folders ``added`` stand beside the project's own."""
    folder = suite_dir()
    engine = Engine(name=NAME, version=__version__, suite_digest=digest(folder, *added))
    return Native(folder, collect(folder, *added), engine)
