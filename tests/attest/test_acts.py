"""An act is the authority's or it is refused: its keys, their role at that time, how many, and what it is about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import acts, decide, policy
from defcore.errors import InputError, RefusedError

from .world import BEGIN, DECIDED, keep, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.attest.trust import Trust

    from .world import Anything, World


def refused(world: World, data: bytes, trust: Trust | None = None) -> str:
    """Return the code with which an act is refused."""
    with pytest.raises(RefusedError) as caught:
        acts.read(data, trust or world.trust, "act.json")
    assert caught.value.where == "act.json"
    return caught.value.code


def test_honest_acts_hold(world: World) -> None:
    """Otherwise no authority could ever decide anything."""
    for data, act in (
        (world.approval, acts.Act.APPROVE),
        (world.admission, acts.Act.ADMIT),
        (world.award, acts.Act.AWARD),
        (world.revocation, acts.Act.REVOKE),
    ):
        found = acts.read(data, world.trust, "act.json")
        assert (found.act, found.data) == (act, data)
        assert found.moment >= DECIDED


@pytest.mark.parametrize("name", ["house", "rival", "lab"])
def test_whoever_lacks_the_role_decides_nothing(world: World, name: str) -> None:
    """Attack: a vendor or a lab signs an award itself."""
    key = world.house.key if name == "house" else getattr(world, name)
    assert refused(world, world.forge(world.award, keep, [key])) == "not-granted"
    assert refused(world, world.forge(world.award, keep, [*world.board, key])) == "not-granted"


def test_an_unknown_key_decides_nothing(world: World) -> None:
    """Attack: somebody whom nobody knows signs an award."""
    assert refused(world, world.forge(world.award, keep, [world.stranger])) == "unknown-key"


def test_a_revoked_key_decides_nothing_more(world: World) -> None:
    """Attack: a key of the authority was stolen, and signs an award after that is known."""
    keyid = world.board[0].public.keyid
    for day, code in ((DECIDED, "revoked-key"), (DECIDED + dt.timedelta(days=1), "")):
        stamp = day.strftime("%Y-%m-%dT%H:%M:%SZ")
        lines = world.change(world.lines, policy.Revoking(keyid, "stolen", stamp), world.roots[:2], DECIDED)
        if code:
            assert refused(world, world.award, world.read(lines)) == code
        else:
            assert acts.read(world.award, world.read(lines), "act.json")


def test_one_of_two_approves_nothing(world: World) -> None:
    """Attack: one of the board approves an easy guideline alone, or with a reviewer, who has no vote."""
    for signers in (world.board[:1], [world.board[0], world.reviewer]):
        assert refused(world, world.forge(world.approval, keep, signers)) == "few-authorities"
    assert acts.read(world.forge(world.approval, keep, [*world.board, world.reviewer]), world.trust, "a")


def test_one_person_twice_approves_nothing(world: World) -> None:
    """Attack: one key of the board signs twice."""
    data = world.forge(world.approval, keep, [world.board[0], world.board[0]])
    assert refused(world, data) == "double-signature"


def test_one_key_with_two_grants_counts_once(world: World) -> None:
    """Attack: one key is granted the role twice, for two parties, and counts as two."""
    again = world.granting("Second", "authority", world.board[0])
    trust = world.read(world.change(world.lines, again, world.roots[:2]))
    assert refused(world, world.forge(world.approval, keep, world.board[:1]), trust) == "few-authorities"


def test_an_altered_act_is_refused(world: World) -> None:
    """Attack: somebody without a key prolongs an award."""
    other = world.forge(
        world.award, lambda s: s["predicate"]["urn:defcore:award:v1"].update(until="2030-01-01T00:00:00Z"), []
    )
    envelope = {"payload": other.split(b'"payload":"')[1].split(b'"')[0]}
    start = world.award.split(b'"payload":"')
    data = start[0] + b'"payload":"' + envelope["payload"] + b'"' + start[1].split(b'"', 1)[1]
    assert refused(world, data) == "bad-signature"


FORGED: dict[str, tuple[str, Callable[[Anything], object], str]] = {
    "approval under another policy": ("approval", lambda s: s["predicate"].update(trust="0" * 64), "other-authority"),
    "admission under another policy": ("admission", lambda s: s["predicate"].update(trust="0" * 64), "other-authority"),
    "award under another policy": (
        "award",
        lambda s: s["predicate"]["urn:defcore:award:v1"].update(trust="0" * 64),
        "other-authority",
    ),
    "approval of another guideline": ("approval", lambda s: s["predicate"].update(guideline="2027.05"), "act-subject"),
    "admission of another vendor": ("admission", lambda s: s["predicate"].update(vendor="Rival"), "act-subject"),
    "award by another authority": (
        "award",
        lambda s: s["predicate"]["verifier"].update(id="urn:defcore:authority:" + "0" * 64),
        "summary-names",
    ),
    "award for another product": (
        "award",
        lambda s: s["predicate"].update(resourceUri="urn:defcore:product:Rival/Cloud/1.0"),
        "summary-names",
    ),
    "revocation with a level": (
        "revocation",
        lambda s: s["predicate"].update(verifiedLevels=["DEFCORE_L0"]),
        "summary-level",
    ),
    "award that ends before it begins": (
        "award",
        lambda s: s["predicate"]["urn:defcore:award:v1"].update(until="2026-12-01T00:00:00Z"),
        "act-span",
    ),
    "award from before it was made": (
        "award",
        lambda s: s["predicate"]["urn:defcore:award:v1"].update(since="2026-11-30T00:00:00Z"),
        "act-backdated",
    ),
    "award with a day that does not exist": (
        "award",
        lambda s: s["predicate"]["urn:defcore:award:v1"].update(until="2027-02-30T00:00:00Z"),
        "bad-time",
    ),
    "award that failed": ("award", lambda s: s["predicate"].update(verificationResult="FAILED"), "bad-statement"),
    "award of two levels": (
        "award",
        lambda s: s["predicate"].update(verifiedLevels=["DEFCORE_L0", "DEFCORE_L3"]),
        "bad-statement",
    ),
    "award that rests on nothing": ("award", lambda s: s["predicate"].update(inputAttestations=[]), "bad-statement"),
    "a report in an act's place": (
        "award",
        lambda s: s.update(predicateType="urn:defcore:report:v1"),
        "statement-type",
    ),
}


@pytest.mark.parametrize("attack", FORGED)
def test_an_act_says_one_thing(world: World, attack: str) -> None:
    """Attack, or slip, of whoever holds the authority's keys: an act that can be read in two ways."""
    name, change, code = FORGED[attack]
    assert refused(world, world.forge(getattr(world, name), change, world.board)) == code


