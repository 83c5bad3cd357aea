"""The lock files: exact, hashed, and the light one a part of the full one."""

from __future__ import annotations

import re

import pytest

from defcore.refcloud.paths import lock_file

PINNED = {
    "keystone": "30.0.0",
    "glance": "33.0.0",
    "openstack-placement": "16.0.0",
    "nova": "34.0.0",
    "neutron": "29.0.0",
    "cinder": "29.0.0",
    "swift": "2.38.3",
}


def blocks(tier: str) -> list[str]:
    """Give each requirement with its hashes."""
    text = lock_file(tier).read_text(encoding="utf-8")
    return [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]


@pytest.mark.parametrize("tier", ["light", "full"])
def test_every_package_is_pinned_and_hashed(tier: str) -> None:
    """If this fails, an installation can change, or be changed, without anybody touching the lock."""
    for block in blocks(tier):
        assert re.match(r"[a-z0-9-]+==\S+( ; [^\\]+)? \\\n", block), block
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("tier", ["light", "full"])
def test_no_lock_names_an_index(tier: str) -> None:
    """If this fails, the lock only works where that index can be reached."""
    text = lock_file(tier).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(extra-)?index|^\s*--find-links|^\s*-[if] ", text, re.MULTILINE)


def test_the_light_lock_holds_the_very_pins_of_the_full_one() -> None:
    """If this fails, what was tested on the light cloud is not the code that the full one runs."""

    def pins(tier: str) -> set[tuple[str, frozenset[str]]]:
        return {(block.split()[0], frozenset(re.findall(r"sha256:\w+", block))) for block in blocks(tier)}

    assert pins("light") <= pins("full")


def test_the_seven_services_are_the_versions_that_are_known_to_work() -> None:
    """If this fails, our adaptations of OpenStack's insides meet insides that nobody has tried."""
    pins = dict(block.split()[0].split("==") for block in blocks("full"))
    assert {name: pins[name] for name in PINNED} == PINNED


@pytest.mark.parametrize("tier", ["light", "full"])
def test_the_lock_says_how_it_is_made(tier: str) -> None:
    """If this fails, the next maintainer edits hashes by hand."""
    assert "python -m defcore.refcloud.relock" in lock_file(tier).read_text(encoding="utf-8").splitlines()[0]
