"""The run record: what happened to each test, whatever guideline it will be scored with.

``run.json`` is this model as JSON. It is rebuilt from the journal at any time.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from collections.abc import Sequence

TestId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Stamp = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
"""A moment in UTC, RFC 3339."""
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Outcome(StrEnum):
    """What became of a test, best first. Only ``passed`` is green.

    ``failed``: the cloud answered, and answered wrongly. ``error``: we or the network broke.
    ``unsupported``: the cloud says that it lacks the thing. ``not_run``: nothing was tried.
    """

    PASSED = "passed"
    SKIPPED = "skipped"
    UNSUPPORTED = "unsupported"
    NOT_RUN = "not_run"
    ERROR = "error"
    FAILED = "failed"


class Wire(BaseModel):
    """Closed and frozen, as everything that crosses a boundary."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Failure(Wire):
    """Why an attempt did not pass, in words for the person who has to fix it.

    ``cause`` groups failures that have one reason (``GET /{container}: status 500, not 200``).
    ``expected`` and ``actual`` are short texts; ``place`` is ``status``, ``header NAME`` or a JSON path;
    ``kind`` says whose fault it is: the cloud's ``answer``, ``trouble`` (network, overload, a dead service), the user's
    ``input``, or our own ``bug``. ``request`` is ``METHOD URL``, ``request_id`` finds it in the evidence, ``curl``
    repeats it with the token left out. ``trace`` is what a foreign test printed: its traceback.
    """

    cause: str
    message: str
    expected: str | None = None
    actual: str | None = None
    place: str | None = None
    request: str | None = None
    request_id: str | None = None
    stage: Literal["setup", "test", "cleanup"] = "test"
    kind: Literal["answer", "trouble", "input", "bug"] = "answer"
    curl: str | None = None
    reference: str | None = None
    trace: str | None = None


class Finding(Wire):
    """Something worth knowing that decides nothing: an advisory check, a leak, a retry."""

    message: str
    kind: Literal["advisory", "cleanup", "flaky"] = "advisory"


class Attempt(Wire):
    """One go at one test. ``seconds`` is wall time; ``requests`` counts HTTP requests, retries among them.

    ``cut`` marks one that was cut off with its process: it says nothing of the cloud, and a later attempt takes its
    place.
    """

    outcome: Outcome
    started: Stamp
    seconds: float = Field(ge=0)
    requests: int = Field(default=0, ge=0)
    retries: int = Field(default=0, ge=0)
    cut: bool = False
    reason: str | None = None
    failure: Failure | None = None
    findings: tuple[Finding, ...] = ()


class TestResult(Wire):
    """All that is known of one test. ``outcome`` is what ``decide`` makes of the attempts."""

    __test__ = False

    id: TestId
    name: str
    outcome: Outcome
    implementation: str = "native"
    revision: int = Field(default=1, ge=1)
    attempts: tuple[Attempt, ...] = ()
    reason: str | None = None


class Cloud(Wire):
    """The cloud as far as anybody may see it: no name of a person, no secret.

    ``name`` is the entry in the user's ``clouds.yaml``; ``catalogue`` maps a service type to its public URL.
    """

    name: str
    region: str | None = None
    auth_url: str
    catalogue: dict[str, str] = Field(default_factory=dict)


class Engine(Wire):
    """Who ran the tests. ``suite_digest``: sha256 over the sorted (path, sha256) of ``capabilities/``."""

    name: str
    version: str
    suite_digest: Digest | None = None


class Source(Wire):
    """Where the results of an imported run come from. ``digest`` is the sha256 of the file's bytes.

    ``lacks`` says, each as the end of "it does not tell …", what the file cannot prove. Unless ``timed``, the times of
    the record are those of the import.
    """

    format: str
    file: str
    digest: Digest
    lacks: tuple[str, ...]
    timed: bool


class RunRecord(Wire):
    """Outcomes per test id. It does not depend on a guideline: any guideline can be scored from it.

    ``partial`` marks a run of a subset; ``selection`` says in words which. ``ended`` is null while the run is
    going on or was cut off; ``complete`` is true only when the journal has its footer. ``guideline`` and
    ``program`` are the words of the user who ran it: what to score it with when nothing else is said.
    ``void`` says why the run is no result at all: the outcomes tell of a broken set-up, not of the cloud.
    ``source`` is set when defcore did not run the tests but read their results.
    """

    format: Literal["defcore-run/1"] = "defcore-run/1"
    id: str
    started: Stamp
    ended: Stamp | None = None
    complete: bool = False
    partial: bool = False
    selection: str = ""
    guideline: str | None = None
    program: str | None = None
    cloud: Cloud
    engine: Engine
    void: str | None = None
    source: Source | None = None
    results: tuple[TestResult, ...]
    notes: tuple[str, ...] = ()

    def by_id(self) -> dict[str, TestResult]:
        """Map test id to result."""
        return {result.id: result for result in self.results}


def decide(attempts: Sequence[Attempt]) -> Outcome:
    """Return the outcome of a test that was tried several times.

    Attempts that say something of the cloud decide, and of those the worst: trying again cannot turn a failure into a
    pass. An ``error`` or ``not_run`` says nothing and gives way to any attempt that does.
    """
    telling = [item.outcome for item in attempts if item.outcome not in (Outcome.ERROR, Outcome.NOT_RUN)]
    if telling:
        return worst(telling)
    whole = [item for item in attempts if not item.cut] or list(attempts)
    return whole[-1].outcome if whole else Outcome.NOT_RUN


BY_VERDICT = (
    Outcome.PASSED,
    Outcome.NOT_RUN,
    Outcome.ERROR,
    Outcome.SKIPPED,
    Outcome.UNSUPPORTED,
    Outcome.FAILED,
)
"""From best to worst in what they make of a verdict: what only leaves it open stands before what denies it."""


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the worst of several outcomes, by what they make of a verdict."""
    if len(outcomes) == 1:
        return outcomes[0]
    return max(outcomes, key=BY_VERDICT.index, default=Outcome.NOT_RUN)
