"""The chain of versions: nothing vanishes, nobody forks it, old and new roots agree, and it never expires."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import chain, dsse, judge, policy
from defcore.attest.bundle import Parts
from defcore.errors import InputError, RefusedError

from .world import BEGIN, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .world import Anything, World


def refused(world: World, lines: Sequence[bytes]) -> str:
    """Return the code with which a chain is refused."""
    with pytest.raises(RefusedError) as caught:
        world.read(lines)
    assert str(caught.value).startswith("trust.jsonl")
    return caught.value.code


def test_an_honest_chain_holds(world: World) -> None:
    """Otherwise nobody's keys could ever be trusted."""
    assert [item.policy.version for item in world.trust.versions] == [1, 2, 3, 4, 5, 6, 7]
    assert len(world.trust.keys) == 9


STEPS: dict[str, tuple[Callable[[Anything], object], str]] = {
    "grant that vanished": (lambda p: p["grants"].pop(), "grant-vanished"),
    "grant put in another's place": (
        lambda p: p["grants"].pop(0) and p["grants"].append(p["grants"][0]),
        "grant-changed",
    ),
    "grant for somebody else": (lambda p: p["grants"][2].update(party="Rival"), "grant-changed"),
    "grant in another role": (lambda p: p["grants"][2].update(role="authority"), "grant-changed"),
    "grant from another day": (lambda p: p["grants"][2].update(since="2025-01-01T00:00:00Z"), "grant-changed"),
    "grant that ended before": (lambda p: p["grants"][2].update(until="2026-01-01T00:00:00Z"), "grant-cut"),
    "key that vanished": (lambda p: p["keys"].pop() and p["grants"].pop(), "key-vanished"),
    "version left out": (lambda p: p.update(version=9), "trust-order"),
    "other predecessor": (lambda p: p.update(previous="0" * 64), "trust-order"),
    "a second beginning": (lambda p: p.update(version=1, previous=None), "trust-order"),
    "older than its predecessor": (lambda p: p.update(issued_at="2025-12-31T00:00:00Z"), "trust-time"),
}


@pytest.mark.parametrize("attack", STEPS)
def test_a_version_that_does_not_follow_is_refused(world: World, attack: str) -> None:
    """Attack: whoever holds the roots takes back what was granted, or leaves out a version."""
    change, code = STEPS[attack]
    # The grant that is cut would end before the version that ends it.
    later = "2026-02-01T00:00:00Z"
    lines = world.forge_version(world.lines, lambda p: (p.update(issued_at=later), change(p)), world.roots)
    assert refused(world, lines) == code


def test_an_authority_is_not_renamed(world: World) -> None:
    """Attack: a chain that people trust goes on under another's name."""
    statement = json.loads(base64.b64decode(json.loads(world.lines[0])["payload"]))
    assert statement["predicate"]["authority"] == "Board"
    begin = policy.begin("Other", [key.public for key in world.roots], 2, {})
    other = world.change([], begin, world.roots[:2])
    digest = world.trust.versions[-1].digest
    forged = world.forge(
        other[0],
        lambda s: s["predicate"].update(
            version=8,
            previous=digest,
            keys=json.loads(base64.b64decode(json.loads(world.lines[-1])["payload"]))["predicate"]["keys"],
        ),
        world.roots,
    )
    assert refused(world, [*world.lines, forged]) == "trust-authority"


def test_a_policy_about_another_authority_is_refused(world: World) -> None:
    """Attack: the name that is signed as the subject is another than the one that is shown."""
    forged = world.forge(world.lines[0], lambda s: s["subject"][0].update(name="Other"), world.roots[:2])
    assert refused(world, [forged]) == "subject"


def test_a_grant_is_not_stretched_and_a_revocation_not_taken_back(world: World) -> None:
    """Attack: a grant that ended comes to life again, and with it what was signed since."""
    keyid, two = world.house.key.public.keyid, world.roots[:2]
    days = [BEGIN + dt.timedelta(days=number) for number in (10, 20, 30)]
    ended = world.change(world.lines, policy.Rotating(old=keyid, new=world.stranger.public), two, days[0])
    at = next(i for i, item in enumerate(world.read(ended).latest.grants) if item.keyid == keyid)

    def stretched(until: str | None) -> list[bytes]:
        return world.forge_version(ended, lambda p: p["grants"][at].update(until=until), world.roots)

    assert refused(world, stretched(None)) == "grant-stretched"
    assert refused(world, stretched("2026-03-01T00:00:00Z")) == "grant-stretched"
    revoked = world.change(world.lines, policy.Revoking(keyid, "stolen", "2026-01-15T00:00:00Z"), two, days[1])

    def revived(value: Anything) -> list[bytes]:
        return world.forge_version(revoked, lambda p: p["grants"][at].update(revoked=value), world.roots)

    assert refused(world, revived(None)) == "grant-revived"
    assert refused(world, revived({"valid_before": "2026-01-16T00:00:00Z", "reason": "later"})) == "grant-revived"
    earlier = revived({"valid_before": "2026-01-14T00:00:00Z", "reason": "it was earlier"})
    assert world.read(earlier).latest.grants[at].revoked


def test_a_grant_may_end(world: World) -> None:
    """Otherwise a key could only be revoked, as if it had been stolen."""
    lines = world.forge_version(
        world.lines, lambda p: p["grants"][2].update(until="2026-06-01T00:00:00Z"), world.roots[:2]
    )
    assert world.read(lines).latest.grants[2].until == "2026-06-01T00:00:00Z"


def test_too_few_roots_change_nothing(world: World) -> None:
    """Attack: one root alone grants a key, or one root signs twice."""
    one = world.forge_version(world.lines, keep, world.roots[:1])
    assert refused(world, one) == "few-signatures"
    twice = world.forge_version(world.lines, keep, [world.roots[0], world.roots[0]])
    assert refused(world, twice) == "double-signature"


