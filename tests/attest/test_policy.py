"""What ``defcore trust`` changes, by one person or by several."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import policy
from defcore.attest.chain import read_draft
from defcore.attest.trust import Role, standing
from defcore.errors import InputError

from .world import BEGIN, SINCE, opened

if TYPE_CHECKING:
    from defcore.attest import keys

    from .world import Anything, World

LATER = BEGIN + dt.timedelta(days=40)


def refused(world: World, what: policy.Change, signer: keys.PrivateKey | None = None, **more: Anything) -> str:
    """Return the code with which a change is refused."""
    data = b"".join(more.pop("lines", world.lines))
    with pytest.raises(InputError) as caught:
        policy.change(data, what, signer or world.roots[0], more.pop("now", BEGIN), "trust.jsonl")
    assert caught.value.exit_code == 2
    return caught.value.code


def test_a_change_waits_for_its_signatures(world: World) -> None:
    """Otherwise one person decides for all, or several can never decide together."""
    what = world.granting("New", "vendor", world.stranger)
    first = policy.change(b"".join(world.lines), what, world.roots[0], LATER, "trust.jsonl")
    assert (first.number, first.lacking) == (8, "1 of 2 by the roots")
    draft = read_draft(first.data.splitlines(keepends=True), "trust.jsonl")
    assert draft.trust
    assert draft.pending
    assert draft.trust.latest.version == 7
    second = policy.change(first.data, what, world.roots[2], LATER + dt.timedelta(days=1), "trust.jsonl")
    assert (second.number, second.lacking, second.pin) == (8, "", world.trust.pin)
    third = policy.change(second.data, world.granting("Next", "vendor", world.stranger), world.roots[2], LATER, "x")
    assert third.number == 9


def test_nobody_signs_what_somebody_else_wrote(world: World) -> None:
    """Attack: the proposal grants another key than the one that the second person was told of."""
    data = policy.change(
        b"".join(world.lines), world.granting("New", "vendor", world.stranger), world.roots[0], LATER, "trust.jsonl"
    ).data
    for what in (world.granting("New", "vendor", world.rival), world.granting("New", "lab", world.stranger)):
        assert refused(world, what, world.roots[1], lines=[data]) == "other-proposal"
    again = world.granting("New", "vendor", world.stranger)
    assert refused(world, again, world.roots[0], lines=[data]) == "signed-already"


def test_only_roots_change_a_policy(world: World) -> None:
    """Attack: a vendor grants itself a role."""
    what = world.granting("Acme", "authority", world.house.key)
    assert refused(world, what, world.house.key) == "no-root"
    data = policy.change(b"".join(world.lines), what, world.roots[0], LATER, "trust.jsonl").data
    assert refused(world, what, world.house.key, lines=[data]) == "no-root"


def test_a_policy_begins_once(world: World) -> None:
    """Otherwise a trust policy would be overwritten by another beginning."""
    begin = policy.begin("Board", [world.roots[0].public], 1, {})
    assert refused(world, begin) == "trust-begun"


def test_a_beginning_waits_too(world: World) -> None:
    """Otherwise a policy of several roots could not begin; and others' changes come after it."""
    begin = policy.begin("Board", [key.public for key in world.roots], 2, {})
    first = policy.change(None, begin, world.roots[0], BEGIN, "trust.jsonl")
    assert (first.number, first.lacking) == (1, "1 of 2 by the roots")
    assert refused(world, world.granting("X", "lab", world.lab), lines=[first.data]) == "not-begun"
    second = policy.change(first.data, begin, world.roots[1], LATER, "trust.jsonl")
    assert (second.lacking, second.pin) == ("", first.pin)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (policy.begin("", [], 1, {}), "bad-words"),
        (policy.begin(" Board", [], 1, {}), "bad-words"),
    ],
)
def test_words_that_cannot_be_are_bad_input(world: World, what: policy.Change, code: str) -> None:
    """Otherwise a slip ends in a traceback, or in a policy that nobody can read."""
    with pytest.raises(InputError) as caught:
        policy.change(None, what, world.roots[0], BEGIN, "trust.jsonl")
    assert caught.value.code == code


def test_a_threshold_that_cannot_be_met_is_bad_input(world: World) -> None:
    """Otherwise a policy begins that can never change."""
    begin = policy.begin("Board", [world.roots[0].public], 2, {})
    with pytest.raises(InputError, match="more root keys than it has") as caught:
        policy.change(None, begin, world.roots[0], BEGIN, "trust.jsonl")
    assert caught.value.code == "threshold"


def test_what_is_granted_is_not_granted_again(world: World) -> None:
    """Otherwise a key has two grants, and revoking one of them looks like enough."""
    again = world.granting("Acme", "vendor", world.house.key)
    assert refused(world, again) == "granted-already"
    assert refused(world, policy.Granting("Acme", Role.VENDOR, world.house.key.public)) == "granted-already"


def test_a_grant_can_follow_one_that_ended(world: World) -> None:
    """Otherwise a key whose grant ran out could never be used again."""
    until = "2026-02-01T00:00:00Z"
    lines = world.change(world.lines, world.granting("New", "lab", world.stranger, until=until), world.roots[:2])
    again = world.granting("New", "lab", world.stranger, since=until)
    assert len(world.read(world.change(lines, again, world.roots[:2])).latest.grants) == 8


def test_a_grant_has_a_beginning_before_its_end(world: World) -> None:
    """Otherwise a slip in a year grants nothing, silently."""
    wrong = world.granting("New", "lab", world.stranger, until="2025-02-01T00:00:00Z")
    assert refused(world, wrong) == "grant-span"


