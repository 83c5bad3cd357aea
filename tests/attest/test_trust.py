"""One version of a trust policy, and how it judges a key at a moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from defcore.attest import policy
from defcore.attest.trust import Role, check_role, standing
from defcore.errors import RefusedError

from .world import BEGIN, DECIDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.attest.trust import Trust

    from .world import Anything, World

THEFT = "2026-12-24T00:00:00Z"


def refused(world: World, change: Callable[[Anything], object]) -> str:
    """Return the code with which a version by all the roots is refused."""
    with pytest.raises(RefusedError) as caught:
        world.read(world.forge_version(world.lines, change, world.roots))
    assert caught.value.exit_code == 1
    return caught.value.code


def rename_key(value: Anything) -> None:
    """Enter a root's key once more, under another name."""
    other = "SHA256:" + "A" * 43
    value["keys"].append(value["keys"][0] | {"keyid": other})
    value["roots"] = {"threshold": 2, "keyids": [value["roots"]["keyids"][0], other]}


def other_spelling(value: Anything) -> None:
    """Enter a root's key once more, with a comment."""
    value["keys"].append(value["keys"][0] | {"public": value["keys"][0]["public"] + " again"})


POLICIES: dict[str, tuple[Callable[[Anything], object], str]] = {
    "one key under two names": (rename_key, "key-name"),
    "one key in two spellings": (other_spelling, "key-name"),
    "one key twice": (lambda p: p["keys"].append(p["keys"][0]), "double-key"),
    "another key under a known name": (lambda p: p["keys"][0].update(public=p["keys"][1]["public"]), "key-name"),
    "no key": (lambda p: p["keys"].append({"keyid": "x", "public": "ssh-ed25519 AAAA"}), "bad-key"),
    "root without a key": (lambda p: p["roots"]["keyids"].append("SHA256:nobody"), "no-key"),
    "grant without a key": (lambda p: p["grants"].append(p["grants"][0] | {"keyid": "SHA256:nobody"}), "no-key"),
    "root counted twice": (lambda p: p["roots"]["keyids"].append(p["roots"]["keyids"][0]), "double-root"),
    "more signatures than roots": (lambda p: p["roots"].update(threshold=4), "threshold"),
    "no threshold": (lambda p: p["roots"].update(threshold=0), "bad-statement"),
    "no such day": (lambda p: p.update(issued_at="2026-02-30T00:00:00Z"), "bad-time"),
    "no such end": (lambda p: p["grants"].append(p["grants"][0] | {"until": "2026-02-30T00:00:00Z"}), "bad-time"),
    "end before beginning": (
        lambda p: p["grants"].append(p["grants"][0] | {"until": "2025-01-01T00:00:00Z"}),
        "grant-span",
    ),
    "invisible mark in a name": (
        lambda p: p["grants"].append(p["grants"][0] | {"party": "Ac\u200bme"}),
        "bad-statement",
    ),
    "blank after a name": (lambda p: p["grants"].append(p["grants"][0] | {"party": "Acme "}), "bad-statement"),
    "unknown role": (lambda p: p["grants"].append(p["grants"][0] | {"role": "king"}), "bad-statement"),
    "unknown field": (lambda p: p.update(more=1), "bad-statement"),
}


@pytest.mark.parametrize("attack", POLICIES)
def test_a_policy_that_says_two_things_is_refused(world: World, attack: str) -> None:
    """Attack: one key counts as two, or a policy can be read in two ways."""
    change, code = POLICIES[attack]
    assert refused(world, change) == code


def role(trust: Trust, key: Anything, roles: tuple[Role, ...], moment: dt.datetime, vendor: str | None = None) -> str:
    """Return the party for which a key may sign, or the code of the refusal."""
    try:
        (grant,) = check_role(trust, [key.public.keyid], roles, moment, "report", vendor=vendor)
    except RefusedError as error:
        return error.code
    return grant.party


def test_a_key_signs_in_its_role_only(world: World) -> None:
    """Attack: a vendor decides on its own award, or signs in a rival's name."""
    vendor, authority = (Role.VENDOR,), (Role.AUTHORITY,)
    assert role(world.trust, world.house.key, vendor, DECIDED, "Acme") == "Acme"
    assert role(world.trust, world.rival, vendor, DECIDED, "Acme") == "not-granted"
    assert role(world.trust, world.house.key, authority, DECIDED) == "not-granted"
    assert role(world.trust, world.stranger, vendor, DECIDED, "Acme") == "not-granted"
    assert role(world.trust, world.lab, (Role.VENDOR, Role.LAB), DECIDED, "Acme") == "Lab"


def test_a_key_signs_in_its_time_only(world: World) -> None:
    """Attack: a key is used before it was granted, or after its party left."""
    key = world.stranger
    lines = world.change(
        world.lines,
        world.granting("New", "vendor", key, since="2026-06-01T00:00:00Z", until="2026-07-01T00:00:00Z"),
        world.roots[:2],
    )
    trust = world.read(lines)
    for day, found in (
        ("2026-05-31", "outside-grant"),
        ("2026-06-01", "New"),
        ("2026-06-30", "New"),
        ("2026-07-01", "outside-grant"),
    ):
        assert role(trust, key, (Role.VENDOR,), dt.datetime.fromisoformat(f"{day}T00:00:00Z"), "New") == found


def test_revocation_spares_what_was_signed_before(world: World) -> None:
    """Otherwise a stolen key would void years of honest reports; or nothing at all."""
    what = policy.Revoking(world.house.key.public.keyid, "stolen", THEFT)
    trust = world.read(world.change(world.lines, what, world.roots[:2]))
    theft = dt.datetime.fromisoformat(THEFT)
    assert role(trust, world.house.key, (Role.VENDOR,), theft - dt.timedelta(seconds=1), "Acme") == "Acme"
    assert role(trust, world.house.key, (Role.VENDOR,), theft, "Acme") == "revoked-key"


def test_a_grant_stands_somewhere_on_each_day(world: World) -> None:
    """Otherwise the list of grants misleads whoever administers it."""
    end = "2026-08-01T00:00:00Z"
    made = world.granting("Acme", "lab", world.house.key, since="2026-06-01T00:00:00Z", until=end)
    lines = world.change(world.lines, made, world.roots[:2])
    grant = world.read(lines).latest.grants[-1]
    days = ("2026-05-01", "2026-06-01", "2026-08-01")
    words = [standing(grant, dt.datetime.fromisoformat(f"{day}T00:00:00Z")) for day in days]
    assert words == ["yet to begin", "good", "ended"]
    stolen = policy.Revoking(world.house.key.public.keyid, "stolen", "2026-07-01T00:00:00Z")
    grant = world.read(world.change(lines, stolen, world.roots[:2])).latest.grants[-1]
    assert standing(grant, dt.datetime.fromisoformat(end)) == "revoked"


def test_the_version_of_the_day_decides_how_many_it_takes(world: World) -> None:
    """Otherwise a quorum that is raised later would void what was decided honestly before."""
    later = BEGIN + dt.timedelta(days=90)
    trust = world.read(world.change(world.lines, policy.Rotating(quorum={"award": 2}), world.roots[:2], later))
    assert trust.policy_at(later - dt.timedelta(1)).quorum.award == 1
    assert trust.policy_at(later).quorum.award == 2
    assert trust.policy_at(BEGIN - dt.timedelta(1)).version == 1
