"""Merkle trees: the known roots of Certificate Transparency, and every proof of every small tree."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest.merkle import Tree, leaf_hash, verify_inclusion

CLASSIC = [
    bytes.fromhex(data)
    for data in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The roots over the first one to eight of ``CLASSIC``, as the logs of Certificate Transparency test themselves."""


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_certificate_transparency(size: int) -> None:
    """Otherwise no other tool could check our evidence."""
    assert Tree([leaf_hash(data) for data in CLASSIC[:size]]).root.hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    """Otherwise an empty tree would differ from RFC 6962's."""
    assert Tree([]).root == hashlib.sha256(b"").digest()


def leaves(size: int) -> list[bytes]:
    """Return so many leaf hashes, all different."""
    return [leaf_hash(b"%d" % number) for number in range(size)]


def test_every_proof_of_every_tree_up_to_130_leaves_holds() -> None:
    """Otherwise a vendor could not show an honest exchange, depending on how many there are."""
    for size in range(1, 131):
        hashes = leaves(size)
        tree = Tree(hashes)
        for index, leaf in enumerate(hashes):
            assert verify_inclusion(leaf, index, size, tree.proof(index), tree.root)


def bent(part: bytes, byte: int) -> bytes:
    """Change one byte."""
    return part[:byte] + bytes([part[byte] ^ 1]) + part[byte + 1 :]


def test_every_changed_byte_of_a_proof_is_seen() -> None:
    """Otherwise a proof could be bent to an exchange that was never there."""
    for size in range(1, 131):
        hashes = leaves(size)
        tree = Tree(hashes)
        index = size * 5 % 7 % size
        parts = [hashes[index], tree.root, *tree.proof(index)]
        for at, part in enumerate(parts):
            for byte in range(len(part)):
                changed = [*parts[:at], bent(part, byte), *parts[at + 1 :]]
                assert not verify_inclusion(changed[0], index, size, changed[2:], changed[1])


def test_a_changed_byte_of_every_proof_is_seen() -> None:
    """Otherwise the proofs of some leaves, by their place in the tree, could be bent."""
    for size in range(1, 131):
        hashes = leaves(size)
        tree = Tree(hashes)
        for index, leaf in enumerate(hashes):
            proof = tree.proof(index)
            for at, part in enumerate(proof):
                changed = (*proof[:at], bent(part, (index + at) % 32), *proof[at + 1 :])
                assert not verify_inclusion(leaf, index, size, changed, tree.root)


def test_a_proof_is_for_one_place_in_one_size() -> None:
    """Otherwise an exchange could be shown at another place, or as part of a smaller run."""
    for size in range(1, 40):
        hashes = leaves(size)
        tree = Tree(hashes)
        for index in range(size):
            proof = tree.proof(index)
            for place in range(-1, size + 2):
                assert verify_inclusion(hashes[index], place, size, proof, tree.root) == (place == index)
            for other in (proof[:-1], (*proof, proof[-1] if proof else hashes[0]), proof[1:]):
                assert other == proof or not verify_inclusion(hashes[index], index, size, other, tree.root)


@given(size=some.integers(1, 130), other=some.integers(1, 130), data=some.data())
def test_a_proof_of_another_size_with_other_steps_is_refused(size: int, other: int, data: some.DataObject) -> None:
    """Otherwise the number of leaves in the report would bind nothing that matters for where a leaf stands."""
    index = data.draw(some.integers(0, size - 1))
    tree, twin = Tree(leaves(size)), Tree(leaves(other))
    if tree.root != twin.root:
        assert not verify_inclusion(leaves(size)[index], index, other, tree.proof(index), twin.root)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_outside_the_tree(index: int) -> None:
    """Otherwise a slip of ours would make a proof of another leaf."""
    with pytest.raises(IndexError):
        Tree(leaves(3)).proof(index)


def test_a_node_is_no_leaf() -> None:
    """Otherwise two hashes side by side could be shown as an exchange (second preimage)."""
    one, two = leaves(2)
    assert Tree([one, two]).root != leaf_hash(one + two)
