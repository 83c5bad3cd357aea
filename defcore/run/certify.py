"""From the user's words to a finished run: credentials, guideline, plan, log-in, run."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.cloud.credential import read_credentials
from defcore.cloud.http import Policy
from defcore.cloud.redact import url as clean_url
from defcore.cloud.target import Target
from defcore.doctor import Diagnosis, examine
from defcore.errors import EXIT_FAILED, EXIT_OK, EXIT_UNTESTED, InputError
from defcore.guideline import resolve
from defcore.kit.pins import read_pins
from defcore.run.forecast import Forecast, bounds, foresee, want
from defcore.run.journal import replay
from defcore.run.native import NAME as NATIVE
from defcore.run.native import Limits, native
from defcore.run.pool import RUN_LIMIT
from defcore.run.record import Cloud, Outcome
from defcore.run.runner import make_directory
from defcore.score import required_tests
from defcore.suite.added import guideline_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defcore.cloud.credential import Credential
    from defcore.guideline import GuidelineFile
    from defcore.run.baseline import Comparison
    from defcore.run.crew import Progress
    from defcore.run.native import Performer
    from defcore.run.plan import Plan
    from defcore.run.record import RunRecord
    from defcore.run.team import Halt


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. ``named`` maps a role (``alt``, ``empty`` …) to an entry of ``clouds.yaml``.

    The tests of the folders ``suites`` are added to the project's own. The tests of the programs ``also`` are run with
    those of ``program``; ``region`` takes the place of the entry's own. ``evidence`` and ``policy`` are no user's to
    set: they are there so that our patience and our costs can be measured. Without ``tempest`` the native suite is run.
    """

    cloud: str
    named: Mapping[str, str] = field(default_factory=dict)
    guideline: str | None = None
    program: str | None = None
    also: tuple[str, ...] = ()
    region: str | None = None
    tests: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    workers: int = 4
    limit: float = RUN_LIMIT
    out: Path | None = None
    pins: Path | None = None
    suites: tuple[Path, ...] = ()
    evidence: bool = True
    policy: Policy = field(default_factory=Policy)
    tempest: Tempest | None = None


@dataclass(frozen=True, slots=True)
class Tempest:
    """That Tempest is to run the tests, installed below ``cache``.

    The options of the file ``own`` take the place of those found out; ``tell`` hears of an installation.
    """

    cache: Path
    own: Path | None = None
    tell: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Done:
    """A finished run: where it is, its record, and what it was about (``program``, and ``also`` these)."""

    out: Path
    record: RunRecord
    source: GuidelineFile
    program: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """What was asked for, understood: no request has been sent yet."""

    request: Request
    source: GuidelineFile
    plan: Plan
    by: Performer
    credentials: Mapping[str, Credential]
    limits: Limits


def prepare(request: Request) -> Ready:
    """Read the user's words, files and the suite. Raises InputError for what is wrong in them."""
    request = replace(request, guideline=guideline_word(request.guideline, request.suites))
    source = resolve(request.guideline)
    by = performer(request.tempest, request.suites)
    plan = by.plan(source, request)
    limits = Limits(read_pins(request.pins) if request.pins else {})
    return Ready(request, source, plan, by, read_credentials(request.cloud, request.named, request.region), limits)


def performer(tempest: Tempest | None, suites: Sequence[Path] = ()) -> Performer:
    """Return the engine that is meant; Tempest is installed where it is missing, which can raise CloudError."""
    if tempest is None:
        return native(suites)
    from defcore.tempest.performer import performer as of_tempest  # noqa: PLC0415 - most runs do without it

    return of_tempest(tempest)


def consult(ready: Ready) -> Diagnosis:
    """Have the doctor look at the cloud as far as the plan needs it; nothing is changed there."""
    return examine(ready.credentials, want(ready.plan, ready.source, ready.request.workers))


def preview(request: Request) -> tuple[Ready, Diagnosis, Forecast]:
    """Say what a run would be; nothing is changed on the cloud.

    Raises InputError for wrong words or credentials, CloudError for a cloud at which nobody can log in.
    """
    ready = prepare(request)
    diagnosis = consult(ready)
    if diagnosis.blocked and not diagnosis.services:
        raise diagnosis.blocked
    return ready, diagnosis, foresee(ready.plan, ready.credentials, diagnosis, request.workers)


