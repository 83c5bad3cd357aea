"""A bundle is judged offline: by the authority that the verifier trusts, for the day that is asked about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import acts, bundle, decide, judge, policy
from defcore.attest.award import Status
from defcore.attest.trust import Role
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.guideline.model import Status as GuidelineStatus
from defcore.run.record import Outcome
from defcore.score import KnownGuideline

from .world import BEGIN, DECIDED, TODAY, keep

if TYPE_CHECKING:
    from .world import Anything, World

DAY = dt.timedelta(days=1)
LATER = TODAY.replace(year=2037)


def refused(world: World, data: bytes, **more: Anything) -> str:
    """Return the code with which a bundle is refused."""
    with pytest.raises(DefcoreError) as caught:
        world.judge(data, **more)
    assert str(caught.value).startswith("bundle.json")
    return caught.value.code


def test_an_honest_bundle_holds(world: World) -> None:
    """Otherwise no award could be shown to anybody."""
    found = world.judge(world.bundle)
    assert (found.status, found.card.interop.value, found.report.mark.value) == (Status.AWARDED, "pass", "eligible")
    assert found.report.guideline_known
    assert [(item.party, item.role) for item in found.signers] == [("Acme", Role.VENDOR)]
    assert (found.approval and found.approval.data, found.admission and found.admission.data) == (
        world.approval,
        world.admission,
    )


def test_a_report_without_an_award_is_self_tested(world: World) -> None:
    """Otherwise a self-test would look like an award."""
    found = world.judge(world.pack())
    assert (found.status, found.award, found.approval, found.admission) == (Status.SELF_TESTED, None, None, None)
    assert (found.report.guideline_known, found.report.mark.value) == (False, "undetermined")


def test_a_failing_report_holds_too(world: World) -> None:
    """Otherwise an honest failure would look like a forgery."""
    broken = world.house.run_record(dict.fromkeys(world.house.ids, Outcome.FAILED))
    found = world.judge(world.pack(world.approval, report=world.house.report(run=broken)))
    assert (found.status, found.card.interop.value) == (Status.SELF_TESTED, "fail")


def test_another_vendors_key_is_refused(world: World) -> None:
    """Attack: a rival, whose key is enrolled, signs a report on somebody else's product."""
    assert refused(world, world.pack(report=world.house.report(key=world.rival))) == "not-granted"
    assert refused(world, world.pack(report=world.house.report(key=world.board[0]))) == "not-granted"
    assert refused(world, world.pack(report=world.house.report(key=world.stranger))) == "unknown-key"


def test_a_lab_signs_for_anybody(world: World) -> None:
    """Otherwise a vendor could not have its cloud tested by others."""
    found = world.judge(world.pack(report=world.house.report(key=world.lab)))
    assert [(item.party, item.role) for item in found.signers] == [("Lab", Role.LAB)]


def revoked(world: World, before: dt.datetime) -> list[bytes]:
    """Revoke the vendor's key as of a moment."""
    stamp = before.strftime("%Y-%m-%dT%H:%M:%SZ")
    what = policy.Revoking(world.house.key.public.keyid, "stolen", stamp)
    return world.change(world.lines, what, world.roots[:2], TODAY)


def test_a_report_from_before_a_theft_stays_proved(world: World) -> None:
    """Otherwise one stolen key would kill honest history, awards and all."""
    after = revoked(world, world.house.issued_at + DAY)
    for data, trusted in (
        (world.pack(world.approval, world.admission, world.award, lines=after), None),
        (world.bundle, after),
    ):
        assert world.judge(data, at=LATER, trusted=trusted).status is Status.EXPIRED
        assert world.judge(data, trusted=trusted).status is Status.AWARDED


def test_a_report_from_after_a_theft_is_refused(world: World) -> None:
    """Attack: a thief signs with a stolen key after the theft is known."""
    after = revoked(world, world.house.issued_at)
    assert refused(world, world.pack(lines=after)) == "revoked-key"
    assert refused(world, world.pack(), trusted=after) == "revoked-key"


