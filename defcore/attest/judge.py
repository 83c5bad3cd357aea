"""Verifying a bundle, offline: who signed what in which role, what follows from what, and where it stands.

Every key is judged by the trust policy for the moment at which it signed, by its holder's own clock: there is no log
yet. Awards are judged for the day that is asked about. The report is checked and scored again by
``defcore.attest.verify``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from defcore.attest import acts, award, chain
from defcore.attest import verify as reports
from defcore.attest.acts import Act, Admission
from defcore.attest.award import Status
from defcore.attest.canonical import printable
from defcore.attest.dsse import HINT
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import Role, check_role
from defcore.errors import InputError, RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from defcore.attest.acts import Decision
    from defcore.attest.bundle import Parts
    from defcore.attest.trust import Grant, Trust
    from defcore.attest.verify import Verification
    from defcore.score import KnownGuideline, Scorecard


@dataclass(frozen=True, slots=True)
class Judgement:
    """A bundle whose claims hold on a day.

    ``trust`` is the chain that judged: the bundle's, or a newer one that the verifier holds. ``signers`` are the
    grants by which the report's keys could sign. ``award`` is the one that decides ``status``, if there is any, with
    its ``revocations``. ``approval`` is the guideline's, ``admission`` the vendor's, as far as the bundle has them.
    ``card`` is scored by the guidelines known on that day, the report's own ``card`` by those that its signer knew.
    """

    at: dt.datetime
    trust: Trust
    report: Verification
    card: Scorecard
    signers: tuple[Grant, ...]
    decisions: tuple[Decision, ...]
    status: Status
    award: Decision | None
    revocations: tuple[Decision, ...]
    approval: Decision | None
    admission: Decision | None


def anchor(parts: Parts, trusted: str | Sequence[bytes], file: str) -> Trust:
    """Return the chain to judge by. ``trusted`` is a pin, or the envelopes of a chain that the verifier holds.

    With a pin, the parts must bring a chain that begins with it. With a chain of one's own, the parts' (if any) and it
    must be one history; the longer counts, so that nobody can hide a revocation from somebody who knows of it.
    """
    if isinstance(trusted, str):
        if not parts.trust:
            hint = "give the trust policy's file in place of its digest"
            raise InputError("no-trust", "brings no trust policy", where=file, hint=hint)
        return chain.read(parts.trust, f"{file}, trust policy", trusted)
    mine = chain.read(trusted, "the trust policy given")
    if not parts.trust:
        return mine
    return chain.newer(mine, chain.read(parts.trust, f"{file}, trust policy", mine.pin), file)


def judge(
    parts: Parts, trust: Trust, *, at: dt.datetime, known: Sequence[KnownGuideline] = (), file: str = "bundle"
) -> Judgement:
    """Check everything that a bundle holds against a chain that the caller trusts; return what holds on the day ``at``.

    ``known`` are the guidelines that the caller holds; those that the authority approved come before them. Raises
    RefusedError or InputError, one line, naming ``file``.
    """
    if parts.report is None:
        raise InputError("no-report", "holds no report", where=file, hint="'defcore sign' makes one")
    decisions = tuple(
        acts.read(item, trust, f"{file}, act {number}") for number, item in enumerate(parts.decisions, start=1)
    )
    report, card = check_report(parts.report, trust, decisions, at=at, known=known, file=file)
    claim = report.statement.predicate
    issued = read_stamp(claim.issued_at)
    roles = (Role.VENDOR, Role.LAB, Role.RUNNER)
    signers = check_role(trust, report.signers, roles, issued, file, vendor=claim.product.vendor)
    awards = [item for item in decisions if item.act is Act.AWARD]
    revocations = tuple(item for item in decisions if item.act is Act.REVOKE)
    for item in awards:
        award.check_award(item, report, decisions, file)
    check_revocations(awards, revocations, file)
    check_relevant(decisions, claim.product.vendor, file)
    status, found = status_of(awards, revocations, at)
    timely = [item for item in decisions if item.moment <= at]
    approvals = [item for item in timely if item.act is Act.APPROVE and item.subject[1] == claim.guideline.digest]
    admissions = [item for item in timely if item.act is Act.ADMIT]
    return Judgement(
        at=at,
        trust=trust,
        report=report,
        card=card,
        signers=signers,
        decisions=decisions,
        status=status,
        award=found,
        revocations=tuple(award.of_award(found, revocations)) if found else (),
        approval=min(approvals, key=lambda item: item.moment, default=None),
        admission=max(admissions, key=lambda item: item.moment, default=None),
    )


def check_report(
    data: bytes,
    trust: Trust,
    decisions: Sequence[Decision],
    *,
    at: dt.datetime,
    known: Sequence[KnownGuideline],
    file: str,
) -> tuple[Verification, Scorecard]:
    """Verify the report with every key of the trust policy, and score it by the guidelines approved by that day.

    Whether its key may sign for its vendor is for the caller to check.
    """
    every = [award.known_by(item) for item in decisions if item.act is Act.APPROVE]
    ids = {item.id for item in every}
    # A guideline is called by its year and month (process D4), an add-on's after its name: one of after that day is not
    # known on that day.
    held = [item for item in known if item.id not in ids and item.id[-7:] <= f"{at:%Y.%m}"]
    found = reports.verify(data, list(trust.keys.values()), file=file, known=[*every, *held], now=at)
    digest = found.card.guideline_digest
    by_then = [*award.approved(decisions, at, digest), *held]
    card = award.rescore(found, by_then)
    genuine = any(item.digest == digest for item in by_then)
    return replace(found, mark=card.mark, guideline_known=genuine), card


def check_revocations(awards: Sequence[Decision], revocations: Sequence[Decision], file: str) -> None:
    """Refuse a revocation of an award that is not here, or that was not made yet."""
    by_digest = {item.digest: item for item in awards}
    for item in revocations:
        found = by_digest.get(item.predicate.terms.award)
        if found is None or found.subject != item.subject or found.moment > item.moment:
            _refuse("other-award", "holds a revocation of an award that it does not hold", file)


def check_relevant(decisions: Sequence[Decision], vendor: str, file: str) -> None:
    """Refuse an admission of somebody else: it would be taken for this vendor's."""
    for item in decisions:
        if isinstance(item.predicate, Admission) and item.predicate.vendor != vendor:
            name = printable(item.predicate.vendor)
            _refuse("other-vendor", f"holds the admission of {name}, whose report this is not", file)


def status_of(
    awards: Sequence[Decision], revocations: Sequence[Decision], at: dt.datetime
) -> tuple[Status, Decision | None]:
    """Return where the product stands on a day, and by which award: one in force before the latest of the others."""
    found = [(award.standing(item, revocations, at), item) for item in sorted(awards, key=lambda item: item.moment)]
    for wanted in ((Status.AWARDED,), (Status.REVOKED, Status.EXPIRED), (Status.SELF_TESTED,)):
        fitting = [pair for pair in found if pair[0] in wanted]
        if fitting:
            return fitting[-1]
    return Status.SELF_TESTED, None


def require(judgement: Judgement, word: str, file: str) -> None:
    """Refuse a bundle that does not show ``pass``, ``eligible`` or ``awarded`` on the day that is asked about."""
    if word != Status.AWARDED.value:
        reports.require(judgement.report, word, file)
    elif judgement.status is not Status.AWARDED:
        what = f"does not show awarded: it is {judgement.status} on {judgement.at:%F}"
        raise RefusedError("not-awarded", what, where=file)


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)
