"""Whether an award follows from the report that it is about, and where it stands on a day.

The authority's command and everybody's verifier call the same function: what would be refused is never signed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

from defcore.attest.acts import Act, Admission, Award, Decision, Resource, Revocation
from defcore.attest.canonical import printable
from defcore.attest.intoto import SubjectDigest
from defcore.attest.stamp import read_stamp
from defcore.attest.statement import run_of
from defcore.errors import RefusedError
from defcore.guideline.model import Status as GuidelineStatus
from defcore.run.record import Outcome, TestResult
from defcore.score import Interop, KnownGuideline, Mark, score
from defcore.score.product import Containment, Declaration

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from defcore.attest.acts import Waiver
    from defcore.attest.statement import Claim
    from defcore.attest.verify import Verification
    from defcore.score import Scorecard


INPUTS = 2
"""How many acts an award cites after its report: an approval and an admission."""


class Status(StrEnum):
    """What a product can say of itself on a day."""

    SELF_TESTED = "self-tested"
    AWARDED = "awarded"
    EXPIRED = "expired"
    REVOKED = "revoked"


def level_name(level: str, waivers: Sequence[Waiver]) -> str:
    """Return the level as a verification summary words it; SLSA leaves names that do not begin with SLSA_ to others."""
    return f"DEFCORE_{level}_WITH_WAIVERS" if waivers else f"DEFCORE_{level}"


def approved(decisions: Sequence[Decision], moment: dt.datetime, digest: str) -> list[KnownGuideline]:
    """Return the guidelines that were approved by a moment, one for each id.

    Flags may be added after approval (process D2.1), so one id can have been approved twice with different bytes: those
    of ``digest`` come first, then the latest.
    """
    timely = [item for item in decisions if item.act is Act.APPROVE and item.moment <= moment]
    timely.sort(key=lambda item: (item.subject[1] == digest, item.moment))
    return list({item.subject[0]: known_by(item) for item in timely}.values())


def known_by(approval: Decision) -> KnownGuideline:
    """Return a guideline as its approval makes it known."""
    name, digest = approval.subject
    return KnownGuideline(name, GuidelineStatus.APPROVED, digest)


def rescore(report: Verification, known: Sequence[KnownGuideline], waivers: Sequence[Waiver] = ()) -> Scorecard:
    """Score a report's results by the guidelines given, as if what the waivers name had been in order."""
    claim = report.statement.predicate
    run = run_of(claim)
    names = {test.id: test.name for item in report.source.guideline.capabilities for test in item.tests}
    waived = {item.name for item in waivers if item.scope == "test"}
    sections = {item.name for item in waivers if item.scope == "section"}
    kept = [item for item in run.results if item.id not in waived]
    lent = [TestResult(id=item, name=names[item], outcome=Outcome.PASSED) for item in sorted(waived & set(names))]
    declared = [item for item in claim.product.declarations if item.section not in sections]
    granted = [Declaration(section=item, containment=Containment.CONTAINED) for item in sorted(sections)]
    return score(
        report.source,
        [run.model_copy(update={"results": (*kept, *lent)})],
        claim.program,
        date=read_stamp(claim.issued_at).date(),
        product=claim.product.model_copy(update={"declarations": (*declared, *granted)}),
        known=known,
    )


def check_award(award: Decision, report: Verification, decisions: Sequence[Decision], file: str) -> None:
    """Refuse an award that does not follow from this report and from the authority's other acts.

    Attacks: an award lifted from another product, report, guideline or program; one made before its report, over one
    that fails, of a guideline that nobody approved, to a vendor that was not admitted; one at a higher level.
    """
    summary: Award = award.predicate
    claim = report.statement.predicate
    (subject,) = report.statement.subject
    if award.subject != (subject.name, subject.digest.sha256):
        _refuse("award-subject", "holds an award to another product than the one that was tested", file)
    if (summary.policy.uri, summary.policy.digest.sha256) != (guideline_uri(claim), claim.guideline.digest):
        _refuse("award-guideline", "holds an award by another guideline than the one of its report", file)
    if summary.inputAttestations[0].digest.sha256 != report.full_digest:
        _refuse("award-report", "holds an award for another report", file)
    if summary.terms.program != claim.program:
        _refuse("award-program", "holds an award for another program than the one of its report", file)
    if award.moment < read_stamp(claim.issued_at):
        _refuse("award-early", "holds an award that is older than its report", file)
    if summary.verifiedLevels != (level_name(report.card.level, summary.terms.waivers),):
        _refuse("award-level", f"holds an award of a level that its report does not have ({report.card.level})", file)
    if summary.inputAttestations[0] != report_input(report):
        _refuse("award-inputs", "holds an award that calls its report by another name", file)
    here = {item.digest: item for item in decisions}
    rests = [here.get(item.digest.sha256) for item in summary.inputAttestations[1:]]
    if [item and act_input(item) for item in rests] != list(summary.inputAttestations[1:]) or len(rests) != INPUTS:
        _refuse("award-acts", "holds an award that rests on acts which are not here", file)
    check_rests(award.moment, report, rests, file)
    check_earned(award.moment, report, summary.terms.waivers, decisions, file)