def test_an_admission_may_reach_back(world: World) -> None:
    """Otherwise a vendor that was admitted on paper first could not be entered as of that day."""
    build = decide.admit(world.trust, "Acme", since="2026-01-01T00:00:00Z", until=None)
    assert acts.read(world.issue(build, world.board[:1]), world.trust, "act.json")


def test_an_award_is_a_verification_summary(world: World) -> None:
    """Otherwise tools that know SLSA summaries could not read an award, or would read more into it than is true."""
    summary = opened(world.award)
    assert summary["predicateType"] == "https://slsa.dev/verification_summary/v1"
    predicate = summary["predicate"]
    required = {"verifier", "timeVerified", "resourceUri", "policy", "verificationResult", "verifiedLevels"}
    assert required <= set(predicate)
    assert predicate["policy"]["digest"] == {"sha256": world.house.source.provenance.digest}
    assert predicate["policy"]["uri"] == "https://example.org/2026.11.json"
    assert (predicate["verificationResult"], predicate["verifiedLevels"]) == ("PASSED", ["DEFCORE_L0"])
    assert [set(item) for item in predicate["inputAttestations"]] == [{"uri", "digest"}] * 3
    taken = opened(world.revocation)["predicate"]
    assert (taken["verificationResult"], taken["verifiedLevels"]) == ("FAILED", ["FAILED"])
    assert opened(world.revocation)["subject"] == summary["subject"]


def test_what_is_no_act_is_bad_input(world: World) -> None:
    """Otherwise a wrong file is called a forgery."""
    with pytest.raises(InputError):
        acts.read(b"{}", world.trust, "act.json")


def test_acts_from_before_the_policy_are_refused(world: World) -> None:
    """Attack: an act is dated to a time before its keys had their role."""
    early = (BEGIN - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = world.forge(world.approval, lambda s: s["predicate"].update(issued_at=early), world.board)
    assert refused(world, data) == "outside-grant"
