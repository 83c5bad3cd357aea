"""What an authority signs: each act is built from the words of the command, checked, signed, and read again.

Several people sign one act by giving the same command on the same file (``defcore.attest.cosign``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import ValidationError

from defcore.attest import acts, award, cosign
from defcore.attest.acts import (
    ADMISSION_TYPE,
    APPROVAL_TYPE,
    SUMMARY_TYPE,
    Admission,
    AdmissionStatement,
    Approval,
    ApprovalStatement,
    Award,
    Decision,
    Resource,
    Revocation,
    Summary,
    SummaryStatement,
    Terms,
    Verifier,
    Waiver,
    Withdrawal,
)
from defcore.attest.intoto import SubjectDigest, wrap, write
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import Role, name_digest
from defcore.errors import InputError, RefusedError
from defcore.guideline.model import Status
from defcore.strictjson import first_wrong

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from defcore.attest.keys import Signer
    from defcore.attest.trust import Trust
    from defcore.attest.verify import Verification
    from defcore.guideline.model import GuidelineFile

    Build: TypeAlias = Callable[[str], acts.Statement]


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed act: the file's bytes, and how many keys of the authority signed it out of those that it takes."""

    data: bytes
    decision: Decision
    has: int
    takes: int


def approve(trust: Trust, source: GuidelineFile) -> Build:
    """Approve a guideline: these bytes, and no others. Refuses one whose own status is not ``approved``."""
    guideline = source.guideline
    if guideline.status is not Status.APPROVED:
        raise RefusedError(
            "not-for-approval",
            f"guideline {guideline.id} calls itself {guideline.status.value}",
            hint="write its final text, with the status approved, and approve that",
        )

    def build(issued_at: str) -> acts.Statement:
        predicate = Approval(trust=trust.pin, guideline=guideline.id, uri=guideline.source, issued_at=issued_at)
        return ApprovalStatement.model_validate(wrap(guideline.id, source.provenance.digest, APPROVAL_TYPE, predicate))

    return build


def admit(trust: Trust, vendor: str, *, since: str | None, until: str | None, conditions: Sequence[str] = ()) -> Build:
    """Admit a vendor, by the name that its reports bear. Refuses one for whom no key was ever granted."""
    if not any(item.party == vendor and item.role is Role.VENDOR for item in trust.latest.grants):
        names = ", ".join(sorted({item.party for item in trust.latest.grants if item.role is Role.VENDOR}))
        raise RefusedError(
            "no-such-vendor",
            f"no key may sign for a vendor {vendor!r} (vendors with keys: {names or 'none'})",
            hint="'defcore trust grant' enters a vendor's key",
        )

    def build(issued_at: str) -> acts.Statement:
        predicate = Admission(
            trust=trust.pin,
            vendor=vendor,
            since=since or issued_at,
            until=until,
            conditions=tuple(conditions),
            issued_at=issued_at,
        )
        return AdmissionStatement.model_validate(wrap(vendor, name_digest("vendor", vendor), ADMISSION_TYPE, predicate))

    return build


@dataclass(frozen=True, slots=True)
class Awarding:
    """What an award says; ``since``: null means from the moment of issue. ``decisions`` are the acts at hand."""

    trust: Trust
    report: Verification
    decisions: Sequence[Decision]
    defcore: str
    until: str
    since: str | None = None
    waivers: Sequence[Waiver] = ()
    conditions: Sequence[str] = ()

    def __call__(self, issued_at: str) -> acts.Statement:
        """Build it. Refuses what no verifier would accept, saying why."""
        moment, claim = read_stamp(issued_at), self.report.statement.predicate
        rests = award.inputs(moment, self.report, self.decisions)
        terms = Terms(
            trust=self.trust.pin,
            program=claim.program,
            since=self.since or issued_at,
            until=self.until,
            waivers=tuple(self.waivers),
            conditions=tuple(self.conditions),
        )
        award.check_rests(moment, self.report, rests, "the report")
        award.check_earned(moment, self.report, self.waivers, self.decisions, "the report")
        (subject,) = self.report.statement.subject
        predicate = Award.model_validate(
            {
                "verifier": _verifier(self.trust, self.defcore),
                "timeVerified": issued_at,
                "resourceUri": acts.resource_uri(subject.name),
                "policy": Resource(uri=award.guideline_uri(claim), digest=SubjectDigest(sha256=claim.guideline.digest)),
                "inputAttestations": (award.report_input(self.report), *map(award.act_input, filter(None, rests))),
                "verificationResult": "PASSED",
                "verifiedLevels": (award.level_name(self.report.card.level, self.waivers),),
                "urn:defcore:award:v1": terms,
            }
        )
        return _summary(subject.name, subject.digest.sha256, predicate)


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Take back an award, from ``since`` on (null: from the moment of issue)."""

    trust: Trust
    award: Decision
    defcore: str
    reason: str
    since: str | None = None

    def __call__(self, issued_at: str) -> acts.Statement:
        """Build it: the same summary as the award's, with FAILED for PASSED."""
        name, digest = self.award.subject
        summary: Award = self.award.predicate
        terms = Withdrawal(
            trust=self.trust.pin, award=self.award.digest, since=self.since or issued_at, reason=self.reason
        )
        predicate = Revocation.model_validate(
            {
                "verifier": _verifier(self.trust, self.defcore),
                "timeVerified": issued_at,
                "resourceUri": summary.resourceUri,
                "policy": summary.policy,
                "inputAttestations": (*summary.inputAttestations, award.act_input(self.award)),
                "verificationResult": "FAILED",
                "verifiedLevels": ("FAILED",),
                "urn:defcore:revocation:v1": terms,
            }
        )
        return _summary(name, digest, predicate)


def issue(
    build: Build, signer: Signer, trust: Trust, now: dt.datetime, *, joining: bytes | None = None, file: str
) -> Issued:
    """Sign an act, or join one that others proposed (``joining``: its file); the result is read again.

    Raises InputError for words that cannot be, RefusedError for an act that makes no sense or a key without the role.
    """

    def payload(issued_at: str) -> bytes:
        try:
            return write(build(issued_at))
        except ValidationError as error:
            raise InputError("bad-words", first_wrong(error), hint="correct it") from error

    if joining is None:
        data = cosign.propose(payload, signer, now)
    else:
        proposed, _ = acts.parse(joining, file)
        data = cosign.join(joining, proposed.issued_at, payload, signer, file)
    try:
        decision, has, takes = acts.read_proposal(data, trust, file)
    except RefusedError as error:
        hint = "'defcore trust show' lists who may sign what"
        raise RefusedError(error.code, f"cannot be signed so: it {error.what}", where=file, hint=hint) from error
    return Issued(data, decision, has, takes)


def _verifier(trust: Trust, defcore: str) -> Verifier:
    return Verifier(id=acts.verifier_id(trust.pin), version={"defcore": defcore})


def _summary(name: str, digest: str, predicate: Summary) -> acts.Statement:
    fields: dict[str, Any] = wrap(name, digest, SUMMARY_TYPE, predicate)
    return SummaryStatement.model_validate(fields)
