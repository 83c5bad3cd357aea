"""Merkle trees as RFC 6962 (section 2.1) and RFC 9162 (section 2.1.3) define them, over SHA-256."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """Return H(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether ``proof`` shows the leaf hash at ``index`` (from 0) of ``size`` leaves under this root."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for item in proof:
        if last == 0:
            return False
        if here % 2 or here == last:
            found = _node(item, found)
            # The last node of a level without a right neighbour rises as it is.
            while not here % 2 and here:
                here, last = here // 2, last // 2
        else:
            found = _node(found, item)
        here, last = here // 2, last // 2
    return last == 0 and found == root


class Tree:
    """All levels of a tree, so that many proofs cost one hashing. Memory: about 64 bytes a leaf."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Build it from leaf hashes, in their order."""
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            level = [_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            if len(below) % 2:
                level.append(below[-1])
            self._levels.append(level)

    @property
    def root(self) -> bytes:
        """The root; that of no leaves is the hash of nothing."""
        top = self._levels[-1]
        return top[0] if top else hashlib.sha256(b"").digest()

    def proof(self, index: int) -> tuple[bytes, ...]:
        """Return the inclusion proof of the leaf at ``index``, nearest neighbour first. Raises IndexError."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        found = []
        for level in self._levels[:-1]:
            if (neighbour := index ^ 1) < len(level):
                found.append(level[neighbour])
            index //= 2
        return tuple(found)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
