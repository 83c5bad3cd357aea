"""Damage to a bundle, by chance and with art: it never verifies, and never ends in anything but one line of ours.

``DEFCORE_DAMAGE=100000 python -m pytest -s tests/attest/test_damage.py`` tries that many and prints what it counted.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest.canonical import canonical, decode, encode, sha256_hex
from defcore.errors import DefcoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import Anything, World

COUNT = int(os.environ.get("DEFCORE_DAMAGE", "2000"))
SEED = 20261120


def change(data: bytes, chance: random.Random) -> bytes:
    """Replace up to four bytes."""
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.randint(1, 4)) + data[at + chance.randint(1, 4) :]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Insert some of JSON's own characters, or any bytes."""
    at = chance.randrange(len(data) + 1)
    some_ = [b" ", b"\n", b"0", b",", b"{}", b'"', b"A", b"=", b'"a":1,', chance.randbytes(3)]
    return data[:at] + chance.choice(some_) + data[at:]


def cut(data: bytes, chance: random.Random) -> bytes:
    """Cut off the end or the beginning, or take out a piece."""
    at = chance.randrange(len(data))
    return chance.choice([data[:at], data[at + 1 :], data[:at] + data[at + chance.randint(1, 200) :]])


def move(data: bytes, chance: random.Random) -> bytes:
    """Let two neighbouring pieces change places."""
    one, two, three = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:one] + data[two:three] + data[one:two] + data[three:]


def envelopes(value: Anything) -> list[Anything]:
    """Return every envelope of a bundle's value."""
    return [value["report"], *value["trust"], *value["decisions"]]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Flip a bit of a payload or signature and write the bundle in perfect form again."""
    value = json.loads(data)
    envelope = chance.choice(envelopes(value))
    holder, name = chance.choice([(envelope, "payload"), *((item, "sig") for item in envelope["signatures"])])
    content = bytearray(decode(holder[name]) or b"")
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    holder[name] = encode(bytes(content))
    return canonical(value) + b"\n"


def reorder(data: bytes, chance: random.Random) -> bytes:
    """Put the versions, acts or signatures in another order, in perfect form."""
    value = json.loads(data)
    lists = [value["trust"], value["decisions"], *(item["signatures"] for item in envelopes(value))]
    chance.shuffle(chance.choice([item for item in lists if len(item) > 1]))
    return canonical(value) + b"\n"


def exchange(data: bytes, chance: random.Random) -> bytes:
    """Give one envelope the payload, the signatures or the place of another, in perfect form."""
    value = json.loads(data)
    one, two = chance.sample(envelopes(value), 2)
    for name in chance.choice([("payload",), ("signatures",), ("payload", "signatures")]):
        one[name] = two[name]
    value["decisions"].sort(key=lambda item: sha256_hex(decode(item["payload"]) or b""))
    return canonical(value) + b"\n"


KINDS: tuple[Callable[[bytes, random.Random], bytes], ...] = (change, insert, cut, move, flip, reorder, exchange)


def verifies(world: World, data: bytes) -> bool:
    """Tell whether a bundle verifies; anything but our own error ends the test."""
    try:
        world.judge(data)
    except DefcoreError as error:
        assert error.exit_code in (1, 2)  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
        return False
    return True


def test_damage_never_verifies(world: World) -> None:
    """Otherwise a bundle could be altered in some way that nobody thought of, or crash whoever checks it."""
    chance, tried = random.Random(SEED), Counter[str]()  # noqa: S311 - the same damage each time
    while tried.total() < COUNT:
        kind = KINDS[tried.total() % len(KINDS)]
        data = kind(world.bundle, chance)
        if data == world.bundle:
            continue
        tried[kind.__name__] += 1
        assert not verifies(world, data), (kind.__name__, tried)
    kinds = ", ".join(f"{name} {count}" for name, count in tried.items())
    print(f"\n{tried.total()} damaged bundles of {len(world.bundle)} bytes, 0 verified ({kinds})")  # noqa: T201 - the figure


def test_bytes_everywhere_count(world: World) -> None:
    """Otherwise some byte could be changed unnoticed: white space, a keyid, the last bits of base64."""
    step = max(1, len(world.bundle) // 500)
    for at in range(0, len(world.bundle), step):
        damaged = world.bundle[:at] + bytes([world.bundle[at] ^ 1]) + world.bundle[at + 1 :]
        assert not verifies(world, damaged), at


junk: some.SearchStrategy[object] = (
    some.none() | some.booleans() | some.integers(-3, 3) | some.text(max_size=5) | some.builds(list) | some.builds(dict)
)


def replaced(data: some.DataObject, value: object, depth: int) -> object:
    """Replace something in a value, at most so deep."""
    if depth == 0 or not value or not isinstance(value, dict | list):
        return data.draw(junk)
    if isinstance(value, dict):
        name = data.draw(some.sampled_from(sorted(value)))
        return value | {name: replaced(data, value[name], depth - 1)}
    at = data.draw(some.integers(0, len(value) - 1))
    return [*value[:at], replaced(data, value[at], depth - 1), *value[at + 1 :]]


@pytest.mark.parametrize("part", ["version", "approval", "admission", "award", "revocation"])
@settings(max_examples=150, deadline=None)
@given(data=some.data())
def test_no_signed_nonsense_ends_in_a_traceback(world: World, part: str, data: some.DataObject) -> None:
    """Attack: whoever holds a good key crashes the verifiers of others with a well-signed payload."""

    def spoil(statement: Anything) -> None:
        changed = replaced(data, statement, data.draw(some.integers(1, 6)))
        statement.clear()
        statement.update(changed if isinstance(changed, dict) else {"": changed})

    acts = {name: getattr(world, name) for name in ("approval", "admission", "award", "revocation")}
    lines = world.lines
    if part == "version":
        lines = [*lines[:-1], world.forge(lines[-1], spoil, world.roots)]
    else:
        acts[part] = world.forge(acts[part], spoil, world.board)
    verifies(world, world.pack(*acts.values(), lines=lines))


@settings(max_examples=200, deadline=None)
@given(data=some.data())
def test_no_nonsense_in_a_bundle_ends_in_a_traceback(world: World, data: some.DataObject) -> None:
    """Attack: anybody crashes the verifiers of others with a bundle in perfect form."""
    changed = replaced(data, json.loads(world.bundle), data.draw(some.integers(1, 4)))
    verifies(world, canonical(changed) + b"\n")
