"""From the user's words to a finished run: credentials, guideline, plan, log-in, run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from defcore import __version__
from defcore.cloud.credential import read_credentials
from defcore.cloud.redact import url as clean_url
from defcore.cloud.target import Target
from defcore.errors import EXIT_FAILED, EXIT_OK, EXIT_UNTESTED
from defcore.guideline import resolve
from defcore.run.plan import default_program, make_plan
from defcore.run.pool import Options
from defcore.run.record import Cloud, Engine, Outcome
from defcore.run.runner import Progress, make_directory, run
from defcore.score import required_tests
from defcore.suite import collect, digest, suite_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from defcore.guideline import GuidelineFile
    from defcore.run.plan import Plan
    from defcore.run.record import RunRecord


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for. ``named`` maps a role (``alt``, ``empty`` …) to an entry of ``clouds.yaml``."""

    cloud: str
    named: Mapping[str, str] = field(default_factory=dict)
    guideline: str | None = None
    program: str | None = None
    tests: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    workers: int = 4
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A finished run: where it is, its record, and what it was about."""

    out: Path
    record: RunRecord
    source: GuidelineFile
    program: str


def carry_out(request: Request, *, started: Callable[[Plan, Path], None], progress: Callable[[Progress], None]) -> Done:
    """Run what was asked for. Nothing is created, here or on the cloud, before words, guideline and log-in are good.

    Raises InputError for wrong words or credentials, CloudError for a cloud that does not answer.
    """
    source = resolve(request.guideline)
    folder = suite_dir()
    suite = collect(folder)
    program = request.program or default_program(source, suite)
    plan = make_plan(
        source,
        program,
        suite,
        word=request.guideline,
        only_tests=request.tests,
        only_capabilities=request.capabilities,
    )
    credentials = read_credentials(request.cloud, request.named)
    cloud = describe(Target(credentials["main"]))
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    out = request.out or Path("runs") / f"{request.cloud}-{moment}"
    make_directory(out)
    started(plan, out)
    record = run(
        plan,
        credentials,
        out,
        suite=folder,
        cloud=cloud,
        engine=Engine(name="native", version=__version__, suite_digest=digest(folder)),
        options=Options(workers=request.workers),
        progress=progress,
    )
    return Done(out, record, source, program)


def describe(target: Target) -> Cloud:
    """Log in and tell what anybody may know of the cloud; project ids are cut out of the catalogue's URLs."""
    target.token()
    project = target.project_id
    catalogue = {kind: clean_url(address).replace(project, "PROJECT") for kind, address in target.catalogue().items()}
    name, region = target.credential.name, target.credential.region
    return Cloud(name=name, region=region, auth_url=clean_url(target.auth_url), catalogue=catalogue)


def exit_code(done: Done) -> int:
    """Return 0 when every required test that was to run passed, 1 when one did not, 3 when one could not be judged."""
    program = done.source.guideline.program(done.program)
    required = {test.id for test in required_tests(done.source.guideline, program)} if program else set()
    outcomes = {result.outcome for result in done.record.results if result.id in required}
    if outcomes & {Outcome.FAILED, Outcome.SKIPPED, Outcome.UNSUPPORTED}:
        return EXIT_FAILED
    return EXIT_OK if outcomes == {Outcome.PASSED} else EXIT_UNTESTED
