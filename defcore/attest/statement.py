"""What a signed report says: an in-toto Statement v1 with defcore's own predicate.

Every field is there, always, so that there is one way to write a statement: its RFC 8785 bytes. The predicate keeps
places that stay empty until something can fill them: ``evidence.root`` (null: no evidence root is claimed) and
``run.level`` (``L0``: signing alone does not raise it; L1 needs an enrolled key, a challenge and a log).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field, ValidationError

from defcore.attest.canonical import canonical, encode, is_canonical, sha256_hex
from defcore.attest.dsse import HINT, refused_shape
from defcore.errors import InputError, RefusedError
from defcore.guideline.ids import nameless_id
from defcore.guideline.model import State, Status
from defcore.run.record import Cloud, Digest, Engine, Outcome, RunRecord, Stamp, TestId, TestResult, Wire
from defcore.score import Interop, KnownGuideline, Mark
from defcore.score.product import Product
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.guideline.model import Guideline, GuidelineFile, Test
    from defcore.score import Scorecard

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:defcore:report:v1"
LEVEL: Final = "L0"
"""What a signed self-test is worth without enrolment: no more than a draft."""
MAX_REASON = 300


class Target(Wire):
    """What was tested. The subject's digest is the sha256 of this object's RFC 8785 bytes.

    ``endpoints`` is the public catalogue of the run, service type → URL; ``regions`` are those that were tested.
    """

    vendor: str
    product: str
    version: str
    endpoints: dict[str, str]
    regions: tuple[str, ...]

    def name(self) -> str:
        """Return the subject's name. It is for people; the digest decides."""
        return f"{self.vendor}/{self.product}/{self.version}"

    def digest(self) -> str:
        """Return the subject's sha256."""
        return sha256_hex(canonical(self.model_dump(mode="json")))


class SubjectDigest(Wire):
    """The digests of a subject."""

    sha256: Digest


class Subject(Wire):
    """What the statement is about."""

    name: str
    digest: SubjectDigest


class KnownRef(Wire):
    """A guideline that the signer knew of: the mark depends on which ones are the latest."""

    id: str
    status: Status
    digest: Digest


class GuidelineRef(Wire):
    """The guideline: ``digest`` is the sha256 of the exact bytes in ``content`` (base64).

    ``uri`` is where it was published; ``known`` are the guidelines that the signer knew of.
    """

    id: str
    uri: str
    digest: Digest
    content: str
    known: tuple[KnownRef, ...]


class Runner(Wire):
    """What ran and scored the tests. ``suite_digest`` is null when the tests were not ours."""

    name: Literal["defcore"]
    version: str
    suite_digest: Digest | None


class Run(Wire):
    """The run. ``partial``: a subset only (``selection`` says which); ``complete``: it came to its end.

    ``void`` says why it is no result at all; such a run is never better than untested.
    """

    id: str
    started: Stamp
    ended: Stamp | None
    level: Literal["L0", "L1", "L2", "L3", "L4"]
    partial: bool
    complete: bool
    selection: str
    void: str | None = Field(max_length=MAX_REASON)


class Result(Wire):
    """What became of one test of the guideline. ``matched`` tells how it was found; null: it was not in the run.

    ``reason`` is there for outcomes that need one (skipped, unsupported, not_run, error), at most 300 characters.
    """

    id: TestId
    name: str
    outcome: Outcome
    implementation: str | None
    revision: int | None = Field(ge=1)
    matched: Literal["id", "name", "alias"] | None
    reason: str | None = Field(max_length=MAX_REASON)


class CapabilityVerdict(Wire):
    """One capability of the program."""

    name: str
    status: State
    verdict: Interop


class Reason(Wire):
    """Why a verdict is what it is, as codes: the sentence is the reader's own defcore's, not the signer's."""

    about: str
    code: str


class Verdict(Wire):
    """The two verdicts."""

    interop: Interop
    mark: Mark
    reasons: tuple[Reason, ...]


class Evidence(Wire):
    """The place of the evidence: the root of a Merkle tree over the exchanges, and how many there are."""

    root: Digest | None
    leaves: int = Field(ge=0)


class Predicate(Wire):
    """A report, whole: enough to score it again without anything else."""

    target: Target
    guideline: GuidelineRef
    program: str
    runner: Runner
    run: Run
    product: Product
    results: tuple[Result, ...]
    capabilities: tuple[CapabilityVerdict, ...]
    verdict: Verdict
    evidence: Evidence
    issued_at: Stamp


class Statement(Wire):
    """An in-toto Statement v1 about one target."""

    type: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1, max_length=1)
    predicateType: Literal["urn:defcore:report:v1"]  # noqa: N815 - in-toto's own spelling
    predicate: Predicate


def write(statement: Statement) -> bytes:
    """Return the payload: the statement's RFC 8785 bytes. Raises InputError for text that is no Unicode."""
    return canonical(_value(statement))


