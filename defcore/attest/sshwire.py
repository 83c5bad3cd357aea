"""How SSH writes things on the wire (RFC 4251, section 5) and signatures in particular (RFC 8709, RFC 5656)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from defcore.attest.keys import low_s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PublicKey

_LENGTH = 4


def string(data: bytes) -> bytes:
    """Write a string: its length as four bytes, then its bytes."""
    return len(data).to_bytes(_LENGTH, "big") + data


def take_string(data: bytes) -> tuple[bytes, bytes]:
    """Read a string; return it and what follows. Raises ValueError when the bytes end before it does."""
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
    if len(data) < max(end, _LENGTH):
        raise ValueError("ends in the middle of a string")
    return data[_LENGTH:end], data[end:]


def take_strings(data: bytes, count: int) -> Sequence[bytes]:
    """Read exactly ``count`` strings and nothing else. Raises ValueError."""
    found = []
    for _ in range(count):
        item, data = take_string(data)
        found.append(item)
    if data:
        raise ValueError("goes on after its end")
    return found


def write_signature(key: PublicKey, signature: bytes) -> bytes:
    """Turn a signature as our ``Signer`` gives it into SSH's: the algorithm's name, then its bytes."""
    if key.kind == "ed25519":
        return string(b"ssh-ed25519") + string(signature)
    return string(b"ecdsa-sha2-nistp256") + string(b"".join(string(_mpint(n)) for n in decode_dss_signature(signature)))


def read_signature(key: PublicKey, blob: bytes) -> bytes:
    """Turn SSH's signature into ours. Raises ValueError for another algorithm than the key's."""
    name, body = take_strings(blob, 2)
    if name != key.line.split()[0].encode():
        raise ValueError("is of another algorithm than its key")
    if key.kind == "ed25519":
        return body
    r, s = (int.from_bytes(item, "big") for item in take_strings(body, 2))
    return low_s(encode_dss_signature(r, s))


def _mpint(number: int) -> bytes:
    # The first bit is the sign, so a number that begins with one gets a zero byte before it.
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
