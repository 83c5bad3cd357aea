"""What a signed report says: the predicate of an in-toto statement.

Every field is there, always, so that there is one way to write a statement: its RFC 8785 bytes. ``run.level`` stays
``L0``: signing alone does not raise it, nor does an evidence root; L1 needs an enrolled key, a challenge and a log.
This is the full report, which is submitted; ``defcore.attest.public`` makes of it the one that may be published.
"""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from defcore.attest.canonical import canonical, decode, encode, sha256_hex
from defcore.attest.dsse import HINT
from defcore.attest.intoto import InToto
from defcore.errors import RefusedError
from defcore.guideline.model import State, Status
from defcore.run.record import Cloud, Digest, Engine, Finding, Outcome, RunRecord, Stamp, TestId, TestResult, Wire
from defcore.score import Interop, KnownGuideline, Mark, Matcher
from defcore.score.product import Product

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.guideline.model import Guideline, GuidelineFile, Test
    from defcore.score import Scorecard

PREDICATE_TYPE = "urn:defcore:report:v1"
LEVEL: Final = "L0"
"""What a signed self-test is worth without enrolment: no more than a draft."""
MAX_REASON = 300
MAX_GUIDELINE = 16_000_000
"""Bytes, unpacked: a few kilobytes of gzip could otherwise fill the memory."""


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


class KnownRef(Wire):
    """A guideline that the signer knew of: the mark depends on which ones are the latest."""

    id: str
    status: Status
    digest: Digest


class GuidelineRef(Wire):
    """The guideline: ``digest`` is the sha256 of the exact bytes that ``content`` holds (gzip, then base64).

    Packed, because an ssh-agent signs at most 256 KiB at once. ``uri`` is where it was published; ``known`` are the
    guidelines that the signer knew of.
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


class Noted(Wire):
    """A finding about one test: it decides nothing, and whoever reviews the report should know of it."""

    test: TestId
    kind: Literal["advisory", "cleanup", "flaky"]
    message: str = Field(max_length=MAX_REASON)


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
    """The root of the Merkle tree over the run's exchanges, and how many there are; null and 0 without evidence.

    ``defcore.attest.evidence`` says what a leaf is.
    """

    root: Digest | None
    leaves: int = Field(ge=0)


NO_EVIDENCE = Evidence(root=None, leaves=0)


class Claim(Wire):
    """What the full and the public report have in common."""

    target: Target
    guideline: GuidelineRef
    program: str
    runner: Runner
    run: Run
    product: Product
    issued_at: Stamp

    def outcomes(self) -> tuple[TestResult, ...]:
        """Return the results that the report holds, as a run record would."""
        raise NotImplementedError


class Predicate(Claim):
    """A full report: enough to score it again without anything else."""

    results: tuple[Result, ...]
    capabilities: tuple[CapabilityVerdict, ...]
    verdict: Verdict
    findings: tuple[Noted, ...]
    evidence: Evidence

    def outcomes(self) -> tuple[TestResult, ...]:
        """Return the results of the tests that were in the run."""
        return tuple(
            TestResult(
                id=item.id,
                name=item.name,
                outcome=item.outcome,
                implementation=item.implementation or "native",
                reason=item.reason,
            )
            for item in self.results
            if item.matched is not None
        )


class Statement(InToto):
    """A full report."""

    predicateType: Literal["urn:defcore:report:v1"]  # noqa: N815 - in-toto's own spelling
    predicate: Predicate


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
    matcher = Matcher(run)
    return tuple(_result(test, matcher) for test in guideline_tests(guideline))


def findings_of(guideline: Guideline, run: RunRecord) -> tuple[Noted, ...]:
    """Return what the attempts of the guideline's tests brought to light, each thing once, in the guideline's order."""
    by_id = run.by_id()
    found: dict[Noted, None] = {}
    for test in guideline_tests(guideline):
        for attempt in by_id[test.id].attempts if test.id in by_id else ():
            found |= dict.fromkeys(_noted(test.id, item) for item in attempt.findings)
    return tuple(found)


def run_of(claim: Claim) -> RunRecord:
    """Build the run record that a report amounts to, so that it can be scored by the function that scores runs."""
    target, run, runner = claim.target, claim.run, claim.runner
    return RunRecord(
        id=run.id,
        started=run.started,
        ended=run.ended,
        complete=run.complete,
        partial=run.partial,
        selection=run.selection,
        void=run.void,
        cloud=Cloud(name=target.product, auth_url="", catalogue=target.endpoints),
        engine=Engine(name=runner.name, version=runner.version, suite_digest=runner.suite_digest),
        results=claim.outcomes(),
    )


def guideline_ref(source: GuidelineFile, known: Sequence[KnownGuideline]) -> GuidelineRef:
    """Embed a guideline, and name the ones known besides, in the order of their ids and digests."""
    refs = {KnownRef(id=item.id, status=item.status, digest=item.digest) for item in known}
    return GuidelineRef(
        id=source.guideline.id,
        uri=source.guideline.source,
        digest=source.provenance.digest,
        content=encode(gzip.compress(source.provenance.content, mtime=0)),
        known=tuple(sorted(refs, key=lambda item: (item.id, item.digest, item.status))),
    )


def unpack(ref: GuidelineRef, file: str) -> bytes:
    """Return the bytes of the embedded guideline; whether they are the right ones is for the caller to check."""
    packed = decode(ref.content)
    if packed is None:
        raise RefusedError("bad-base64", "holds a guideline that is not canonical base64", where=file, hint=HINT)
    reader = zlib.decompressobj(wbits=31)
    try:
        content = reader.decompress(packed, MAX_GUIDELINE)
    except zlib.error:
        content = b""
    if not reader.eof or reader.unused_data:
        raise RefusedError("bad-gzip", "holds a guideline that is not one gzip of one file", where=file, hint=HINT)
    return content


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


def _result(test: Test, matcher: Matcher) -> Result:
    match = matcher.find(test)
    if match is None:
        return Result(
            id=test.id,
            name=test.name,
            outcome=Outcome.NOT_RUN,
            implementation=None,
            revision=None,
            matched=None,
            reason=None,
        )
    found, how = match
    return Result(
        id=test.id,
        name=test.name,
        outcome=found.outcome,
        implementation=found.implementation,
        revision=found.revision,
        matched=how,
        reason=_reason(found),
    )


def _noted(test_id: str, finding: Finding) -> Noted:
    return Noted(test=test_id, kind=finding.kind, message=finding.message[:MAX_REASON])


def _reason(result: TestResult) -> str | None:
    if result.outcome in (Outcome.PASSED, Outcome.FAILED):
        return None
    attempts = (item.reason for item in result.attempts if item.outcome is result.outcome and item.failure is None)
    reason = result.reason or next((item for item in attempts if item), None)
    return None if reason is None else reason[:MAX_REASON]
