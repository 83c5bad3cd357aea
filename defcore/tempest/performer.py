"""Tempest as one of the engines: installed, its tests known, put in the place of the native suite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.run.plan import default_program, make_plan
from defcore.run.record import Engine
from defcore.run.runner import picked
from defcore.tempest import conf
from defcore.tempest import engine as runner
from defcore.tempest.crew import Task
from defcore.tempest.environment import ensure
from defcore.tempest.listing import choose, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.guideline import GuidelineFile
    from defcore.run.certify import Request, Tempest
    from defcore.run.crew import Progress
    from defcore.run.journal import PlannedTest, Replay
    from defcore.run.native import Limits
    from defcore.run.plan import Plan
    from defcore.run.record import Cloud, RunRecord
    from defcore.run.team import Halt
    from defcore.tempest.conf import Settings
    from defcore.tempest.environment import Environment
    from defcore.tempest.listing import Suite


@dataclass(frozen=True, slots=True)
class Performer:
    """An installed Tempest. ``own`` are the user's options for its configuration."""

    environment: Environment
    suite: Suite
    own: Settings

    @property
    def engine(self) -> Engine:
        """Who runs the tests, as the record says it."""
        return Engine(name=runner.NAME, version=self.suite.version, suite_digest=self.suite.digest)

    def plan(self, source: GuidelineFile, request: Request) -> Plan:
        """Choose what to run; a test of the guideline that Tempest lacks is listed with the reason."""
        plan = make_plan(
            source,
            request.program or self.default_program(source),
            {},
            also=request.also,
            word=request.guideline,
            only_tests=request.tests,
            only_capabilities=request.capabilities,
        )
        asked = [test for capability in source.guideline.capabilities for test in capability.tests]
        return replace(plan, listed=tuple(choose(plan.listed, asked, self.suite)))

    def default_program(self, source: GuidelineFile) -> str:
        """Return the largest program of which Tempest has every required test."""
        return default_program(source, self.suite.by_id)

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
        """Carry out a plan; the limits are those of a configuration of its own."""
        del limits
        chosen = [(item, self.suite.named(item.name)) for item in plan.listed if item.missing is None]
        return runner.run(
            plan,
            [(Task(item.id, named.name, 1), named.group) for item, named in chosen if named],
            credentials,
            out,
            cloud=cloud,
            engine=self.engine,
            options=self._options(request.workers, request.limit),
            progress=progress,
            notes=[*notes, *self.suite.broken],
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
        """Go on with a run; what is tried once more is tried in its class again."""

        def pick(told: Replay) -> list[tuple[Task, str]]:
            tasks = [self._task(test, told) for test in picked(told, words)]
            started(len(tasks))
            return tasks

        return runner.resume(
            out,
            pick,
            credentials,
            options=self._options(workers, limit),
            progress=progress,
            notes=notes,
        )

    def _options(self, workers: int, limit: float) -> runner.Options:
        return runner.Options(self.environment, workers, limit, own=self.own)

    def _task(self, test: PlannedTest, told: Replay) -> tuple[Task, str]:
        named = self.suite.named(test.name)
        if named is None:
            raise InputError("suite-changed", f"Tempest has no test {test.name} any more", hint="start a new run")
        return Task(test.id, named.name, told.next_attempt(test.id)), named.group


def performer(words: Tempest) -> Performer:
    """Return Tempest, installed where it is missing, its tests listed.

    Raises InputError for options of the user's own that cannot be read, CloudError for a Tempest that cannot be
    installed or does not start.
    """
    own = conf.own(words.own) if words.own else {}
    environment = ensure(words.cache, words.tell)
    return Performer(environment, read(environment), own)