def read(payload: bytes, file: str) -> Statement:
    """Read a payload exactly as ``write`` writes it, or raise RefusedError (attack: parser tricks).

    Doubled keys, unknown or missing fields, ``12.0`` for ``12``, blanks that a reader would strip: all refused.
    """
    try:
        value = loads(payload, f"{file}, payload")
    except InputError as error:
        raise RefusedError(error.code, f"holds a payload that {error.what}", where=file, hint=HINT) from error
    try:
        statement = Statement.model_validate(value)
    except ValidationError as error:
        raise refused_shape(error, "bad-statement", file) from error
    if not is_canonical(_value(statement), payload):
        raise RefusedError("not-canonical", "holds a payload that is not canonical JSON", where=file, hint=HINT)
    return statement


def guideline_tests(guideline: Guideline) -> tuple[Test, ...]:
    """Return every test of a guideline once, in its order; one id under two names or capabilities is one test."""
    found: dict[str, Test] = {}
    for capability in guideline.capabilities:
        for test in capability.tests:
            found.setdefault(test.id, test)
    return tuple(found.values())


def results_of(guideline: Guideline, run: RunRecord) -> tuple[Result, ...]:
    """Return a result for every test of the guideline; what the run holds beyond is left out.

    A test is found by id first, then by name, then by alias. Of a result only the outcome and a short reason are taken:
    no failure text, no request, no URL.
    """
    by_id = run.by_id()
    by_name = {item.name: item for item in run.results if item.id == nameless_id(item.name)}
    return tuple(_result(test, by_id, by_name) for test in guideline_tests(guideline))


def run_of(predicate: Predicate) -> RunRecord:
    """Build the run record that a predicate amounts to, so that it can be scored by the function that scores runs."""
    target, run = predicate.target, predicate.run
    return RunRecord(
        id=run.id,
        started=run.started,
        ended=run.ended,
        complete=run.complete,
        partial=run.partial,
        selection=run.selection,
        void=run.void,
        cloud=Cloud(name=target.product, auth_url="", catalogue=target.endpoints),
        engine=Engine(
            name=predicate.runner.name, version=predicate.runner.version, suite_digest=predicate.runner.suite_digest
        ),
        results=tuple(
            TestResult(id=item.id, name=item.name, outcome=item.outcome, reason=item.reason)
            for item in predicate.results
            if item.matched is not None
        ),
    )


def guideline_ref(source: GuidelineFile, known: Sequence[KnownGuideline]) -> GuidelineRef:
    """Embed a guideline, and name the ones known besides, in the order of their ids and digests."""
    refs = {KnownRef(id=item.id, status=item.status, digest=item.digest) for item in known}
    return GuidelineRef(
        id=source.guideline.id,
        uri=source.guideline.source,
        digest=source.provenance.digest,
        content=encode(source.provenance.content),
        known=tuple(sorted(refs, key=lambda item: (item.id, item.digest, item.status))),
    )


def known_of(ref: GuidelineRef) -> tuple[KnownGuideline, ...]:
    """Return the guidelines that the signer knew of."""
    return tuple(KnownGuideline(item.id, item.status, item.digest) for item in ref.known)


def verdicts_of(card: Scorecard) -> tuple[tuple[CapabilityVerdict, ...], Verdict]:
    """Take from a scorecard what a statement says about it."""
    capabilities = tuple(
        CapabilityVerdict(name=item.name, status=item.status, verdict=item.verdict) for item in card.capabilities
    )
    reasons = tuple(Reason(about=item.about, code=item.code) for item in card.reasons)
    return capabilities, Verdict(interop=card.interop, mark=card.mark, reasons=reasons)


def _value(statement: Statement) -> dict[str, Any]:
    return statement.model_dump(mode="json", by_alias=True)


def _result(test: Test, by_id: dict[str, TestResult], by_name: dict[str, TestResult]) -> Result:
    how: Literal["id", "name", "alias"] = "id"
    found = by_id.get(test.id)
    if found is None:
        how, found = "name", by_name.get(test.name)
    if found is None:
        how, found = "alias", next((by_name[name] for name in test.aliases if name in by_name), None)
    if found is None:
        return Result(
            id=test.id,
            name=test.name,
            outcome=Outcome.NOT_RUN,
            implementation=None,
            revision=None,
            matched=None,
            reason=None,
        )
    return Result(
        id=test.id,
        name=test.name,
        outcome=found.outcome,
        implementation=found.implementation,
        revision=found.revision,
        matched=how,
        reason=_reason(found),
    )


def _reason(result: TestResult) -> str | None:
    if result.outcome in (Outcome.PASSED, Outcome.FAILED):
        return None
    attempts = (item.reason for item in result.attempts if item.outcome is result.outcome and item.failure is None)
    reason = result.reason or next((item for item in attempts if item), None)
    return None if reason is None else reason[:MAX_REASON]
