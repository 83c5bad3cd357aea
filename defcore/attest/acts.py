"""The authority's acts as signed statements: a guideline's approval, a vendor's admission, an award, its revocation.

Award and revocation take the shape of a SLSA Verification Summary (v1): the policy is the guideline, the input
attestations are the report and the acts on which the award rests, the result is PASSED or FAILED. What a summary has no
place for stands in one extension field each, which other readers must ignore (in-toto, parsing rules). An award with
waivers has another level than one without: whoever reads only the summary is not told more than is true.

An act is known by the sha256 of its payload, so that a further signature makes no other act of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn, TypeAlias
from urllib.parse import quote

from pydantic import Field

from defcore.attest import dsse
from defcore.attest.canonical import sha256_hex
from defcore.attest.dsse import HINT
from defcore.attest.intoto import InToto, SubjectDigest, read_payload
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import Role, Trust, Words, check_role, name_digest
from defcore.errors import InputError, RefusedError
from defcore.run.record import Digest, Stamp, Wire

if TYPE_CHECKING:
    import datetime as dt

APPROVAL_TYPE = "urn:defcore:approval:v1"
ADMISSION_TYPE = "urn:defcore:admission:v1"
SUMMARY_TYPE = "https://slsa.dev/verification_summary/v1"


class Act(StrEnum):
    """What an authority can do; each has its quorum in the trust policy."""

    APPROVE = "approve"
    ADMIT = "admit"
    AWARD = "award"
    REVOKE = "revoke"


class Approval(Wire):
    """These bytes are guideline ``guideline``. ``trust`` is the pin of the policy under which this is decided."""

    trust: Digest
    guideline: Words
    uri: str
    issued_at: Stamp


class Admission(Wire):
    """The vendor takes part, from ``since`` until ``until`` (null: open), under ``conditions``."""

    trust: Digest
    vendor: Words
    since: Stamp
    until: Stamp | None
    conditions: tuple[Words, ...]
    issued_at: Stamp


class Waiver(Wire):
    """An exception: a required test that did not pass, or a designated section that is not contained, is let pass."""

    scope: Literal["test", "section"]
    name: Words
    reason: Words


class Terms(Wire):
    """What an award is bound to: its program, from when until when it is valid, its waivers and conditions."""

    trust: Digest
    program: str
    since: Stamp
    until: Stamp
    waivers: tuple[Waiver, ...]
    conditions: tuple[Words, ...]


class Withdrawal(Wire):
    """The award of this payload's sha256 is void from ``since`` on; until then it was an award."""

    trust: Digest
    award: Digest
    since: Stamp
    reason: Words


class Verifier(Wire):
    """Who decided, as a URI made from the trust policy's pin, and with what."""

    id: str
    version: dict[str, str]


class Resource(Wire):
    """Something by its URI and digest."""

    uri: str
    digest: SubjectDigest


class Summary(Wire):
    """The fields of a verification summary that award and revocation have in common."""

    verifier: Verifier
    timeVerified: Stamp  # noqa: N815 - SLSA's own spelling
    resourceUri: str  # noqa: N815
    policy: Resource
    inputAttestations: tuple[Resource, ...] = Field(min_length=1)  # noqa: N815
    verifiedLevels: tuple[str, ...] = Field(min_length=1, max_length=1)  # noqa: N815


class Award(Summary):
    """A summary that says PASSED."""

    verificationResult: Literal["PASSED"]  # noqa: N815
    terms: Terms = Field(alias="urn:defcore:award:v1")


class Revocation(Summary):
    """A summary that says FAILED, and takes back an award."""

    verificationResult: Literal["FAILED"]  # noqa: N815
    terms: Withdrawal = Field(alias="urn:defcore:revocation:v1")


class ApprovalStatement(InToto):
    """About a guideline: its id and the sha256 of its bytes."""

    predicateType: Literal["urn:defcore:approval:v1"]  # noqa: N815
    predicate: Approval


class AdmissionStatement(InToto):
    """About a vendor's name."""

    predicateType: Literal["urn:defcore:admission:v1"]  # noqa: N815
    predicate: Admission


class SummaryStatement(InToto):
    """About a target: the same subject as that of the report."""

    predicateType: Literal["https://slsa.dev/verification_summary/v1"]  # noqa: N815
    predicate: Annotated[Award | Revocation, Field(discriminator="verificationResult")]