def carry_out(
    request: Request | Ready,
    *,
    started: Callable[[int, str, Path], None],
    progress: Callable[[Progress], None],
    examined: Callable[[Diagnosis], None] | None = None,
    halt: Halt | None = None,
) -> Done:
    """Run what was asked for. Nothing is created, here or on the cloud, before words, guideline and log-in are good.

    With ``examined`` the doctor looks first, tells it, and stops a run that would be pointless. ``halt`` ends it from
    another thread. Raises InputError for wrong words or credentials, CloudError for a cloud that does not answer.
    """
    ready = request if isinstance(request, Ready) else prepare(request)
    request, plan, credentials, limits = ready.request, ready.plan, ready.credentials, ready.limits
    if examined:
        diagnosis = consult(ready)
        examined(diagnosis)
        if diagnosis.blocked:
            raise diagnosis.blocked
        limits = replace(limits, room=bounds(plan.tests, diagnosis, request.workers))
    stumbles: list[str] = []
    cloud = describe(Target(credentials["main"], tell=stumbles.append))
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    out = request.out or Path("runs") / f"{label(request, '-')}-{moment}"
    make_directory(out)
    started(sum(test.missing is None for test in plan.listed), plan.selection, out)
    record = ready.by.run(plan, credentials, out, request, limits, cloud, progress, stumbles, halt)
    return Done(out, record, ready.source, plan.program, plan.programs[1:])


def label(request: Request, between: str = "/") -> str:
    """Name what is tested, as a part of a path and for people: the entry, and the region if one was chosen."""
    words = [request.cloud, *([request.region] if request.region else [])]
    return between.join(re.sub(r"[^\w.-]+", "_", word) for word in words)


def carry_on(
    out: Path,
    words: Sequence[str],
    *,
    workers: int,
    limit: float,
    started: Callable[[int, str, Path], None],
    progress: Callable[[Progress], None],
    suites: Sequence[Path] = (),
    tempest: Tempest | None = None,
) -> Done:
    """Go on with the run in ``out``: what it had not finished, and with ``words`` (failed, error, ids) those again.

    The credentials are those of the entries of ``clouds.yaml`` that the run was begun with; ``tempest`` says where
    Tempest is, if it was Tempest's. Raises InputError when the suite is not the one that it was begun with: one run has
    one suite.
    """
    head = replay(out).head
    by = performer(tempest if head.engine.name != NATIVE else None, suites)
    if head.engine.suite_digest != by.engine.suite_digest:
        what, hint = "the suite is not the one that the run was begun with", "start a new run"
        if head.engine.name == NATIVE:
            hint = f"add the same suites with --suite, or {hint}"
        raise InputError("suite-changed", what, where=str(out), hint=hint)
    source = resolve(head.guideline)
    credentials = read_credentials(
        head.cloud.name, {role: name for role, name in head.entries.items() if role != "main"}, head.cloud.region
    )
    stumbles: list[str] = []
    Target(credentials["main"], tell=stumbles.append).token()
    record = by.resume(
        out,
        words,
        credentials,
        workers,
        limit,
        lambda count: started(count, head.selection, out),
        progress,
        stumbles,
    )
    return Done(out, record, source, head.program or by.default_program(source), head.programs[1:])


def describe(target: Target) -> Cloud:
    """Log in and tell what anybody may know of the cloud; project ids are cut out of the catalogue's URLs."""
    target.token()
    project = target.project_id
    catalogue = {kind: clean_url(address).replace(project, "PROJECT") for kind, address in target.catalogue().items()}
    name, region = target.credential.name, target.credential.region
    if not catalogue and region:
        hint = "region names are case sensitive; leave it out to take the only one"
        raise InputError(
            "unknown-region", f"the catalogue has nothing in region {region!r}", where=f"cloud {name}", hint=hint
        )
    return Cloud(name=name, region=region, auth_url=clean_url(target.auth_url), catalogue=catalogue)


def exit_code(done: Done, comparison: Comparison | None = None) -> int:
    """Return 0 when every required test that was to run passed, 1 when one did not, 3 when one could not be judged.

    With a ``comparison``, only what got worse counts. A run that is no result is not judged.
    """
    guideline = done.source.guideline
    programs = [program for key in (done.program, *done.also) if (program := guideline.program(key))]
    required = {test.id for program in programs for test in required_tests(guideline, program)}
    if comparison:
        outcomes = {change.now for change in comparison.worse if change.id in required} or {Outcome.PASSED}
    else:
        outcomes = {result.outcome for result in done.record.results if result.id in required}
    if done.record.void:
        return EXIT_UNTESTED
    if outcomes & {Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED}:
        return EXIT_FAILED
    return EXIT_OK if outcomes == {Outcome.PASSED} else EXIT_UNTESTED