def check_rests(moment: dt.datetime, report: Verification, acts: Sequence[Decision | None], file: str) -> None:
    """Refuse an award, made at a moment, that does not rest on the guideline's approval and the vendor's admission."""
    claim = report.statement.predicate
    approval, admission = acts
    if approval is None or not _approves(approval, claim.guideline.digest, moment):
        name = printable(claim.guideline.id)
        _refuse("award-unapproved", f"rests on guideline {name}: no approval of these bytes from before is here", file)
    if admission is None or not _admits(admission, claim.product.vendor, moment):
        vendor = printable(claim.product.vendor)
        _refuse("award-unadmitted", f"is about a product of {vendor}: no admission in force then is here", file)


def inputs(moment: dt.datetime, report: Verification, decisions: Sequence[Decision]) -> list[Decision | None]:
    """Choose the approval and the admission for an award made at a moment: of several the latest, of none None."""
    claim = report.statement.predicate
    latest = sorted(decisions, key=lambda item: (item.moment, item.digest), reverse=True)
    return [
        next((item for item in latest if _approves(item, claim.guideline.digest, moment)), None),
        next((item for item in latest if _admits(item, claim.product.vendor, moment)), None),
    ]


def report_input(report: Verification) -> Resource:
    """Return how a verification summary cites a report: by the sha256 of the full report's file."""
    digest = report.full_digest
    return Resource(uri=f"urn:defcore:report:{digest}", digest=SubjectDigest(sha256=digest))


def act_input(act: Decision) -> Resource:
    """Return how a verification summary cites an act: by the sha256 of its payload."""
    return Resource(uri=f"urn:defcore:act:{act.digest}", digest=SubjectDigest(sha256=act.digest))


def guideline_uri(claim: Claim) -> str:
    """Return where the guideline was published; a summary must name some URI."""
    return claim.guideline.uri or f"urn:defcore:guideline:{quote(claim.guideline.id)}"


def check_earned(
    moment: dt.datetime, report: Verification, waivers: Sequence[Waiver], decisions: Sequence[Decision], file: str
) -> None:
    """Refuse an award over a report that does not earn the mark, or a waiver that excuses nothing."""
    known = approved(decisions, moment, report.card.guideline_digest)
    card = rescore(report, known, waivers)
    if (card.interop, card.mark) != (Interop.PASS, Mark.ELIGIBLE):
        why = "; ".join(item.message for item in card.reasons if item.code != "all-passed")
        words = f"interop {card.interop.value}, mark {card.mark.value}"
        _refuse("award-unearned", f"does not earn an award: {words} ({printable(why)})", file)
    for item in waivers:
        others = [other for other in waivers if other is not item]
        if rescore(report, known, others).mark is Mark.ELIGIBLE:
            _refuse("needless-waiver", f"is given a waiver for {item.scope} {item.name}, which needs none", file)


def standing(award: Decision, revocations: Sequence[Decision], at: dt.datetime) -> Status:
    """Say where an award stands on a day. Before it begins, the product is no more than self-tested."""
    terms = award.predicate.terms
    if at < read_stamp(terms.since):
        return Status.SELF_TESTED
    if any(at >= read_stamp(item.predicate.terms.since) for item in of_award(award, revocations)):
        return Status.REVOKED
    return Status.AWARDED if at < read_stamp(terms.until) else Status.EXPIRED


def of_award(award: Decision, revocations: Sequence[Decision]) -> list[Decision]:
    """Return the revocations of an award."""
    return [
        item
        for item in revocations
        if isinstance(item.predicate, Revocation) and item.predicate.terms.award == award.digest
    ]


def _approves(item: Decision, digest: str, moment: dt.datetime) -> bool:
    return item.act is Act.APPROVE and item.subject[1] == digest and item.moment <= moment


def _admits(item: Decision, vendor: str, moment: dt.datetime) -> bool:
    found = item.predicate
    if not isinstance(found, Admission) or found.vendor != vendor or item.moment > moment:
        return False
    return read_stamp(found.since) <= moment and (found.until is None or moment < read_stamp(found.until))


def _refuse(code: str, what: str, file: str) -> NoReturn:
    hint = "an award follows from its report and from the authority's other acts"
    raise RefusedError(code, what, where=file, hint=hint)