Statement: TypeAlias = ApprovalStatement | AdmissionStatement | SummaryStatement
MODELS: dict[str, type[Statement]] = {
    APPROVAL_TYPE: ApprovalStatement,
    ADMISSION_TYPE: AdmissionStatement,
    SUMMARY_TYPE: SummaryStatement,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """An act that was read. ``digest`` is the sha256 of its payload, ``data`` the envelope with its newline."""

    act: Act
    statement: Statement
    digest: str
    issued_at: str
    signers: tuple[str, ...]
    data: bytes

    @property
    def predicate(self) -> Any:  # noqa: ANN401 - which one, ``act`` says
        """Return what it says."""
        return self.statement.predicate

    @property
    def moment(self) -> dt.datetime:
        """Return when it was issued, by its signers' clock."""
        return read_stamp(self.issued_at)

    @property
    def subject(self) -> tuple[str, str]:
        """Return name and digest of what it is about."""
        (subject,) = self.statement.subject
        return subject.name, subject.digest.sha256


def verifier_id(pin: str) -> str:
    """Return the URI by which a verification summary names the authority."""
    return f"urn:defcore:authority:{pin}"


def resource_uri(name: str) -> str:
    """Return the URI of a target, made from its name."""
    return f"urn:defcore:product:{quote(name)}"


def parse(data: bytes, file: str) -> tuple[Decision, dsse.Envelope]:
    """Read an act; nothing about its signatures is checked yet. Raises RefusedError, InputError."""
    envelope = dsse.parse(data, file)
    statement = read_payload(envelope.payload, file, MODELS)
    act = _act(statement)
    if isinstance(statement, SummaryStatement):
        issued_at = statement.predicate.timeVerified
    else:
        issued_at = statement.predicate.issued_at
    signers = tuple(item.keyid for item in envelope.signatures)
    decision = Decision(act, statement, sha256_hex(envelope.payload), issued_at, signers, data)
    _check_stamps(decision, file)
    return decision, envelope


def read(data: bytes, trust: Trust, file: str) -> Decision:
    """Read an act that is in force: it has all the signatures that it takes. Raises RefusedError, InputError."""
    decision, has, takes = read_proposal(data, trust, file)
    if has < takes:
        _refuse("few-authorities", f"is signed by {has} of the {takes} that it takes to {decision.act.value}", file)
    return decision


def read_proposal(data: bytes, trust: Trust, file: str) -> tuple[Decision, int, int]:
    """Check that an act is this authority's; return it, how many keys of the authority signed it, how many it takes.

    Attacks: an act of another authority, or of somebody without the role (a vendor, a key that was revoked); an act
    that says another thing than it is about.
    """
    decision, envelope = parse(data, file)
    if _pin(decision) != trust.pin:
        _refuse("other-authority", "is an act under another trust policy", file)
    dsse.check_signatures(envelope, list(trust.keys.values()), file)
    grants = check_role(trust, decision.signers, (Role.AUTHORITY, Role.REVIEWER), decision.moment, file)
    _check_subject(decision, file)
    if isinstance(decision.predicate, Award | Revocation):
        _check_summary(decision, trust, file)
    takes: int = getattr(trust.policy_at(decision.moment).quorum, decision.act.value)
    return decision, sum(item.role is Role.AUTHORITY for item in grants), takes


def _check_subject(decision: Decision, file: str) -> None:
    predicate = decision.predicate
    if isinstance(predicate, Approval) and decision.subject[0] != predicate.guideline:
        _refuse("act-subject", "approves another guideline than the one that it is about", file)
    if isinstance(predicate, Admission) and decision.subject != (
        predicate.vendor,
        name_digest("vendor", predicate.vendor),
    ):
        _refuse("act-subject", "admits another vendor than the one that it is about", file)


def _check_summary(decision: Decision, trust: Trust, file: str) -> None:
    summary = decision.predicate
    names = (summary.verifier.id, summary.resourceUri)
    if names != (verifier_id(trust.pin), resource_uri(decision.subject[0])):
        _refuse("summary-names", "names another authority or product than the one that it is about", file)
    if isinstance(summary, Revocation) and summary.verifiedLevels != ("FAILED",):
        _refuse("summary-level", "takes back an award, and claims a level", file)


def _act(statement: Statement) -> Act:
    predicate = statement.predicate
    if isinstance(predicate, Approval):
        return Act.APPROVE
    if isinstance(predicate, Admission):
        return Act.ADMIT
    return Act.AWARD if isinstance(predicate, Award) else Act.REVOKE


def _pin(decision: Decision) -> str:
    predicate = decision.predicate
    found: str = predicate.terms.trust if isinstance(predicate, Award | Revocation) else predicate.trust
    return found


def _check_stamps(decision: Decision, file: str) -> None:
    predicate = decision.predicate
    holder = predicate.terms if isinstance(predicate, Award | Revocation) else predicate
    since, until = getattr(holder, "since", None), getattr(holder, "until", None)
    try:
        issued, *times = (read_stamp(item) for item in (decision.issued_at, since, until) if item is not None)
    except InputError as error:
        _refuse("bad-time", f"holds a time that does not exist: {error.what}", file)
    if times != sorted(set(times)):
        _refuse("act-span", "ends before it begins", file)
    if decision.act is not Act.ADMIT and times and times[0] < issued:
        _refuse("act-backdated", "is valid from a time before it was decided", file)


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)