def test_an_old_chain_does_not_hide_a_theft(world: World) -> None:
    """Attack: the thief's bundle brings the trust policy from before the revocation."""
    after = revoked(world, world.house.issued_at)
    assert world.judge(world.pack()).status is Status.SELF_TESTED
    assert refused(world, world.pack(lines=world.lines), trusted=after) == "revoked-key"


def test_ten_years_on_with_keys_rotated_and_one_revoked(world: World) -> None:
    """Otherwise a bundle would be worthless as soon as it is needed."""
    day = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    what = policy.Rotating(old=world.roots[0].public.keyid, new=world.stranger.public)
    lines = world.change(world.lines, what, world.roots[1:], day)
    signers = [world.roots[1], world.stranger]
    lines = world.change(
        lines, policy.Rotating(old=world.house.key.public.keyid, new=world.lab.public), signers, day.replace(year=2029)
    )
    lines = world.change(lines, policy.Revoking(world.board[0].public.keyid, "lost"), signers, day.replace(year=2030))
    for trusted in (None, lines):
        found = world.judge(world.bundle, at=LATER, trusted=trusted)
        assert (found.status, found.report.card.interop.value) == (Status.EXPIRED, "pass")
    files = [("old", world.bundle), ("new", b"".join(lines))]
    fresh = bundle.dump(bundle.gather(files), "bundle.json")
    found = world.judge(fresh, at=LATER)
    assert (found.status, found.trust.latest.version) == (Status.EXPIRED, 10)


def test_an_award_ends(world: World) -> None:
    """Attack: an award that has run out is shown as one in force."""
    assert world.judge(world.bundle, at=LATER).status is Status.EXPIRED
    with pytest.raises(RefusedError, match="it is expired on 2037-01-15") as caught:
        judge.require(world.judge(world.bundle, at=LATER), "awarded", "bundle.json")
    assert caught.value.code == "not-awarded"


def test_an_award_that_was_taken_back_is_none(world: World) -> None:
    """Attack: a revoked award is shown as one in force."""
    data = world.pack(world.approval, world.admission, world.award, world.revocation)
    assert world.judge(data, at=DECIDED + DAY).status is Status.AWARDED
    found = world.judge(data)
    assert (found.status, len(found.revocations)) == (Status.REVOKED, 1)
    with pytest.raises(RefusedError, match="it is revoked"):
        judge.require(found, "awarded", "bundle.json")


def test_a_vendor_takes_back_nothing(world: World) -> None:
    """Attack: a rival revokes somebody else's award."""
    forged = world.forge(world.revocation, keep, [world.rival])
    assert refused(world, world.pack(world.approval, world.admission, world.award, forged)) == "not-granted"


def test_a_revocation_needs_its_award(world: World) -> None:
    """Attack: the revocation of one award is read as that of another; or its award is left out."""
    assert refused(world, world.pack(world.approval, world.admission, world.revocation)) == "other-award"
    early = world.forge(
        world.revocation,
        lambda s: (
            s["predicate"].update(timeVerified="2026-11-30T00:00:00Z"),
            s["predicate"]["urn:defcore:revocation:v1"].update(since="2026-11-30T00:00:00Z"),
        ),
        world.board,
    )
    assert refused(world, world.pack(world.approval, world.admission, world.award, early)) == "other-award"
    renamed = world.forge(world.revocation, lambda s: s["subject"][0]["digest"].update(sha256="0" * 64), world.board)
    assert refused(world, world.pack(world.approval, world.admission, world.award, renamed)) == "other-award"


def test_signatures_that_are_stripped_do_not_hide_a_revocation(world: World) -> None:
    """Attack: a signature is taken off an award that has one to spare, so that its revocation names another file."""
    both = world.forge(world.award, keep, world.board)
    taken = world.issue(world.withdrawing(both), world.board[:1], DECIDED + DAY)
    found = world.judge(world.pack(world.approval, world.admission, world.award, taken))
    assert found.status is Status.REVOKED


def test_somebody_elses_admission_is_refused(world: World) -> None:
    """Attack: another vendor's admission lies in the bundle and is taken for this one's."""
    other = world.issue(decide.admit(world.trust, "Rival", since=None, until=None), world.board[:1])
    assert refused(world, world.pack(world.approval, other)) == "other-vendor"


