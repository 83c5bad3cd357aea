"""The one file: exact bytes, parts by content, nothing lost and nothing twice."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import bundle, dsse, policy
from defcore.attest.canonical import canonical
from defcore.errors import DefcoreError, InputError, RefusedError

from .world import keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import Anything, World


def refused(data: bytes) -> str:
    """Return the code with which a bundle's bytes are refused."""
    with pytest.raises(DefcoreError) as caught:
        bundle.parse(data, "bundle.json")
    return caught.value.code


def test_parts_come_out_as_they_went_in(world: World) -> None:
    """Otherwise signatures would break, or the digest of a report would be another within a bundle."""
    parts = bundle.parse(world.bundle, "bundle.json")
    assert parts.report == world.house.signed
    assert list(parts.trust) == world.lines
    assert set(parts.decisions) == {world.approval, world.admission, world.award}
    assert bundle.dump(parts, "bundle.json") == world.bundle


def test_a_stranger_finds_the_parts(world: World) -> None:
    """Otherwise a bundle could be read only as long as defcore exists."""
    value = json.loads(world.bundle)
    assert sorted(value) == ["decisions", "format", "report", "trust"]
    written = json.dumps(value["report"], separators=(",", ":"), sort_keys=True).encode() + b"\n"
    assert hashlib.sha256(written).hexdigest() == hashlib.sha256(world.house.signed).hexdigest()
    first = base64.b64decode(value["trust"][0]["payload"])
    assert hashlib.sha256(first).hexdigest() == world.trust.pin


SHAPES: dict[str, tuple[Callable[[Anything], object], str]] = {
    "unknown field": (lambda b: b.update(more=1), "bad-bundle"),
    "unknown format": (lambda b: b.update(format="defcore-bundle/2"), "bad-bundle"),
    "no report": (lambda b: b.pop("report"), "bad-bundle"),
    "a list for a report": (lambda b: b.update(report=[1]), "bad-bundle"),
    "no trust policy": (lambda b: b.update(trust=[]), "bad-bundle"),
    "acts in another order": (lambda b: b["decisions"].reverse(), "act-order"),
    "an act twice": (lambda b: b["decisions"].append(b["decisions"][-1]), "act-order"),
    "an act that is none": (lambda b: b["decisions"].append({}), "no-envelope"),
}


@pytest.mark.parametrize("attack", SHAPES)
def test_a_bundle_in_any_other_shape_is_refused(world: World, attack: str) -> None:
    """Attack: a bundle that two readers read in two ways."""
    change, code = SHAPES[attack]
    value = json.loads(world.bundle)
    change(value)
    assert refused(canonical(value) + b"\n") == code


def test_other_bytes_of_the_same_bundle_are_refused(world: World) -> None:
    """Attack: one bundle has two digests."""
    value = json.loads(world.bundle)
    assert refused(json.dumps(value).encode() + b"\n") == "not-canonical"
    assert refused(world.bundle[:-1]) == "not-canonical"
    assert refused(world.bundle + b"\n") == "not-canonical"


def test_what_is_too_large_or_no_json_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise somebody could fill a verifier's memory, or a wrong file would be called a forgery."""
    assert refused(b"nonsense") == "bad-json"
    monkeypatch.setattr(dsse, "MAX_BYTES", 10)
    assert refused(b" " * 11) == "too-large"


def test_files_are_gathered_by_their_content(world: World) -> None:
    """Otherwise people would have to say of each file what it is."""
    files = [world.award, b"".join(world.lines), world.admission, world.house.signed, world.approval]
    parts = bundle.gather((f"file {number}", data) for number, data in enumerate(files))
    assert bundle.dump(parts, "bundle.json") == world.bundle


def test_a_bundle_is_refreshed(world: World) -> None:
    """Otherwise a revocation, or a newer trust policy, could never get into a bundle that exists."""
    what = policy.Revoking(world.rival.public.keyid, "stolen")
    longer = world.change(world.lines, what, world.roots[:2])
    for files in (
        [world.bundle, b"".join(longer), world.revocation],
        [world.revocation, b"".join(longer), world.bundle],
    ):
        parts = bundle.gather((f"file {number}", data) for number, data in enumerate(files))
        assert list(parts.trust) == longer
        assert world.revocation in parts.decisions


def test_of_one_act_the_one_with_more_signatures_is_taken(world: World) -> None:
    """Otherwise the copy from before the second signature would win."""
    half = world.forge(world.approval, keep, world.board[:1])
    for files in ((half, world.approval), (world.approval, half)):
        parts = bundle.gather((f"file {number}", data) for number, data in enumerate(files))
        assert parts.decisions == (world.approval,)


def test_two_reports_do_not_fit_in_one_bundle(world: World) -> None:
    """Otherwise it would be left to chance which of them an award is about."""
    pair = world.house.pair()
    with pytest.raises(InputError) as caught:
        bundle.gather([("full", pair.full), ("again", pair.full), ("public", pair.public)])
    assert (caught.value.code, caught.value.where) == ("two-reports", "public")


def test_a_fork_is_not_packed(world: World) -> None:
    """Otherwise one of two histories would be chosen silently."""
    one, other = (
        world.change(world.lines, policy.Revoking(world.rival.public.keyid, why), world.roots[:2])
        for why in ("stolen", "lost")
    )
    with pytest.raises(RefusedError, match="another history"):
        bundle.gather([("one", b"".join(one)), ("other", b"".join(other))])


def test_half_a_bundle_is_not_packed(world: World) -> None:
    """Otherwise somebody passes on a file that proves nothing."""
    for parts, words in (
        (bundle.Parts(trust=tuple(world.lines)), "lacks a report"),
        (bundle.Parts(report=world.house.signed), "lacks a trust policy"),
    ):
        with pytest.raises(InputError, match=words):
            bundle.dump(parts, "bundle.json")
