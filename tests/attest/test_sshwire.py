"""SSH's way to write strings and signatures."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest import keys
from defcore.attest.sshwire import read_signature, string, take_string, take_strings, write_signature

ED25519, P256 = keys.generate(), keys.generate("p256")


@given(items=some.lists(some.binary(max_size=30), max_size=4))
def test_strings_come_back(items: list[bytes]) -> None:
    """Otherwise nothing of SSH's could be read."""
    assert take_strings(b"".join(map(string, items)), len(items)) == items


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"\0\0\0\2x"])
def test_half_a_string_is_refused(data: bytes) -> None:
    """Otherwise a message that was cut off is read as a shorter one."""
    with pytest.raises(ValueError, match="middle"):
        take_string(data)


def test_what_follows_is_refused() -> None:
    """Otherwise bytes could hide behind a signature."""
    with pytest.raises(ValueError, match="after its end"):
        take_strings(string(b"x") + b"y", 1)


@settings(max_examples=50, deadline=None)
@given(data=some.binary(max_size=20))
def test_signatures_come_back(data: bytes) -> None:
    """Otherwise an agent's signature would not verify, now and then: numbers whose first bit is set."""
    for key in (ED25519, P256):
        signature = key.sign(data)
        assert read_signature(key.public, write_signature(key.public, signature)) == signature


def test_a_signature_of_another_kind_is_refused() -> None:
    """Otherwise a signature could be read as what it is not."""
    with pytest.raises(ValueError, match="another algorithm"):
        read_signature(P256.public, write_signature(ED25519.public, ED25519.sign(b"")))


@given(blob=some.binary(max_size=40))
def test_no_bytes_are_read_as_a_signature(blob: bytes) -> None:
    """Otherwise a broken agent ends in a traceback."""
    for key in (ED25519, P256):
        with pytest.raises(ValueError, match=r".+"):
            read_signature(key.public, blob)