def test_a_renewed_award_counts(world: World) -> None:
    """Otherwise a product whose award was renewed would look expired, or revoked."""
    longer = "2028-12-01T00:00:00Z"
    again = world.issue(world.awarding(until=longer), world.board[:1], DECIDED + DAY)
    data = world.pack(world.approval, world.admission, world.award, world.revocation, again)
    found = world.judge(data, at=dt.datetime(2028, 1, 1, tzinfo=dt.UTC))
    assert (found.status, found.award and found.award.predicate.terms.until) == (Status.AWARDED, longer)
    over = world.judge(data, at=LATER)
    assert (over.status, over.award and over.award.data) == (Status.EXPIRED, again)


def test_an_award_that_is_yet_to_begin_is_none(world: World) -> None:
    """Otherwise an award announced for next year would count today."""
    later = world.issue(world.awarding(since="2027-06-01T00:00:00Z"), world.board[:1])
    found = world.judge(world.pack(world.approval, world.admission, later))
    assert found.status is Status.SELF_TESTED
    assert found.award


def test_a_report_from_the_future_is_refused(world: World) -> None:
    """Attack: a report dated ahead hides every later one."""
    assert refused(world, world.bundle, at=world.house.issued_at - DAY) == "future"


def test_an_easier_guideline_is_refused_unless_it_was_approved(world: World) -> None:
    """Attack: a vendor excuses the test that fails in a copy of the guideline, under the same id."""
    value = world.house.guideline_value()
    value["capabilities"]["put"]["tests"]["put_one"]["flagged"] = {
        "reason": "D400",
        "action": "none",
        "date": "2026-01-01",
    }
    source = world.house.guideline_file(value)
    report = world.house.report(source=source, known=[KnownGuideline.of(source)])
    assert refused(world, world.pack(world.approval, report=report)) == "guideline-swapped"
    assert refused(world, world.pack(report=report), known=world.house.known) == "guideline-swapped"
    approved = world.issue(decide.approve(world.trust, source), world.board)
    assert world.judge(world.pack(approved, report=report), known=world.house.known).report.guideline_known


def test_guidelines_of_after_that_day_are_not_known_on_it(world: World) -> None:
    """Otherwise the answer for a day in the past would change with each guideline that ships."""
    later = [KnownGuideline(name, GuidelineStatus.APPROVED, name) for name in ("2027.05", "2027.11")]
    assert world.judge(world.bundle, known=later).report.mark.value == "eligible"
    assert world.judge(world.bundle, known=later, at=LATER).report.mark.value == "not-eligible"
    found = world.judge(world.bundle, at=DECIDED - DAY)
    assert (found.report.guideline_known, found.report.mark.value) == (False, "undetermined")


def test_a_pin_of_ones_own_is_refused(world: World) -> None:
    """Attack: a vendor makes itself an authority and awards itself."""
    assert refused(world, world.bundle, trusted="0" * 64) == "other-pin"


def test_require(world: World) -> None:
    """Otherwise a script could not tell an award from a self-test."""
    for word in ("pass", "eligible", "awarded"):
        judge.require(world.judge(world.bundle), word, "bundle.json")
    alone = world.judge(world.pack(), known=world.house.known)
    judge.require(alone, "eligible", "bundle.json")
    with pytest.raises(RefusedError, match="it is self-tested"):
        judge.require(alone, "awarded", "bundle.json")


def test_acts_alone_are_no_bundle(world: World) -> None:
    """Otherwise somebody who names the wrong file gets a traceback."""
    parts = bundle.Parts(trust=tuple(world.lines), decisions=(world.approval,))
    with pytest.raises(InputError, match="holds no report"):
        judge.judge(parts, world.trust, at=TODAY)


def test_acts_are_of_their_time(world: World) -> None:
    """Otherwise an old policy's acts would be judged by a quorum that did not exist."""
    lines = world.change(world.lines, policy.Rotating(quorum={"award": 2}), world.roots[:2], TODAY)
    assert world.judge(world.bundle, at=LATER, trusted=lines).status is Status.EXPIRED
    found = acts.read(world.award, world.read(lines), "award.json")
    assert found.moment > BEGIN
