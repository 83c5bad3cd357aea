"""An award follows from its report and from the authority's other acts, or it is refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import acts, award, decide
from defcore.attest.award import Status
from defcore.attest.canonical import sha256_hex
from defcore.errors import RefusedError
from defcore.run.record import Outcome
from defcore.score.product import Containment, Declaration

from .world import BEGIN, DECIDED, TODAY, UNTIL, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import Anything, World

TERMS = "urn:defcore:award:v1"
BROKEN = {"11111111-0000-4000-8000-000000000000": Outcome.FAILED}


def refused(world: World, data: bytes) -> str:
    """Return the code with which a bundle is refused."""
    with pytest.raises(RefusedError) as caught:
        world.judge(data)
    assert str(caught.value).startswith("bundle.json")
    return caught.value.code


def with_award(world: World, award_: bytes, **more: Anything) -> bytes:
    """Pack a bundle with another award."""
    return world.pack(world.approval, world.admission, award_, **more)


def cite(position: int, digest: str) -> Callable[[Anything], object]:
    """Let an award cite something else."""

    def change(statement: Anything) -> None:
        statement["predicate"]["inputAttestations"][position]["digest"]["sha256"] = digest

    return change


def rename_subject(statement: Anything) -> None:
    """Let an award be about another product."""
    statement["subject"][0]["digest"]["sha256"] = "0" * 64


LIFTED: dict[str, tuple[Callable[[Anything], object], str]] = {
    "other product": (rename_subject, "award-subject"),
    "other guideline": (lambda s: s["predicate"]["policy"]["digest"].update(sha256="0" * 64), "award-guideline"),
    "other guideline's address": (lambda s: s["predicate"]["policy"].update(uri="https://else"), "award-guideline"),
    "other report": (cite(0, "0" * 64), "award-report"),
    "other name for the report": (
        lambda s: s["predicate"]["inputAttestations"][0].update(uri="urn:else"),
        "award-inputs",
    ),
    "other program": (lambda s: s["predicate"][TERMS].update(program="other"), "award-program"),
    "higher level": (lambda s: s["predicate"].update(verifiedLevels=["DEFCORE_L3"]), "award-level"),
    "made before its report": (
        lambda s: (
            s["predicate"].update(timeVerified="2026-11-20T09:29:59Z"),
            s["predicate"][TERMS].update(since="2026-11-21T00:00:00Z"),
        ),
        "award-early",
    ),
    "no approval": (cite(1, "0" * 64), "award-acts"),
    "no admission": (lambda s: s["predicate"]["inputAttestations"].pop(), "award-acts"),
    "approval twice": (
        lambda s: s["predicate"]["inputAttestations"].__setitem__(2, s["predicate"]["inputAttestations"][1]),
        "award-unadmitted",
    ),
    "admission twice": (
        lambda s: s["predicate"]["inputAttestations"].__setitem__(1, s["predicate"]["inputAttestations"][2]),
        "award-unapproved",
    ),
    "other name for the approval": (
        lambda s: s["predicate"]["inputAttestations"][1].update(uri="urn:else"),
        "award-acts",
    ),
    "waiver that excuses nothing": (
        lambda s: s["predicate"].update(
            {
                TERMS: s["predicate"][TERMS]
                | {"waivers": [{"scope": "section", "name": "swift", "reason": "just in case"}]},
                "verifiedLevels": ["DEFCORE_L0_WITH_WAIVERS"],
            }
        ),
        "needless-waiver",
    ),
    "waivers hidden from the summary": (
        lambda s: s["predicate"][TERMS].update(waivers=[{"scope": "section", "name": "swift", "reason": "x"}]),
        "award-level",
    ),
}


@pytest.mark.parametrize("attack", LIFTED)
def test_an_award_that_does_not_follow_is_refused(world: World, attack: str) -> None:
    """Attack: an award is lifted from another product, report, guideline or program, or says more than was decided."""
    change, code = LIFTED[attack]
    assert refused(world, with_award(world, world.forge(world.award, change, world.board))) == code


def test_an_award_over_a_failing_report_is_refused(world: World) -> None:
    """Attack: an authority awards a product that failed, by carelessness or for money."""
    report = world.house.report(run=world.house.run_record(BROKEN))
    digest = sha256_hex(report)

    def change(statement: Anything) -> None:
        cite(0, digest)(statement)
        statement["predicate"]["inputAttestations"][0]["uri"] = f"urn:defcore:report:{digest}"

    forged = world.forge(world.award, change, world.board)
    assert refused(world, with_award(world, forged, report=report)) == "award-unearned"


def test_an_award_needs_the_approval_before_it(world: World) -> None:
    """Attack: a guideline is approved after the award, to fit it."""
    late = world.issue(decide.approve(world.trust, world.house.source), world.board, DECIDED + dt.timedelta(days=1))
    found = acts.read(late, world.trust, "act.json")

    def change(statement: Anything) -> None:
        cite(1, found.digest)(statement)
        statement["predicate"]["inputAttestations"][1]["uri"] = f"urn:defcore:act:{found.digest}"

    forged = world.forge(world.award, change, world.board)
    assert refused(world, world.pack(late, world.admission, forged)) == "award-unapproved"


@pytest.mark.parametrize(
    ("words", "now"),
    [
        ({"since": None, "until": None}, DECIDED + dt.timedelta(days=1)),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-11-30T00:00:00Z"}, DECIDED),
        ({"since": "2026-12-02T00:00:00Z", "until": None}, DECIDED),
    ],
)
def test_an_award_needs_an_admission_in_force(world: World, words: Anything, now: dt.datetime) -> None:
    """Attack: a vendor whose admission had ended, or had not begun, is given an award."""
    other = world.issue(decide.admit(world.trust, "Acme", **words), world.board[:1], now)
    found = acts.read(other, world.trust, "act.json")

    def change(statement: Anything) -> None:
        cite(2, found.digest)(statement)
        statement["predicate"]["inputAttestations"][2]["uri"] = f"urn:defcore:act:{found.digest}"

    forged = world.forge(world.award, change, world.board)
    assert refused(world, world.pack(world.approval, other, forged)) == "award-unadmitted"


def test_a_public_report_carries_the_award_of_its_full_one(world: World) -> None:
    """Otherwise a vendor would have to publish its failures to show its award."""
    pair = world.house.pair()
    full = world.issue(world.awarding(pair.full), world.board[:1])
    found = world.judge(with_award(world, full, report=pair.public))
    assert (found.status, found.report.public) == (Status.AWARDED, True)


def waived(world: World, **more: Anything) -> tuple[bytes, bytes, bytes]:
    """Award a product that fails a test and lacks a section, with two waivers; return both reports and the award."""
    part = Declaration(section="swift", containment=Containment.MODIFIED, comment="another ring")
    pair = world.house.pair(run=world.house.run_record(BROKEN), product=world.house.described(declarations=(part,)))
    waivers = [
        acts.Waiver(scope="test", name=next(iter(BROKEN)), reason="the test is wrong, bug 1"),
        acts.Waiver(scope="section", name="swift", reason="the change was sent upstream"),
    ]
    made = world.issue(world.awarding(pair.full, waivers=waivers, **more), world.board[:1])
    return pair.full, pair.public, made


def test_waivers_excuse_what_they_name(world: World) -> None:
    """Otherwise an authority could only lie about a faulty test, or refuse everybody."""
    full, public, made = waived(world)
    assert opened(made)["predicate"]["verifiedLevels"] == ["DEFCORE_L0_WITH_WAIVERS"]
    for report in (full, public):
        found = world.judge(with_award(world, made, report=report))
        assert found.status is Status.AWARDED
        assert (found.card.mark.value, found.report.card.interop.value) != ("eligible", "pass")
    less = world.forge(made, lambda s: s["predicate"][TERMS]["waivers"].pop(0), world.board)
    assert refused(world, with_award(world, less, report=full)) == "award-unearned"


def test_an_award_stands_somewhere_on_each_day(world: World) -> None:
    """Otherwise an award that has ended, or was taken back, would still be shown as one."""
    made = acts.read(world.award, world.trust, "award.json")
    taken = acts.read(world.revocation, world.trust, "revocation.json")
    end, day = dt.datetime.fromisoformat(UNTIL), dt.timedelta(days=1)
    for at, revocations, status in (
        (DECIDED - day, [], Status.SELF_TESTED),
        (DECIDED, [], Status.AWARDED),
        (end - day, [], Status.AWARDED),
        (end, [], Status.EXPIRED),
        (taken.moment - day, [taken], Status.AWARDED),
        (taken.moment, [taken], Status.REVOKED),
        (end, [taken], Status.REVOKED),
    ):
        assert award.standing(made, revocations, at) is status


def test_one_id_can_be_approved_twice(world: World) -> None:
    """Otherwise a flag that is added after approval would void every report before it (process D2.1)."""
    value = world.house.guideline_value()
    flag = {"reason": "D400", "action": "none", "date": "2026-12-24"}
    value["capabilities"]["put"]["tests"]["put_one"]["flagged"] = flag
    flagged = world.house.guideline_file(value)
    again = world.issue(decide.approve(world.trust, flagged), world.board, TODAY - dt.timedelta(days=1))
    found = world.judge(world.pack(world.approval, world.admission, world.award, again))
    assert (found.status, found.card.mark.value) == (Status.AWARDED, "eligible")
    old, new = world.house.source.provenance.digest, flagged.provenance.digest
    decisions = [acts.read(item, world.trust, "act") for item in (world.approval, again)]
    for digest, chosen in ((old, old), (new, new), ("0" * 64, new)):
        assert [item.digest for item in award.approved(decisions, TODAY, digest)] == [chosen]
    assert award.approved(decisions, BEGIN, old) == []


def test_a_guideline_without_an_address_has_a_name(world: World) -> None:
    """Otherwise a summary would name no policy, which SLSA forbids."""
    value = world.house.guideline_value()
    value["metadata"]["source"] = ""
    source = world.house.guideline_file(value)
    report = world.house.report(source=source, known=())
    approval = world.issue(decide.approve(world.trust, source), world.board)
    made = world.issue(world.awarding(report, decisions=(approval, world.admission)), world.board[:1])
    assert opened(made)["predicate"]["policy"]["uri"] == "urn:defcore:guideline:2026.11"
    assert world.judge(world.pack(approval, world.admission, made, report=report)).status is Status.AWARDED