def test_a_version_in_the_middle_needs_its_signatures_too(world: World) -> None:
    """Attack: a version that only one root signed is buried under later ones."""
    one = world.forge_version(world.lines, keep, world.roots[:1])
    assert refused(world, world.forge_version(one, keep, world.roots)) == "unsigned-version"


def test_others_cannot_change_the_policy(world: World) -> None:
    """Attack: a vendor grants itself the authority's role."""
    forged = world.forge_version(world.lines, keep, [world.house.key])
    assert refused(world, forged) == "unknown-key"


def test_an_altered_version_is_refused(world: World) -> None:
    """Attack: somebody without any key changes a version's words."""
    envelope = json.loads(world.lines[2])
    payload = base64.b64decode(envelope["payload"]).replace(b'"authority"', b'"reviewer"', 1)
    data = dsse.dump(dsse.Envelope(payload, dsse.parse(world.lines[2], "x").signatures))
    assert refused(world, [*world.lines[:2], data]) in ("bad-signature", "bad-statement")


def rotated(world: World, signers: Sequence[Anything]) -> list[bytes]:
    """Replace the three roots by three others, of which three must agree."""
    new = [world.stranger, world.rival, world.lab]

    def change(value: Anything) -> None:
        keys = [{"keyid": key.public.keyid, "public": key.public.line} for key in new]
        value["keys"] += [item for item in keys if item not in value["keys"]]
        value["roots"] = {"threshold": 3, "keyids": [key.public.keyid for key in new]}

    return world.forge_version(world.lines, change, signers)


def test_new_roots_need_the_old_ones(world: World) -> None:
    """Attack: a thief appoints roots of his own."""
    new = [world.stranger, world.rival, world.lab]
    assert refused(world, rotated(world, [*new, world.roots[0]])) == "few-signatures"
    assert world.read(rotated(world, [*new, *world.roots[:2]])).latest.roots.threshold == 3


def test_new_roots_must_agree_themselves(world: World) -> None:
    """Attack, or slip: roots are appointed that nobody holds, and the policy can never be changed again."""
    lines = rotated(world, [*world.roots, world.stranger, world.rival])
    with pytest.raises(RefusedError, match="2 of 3 by the new roots"):
        world.read(lines)


def test_a_chain_outlives_its_roots(world: World) -> None:
    """Otherwise old reports would fall with the roots of their time; nothing in a chain expires."""
    what = policy.Rotating(old=world.roots[0].public.keyid, new=world.stranger.public)
    signers = [world.roots[1], world.roots[2], world.stranger]
    lines = world.change(world.lines, what, signers[:2], BEGIN.replace(year=2031))
    trust = world.read(lines)
    assert world.stranger.public.keyid in trust.latest.roots.keyids
    assert world.roots[0].public.keyid not in trust.latest.roots.keyids
    lines = world.change(lines, world.granting("X", "lab", world.roots[0]), signers[1:], BEGIN.replace(year=2036))
    assert world.read(lines).pin == world.trust.pin


def test_the_pin_is_the_first_version(world: World) -> None:
    """Attack: a bundle brings a trust policy of the attacker's own."""
    begin = policy.begin("Board", [world.stranger.public], 1, {})
    other = world.change([], begin, [world.stranger])
    with pytest.raises(RefusedError) as caught:
        chain.read([*other, b"and whatever follows is not even read"], "bundle.json", world.trust.pin)
    assert caught.value.code == "other-pin"
    assert chain.read(world.lines, "bundle.json", world.trust.pin).pin == world.trust.pin


def test_a_shorter_chain_hides_nothing_from_those_who_know_more(world: World) -> None:
    """Attack: a bundle brings the chain from before a key was revoked."""
    what = policy.Revoking(world.house.key.public.keyid, "stolen")
    longer = world.read(world.change(world.lines, what, world.roots[:2]))
    for mine, theirs in ((longer, world.trust), (world.trust, longer)):
        assert chain.newer(mine, theirs, "bundle.json") is longer


def test_a_fork_is_refused(world: World) -> None:
    """Attack: the roots show two histories to two people."""
    one, other = (
        world.read(world.change(world.lines, policy.Revoking(world.house.key.public.keyid, why), world.roots[:2]))
        for why in ("stolen", "lost")
    )
    with pytest.raises(RefusedError) as caught:
        chain.newer(one, other, "bundle.json")
    assert caught.value.code == "trust-fork"


def test_a_chain_of_ones_own_judges_in_place_of_the_bundles(world: World) -> None:
    """Otherwise somebody who holds a chain, or a bare report, could not check by it."""
    parts = Parts(world.house.signed)
    assert judge.anchor(parts, world.lines, "report").pin == world.trust.pin
    with pytest.raises(InputError, match="brings no trust policy"):
        judge.anchor(parts, world.trust.pin, "report")
    begin = policy.begin("Board", [world.stranger.public], 1, {})
    other = world.change([], begin, [world.stranger])
    with pytest.raises(RefusedError, match="not with the one that you trust"):
        judge.anchor(Parts(trust=tuple(other)), world.lines, "bundle")


@pytest.mark.parametrize("count", [0, 1])
def test_half_a_chain_is_not_one(world: World, count: int) -> None:
    """Otherwise an empty file, or a proposal, would be taken for a policy."""
    if count == 0:
        with pytest.raises(InputError, match="is empty"):
            chain.split(b"", "trust.jsonl")
        assert refused(world, []) == "no-trust"
    else:
        begin = policy.begin("Board", [key.public for key in world.roots], 2, {})
        assert refused(world, world.change([], begin, world.roots[:1])) == "few-signatures"