def test_a_clock_that_goes_back_is_noticed(world: World) -> None:
    """Otherwise a wrong clock writes a chain that nobody accepts."""
    assert refused(world, world.granting("New", "lab", world.stranger), now=BEGIN - dt.timedelta(1)) == "trust-time"


def test_revoking_reaches_every_grant_of_a_key(world: World) -> None:
    """Otherwise a stolen key could go on in another role."""
    two, keyid = world.roots[:2], world.house.key.public.keyid
    lines = world.change(world.lines, world.granting("Acme", "lab", world.house.key), two)
    lines = world.change(lines, policy.Revoking(keyid, "stolen"), two, LATER)
    grants = [item for item in world.read(lines).latest.grants if item.keyid == keyid]
    assert [standing(item, LATER) for item in grants] == ["revoked", "revoked"]
    assert refused(world, policy.Revoking(keyid, "stolen"), lines=lines, now=LATER) == "nothing-to-revoke"
    earlier = policy.Revoking(keyid, "stolen earlier", SINCE)
    grants = [
        item for item in world.read(world.change(lines, earlier, two, LATER)).latest.grants if item.keyid == keyid
    ]
    assert {item.revoked.valid_before for item in grants if item.revoked} == {SINCE}


def test_nothing_to_revoke_is_said(world: World) -> None:
    """Otherwise a slip in a fingerprint looks like a revocation."""
    assert refused(world, policy.Revoking("SHA256:nobody", "stolen")) == "nothing-to-revoke"
    assert refused(world, policy.Revoking(world.roots[0].public.keyid, "stolen")) == "nothing-to-revoke"


def test_a_key_is_replaced_in_its_grants(world: World) -> None:
    """Otherwise a vendor's new key must be granted again by hand, and the old one goes on."""
    what = policy.Rotating(old=world.house.key.public.keyid, new=world.stranger.public)
    latest = world.read(world.change(world.lines, what, world.roots[:2], LATER)).latest
    old, new = latest.grants[2], latest.grants[-1]
    assert (old.party, new.party, new.role) == ("Acme", "Acme", Role.VENDOR)
    assert (old.until, new.since) == ("2026-02-10T00:00:00Z", "2026-02-10T00:00:00Z")
    assert latest.roots == world.trust.latest.roots
    assert new.keyid == world.stranger.public.keyid


def test_a_grant_that_is_yet_to_begin_is_replaced_too(world: World) -> None:
    """Otherwise the old key would come into force after it was replaced."""
    begin = "2026-06-01T00:00:00Z"
    lines = world.change(world.lines, world.granting("New", "lab", world.stranger, since=begin), world.roots[:2])
    what = policy.Rotating(old=world.stranger.public.keyid, new=world.lab.public)
    latest = world.read(world.change(lines, what, world.roots[:2], LATER)).latest
    assert latest.grants[-2].until == begin


def test_a_revoked_key_hands_nothing_on(world: World) -> None:
    """Otherwise a thief's key would be replaced by another one of his."""
    keyid = world.house.key.public.keyid
    lines = world.change(world.lines, policy.Revoking(keyid, "stolen"), world.roots[:2], LATER)
    what = policy.Rotating(old=keyid, new=world.stranger.public)
    latest = world.read(world.change(lines, what, world.roots[:2], LATER)).latest
    assert world.stranger.public.keyid not in [item.keyid for item in latest.grants]


def test_roots_are_added_replaced_and_dropped(world: World) -> None:
    """Otherwise a policy is stuck with the people who began it."""
    new = world.stranger.public
    more = world.change(world.lines, policy.Rotating(new=new, threshold=3), [*world.roots[:2], world.stranger], LATER)
    assert world.read(more).latest.roots.keyids == tuple(key.public.keyid for key in (*world.roots, world.stranger))
    old = world.roots[0].public.keyid
    swapped = world.change(world.lines, policy.Rotating(old=old, new=new), world.roots[1:], LATER)
    assert world.read(swapped).latest.roots.keyids[0] == new.keyid
    fewer = world.change(world.lines, policy.Rotating(old=old), world.roots[1:], LATER)
    assert len(world.read(fewer).latest.roots.keyids) == 2
    known = policy.Rotating(old=old, new=world.roots[1].public)
    merged = world.change(world.lines, known, world.roots[1:], LATER)
    assert len(world.read(merged).latest.roots.keyids) == 2


def test_the_quorum_changes_alone(world: World) -> None:
    """Otherwise an authority could never ask for more signatures than at its beginning."""
    latest = world.read(world.change(world.lines, policy.Rotating(quorum={"award": 2}), world.roots[:2])).latest
    assert (latest.quorum.award, latest.quorum.approve, latest.quorum.admit) == (2, 2, 1)


@pytest.mark.parametrize("words", [{}, {"old": "SHA256:nobody"}, {"threshold": 2}])
def test_a_rotation_that_changes_nothing_is_said(world: World, words: Anything) -> None:
    """Otherwise a slip looks like a change."""
    assert refused(world, policy.Rotating(**words)) == "nothing-to-rotate"


def test_a_root_too_few_is_said(world: World) -> None:
    """Otherwise dropping a root would leave a policy that nobody can change."""
    lines = world.change(world.lines, policy.Rotating(old=world.roots[0].public.keyid), world.roots[1:])
    what = policy.Rotating(old=world.roots[1].public.keyid)
    assert refused(world, what, world.roots[1], lines=lines) == "threshold"


def test_a_proposal_says_when_it_was_made(world: World) -> None:
    """Otherwise the second signature would change what the first one signed."""
    what = policy.Granting("New", Role.LAB, world.stranger.public)
    lines = world.change(world.lines, what, world.roots[:2], LATER)
    found = opened(lines[-1])["predicate"]
    assert found["issued_at"] == found["grants"][-1]["since"] == "2026-02-10T00:00:00Z"
