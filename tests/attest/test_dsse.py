"""The envelope: one way to write it, everything else refused."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest import dsse, keys
from defcore.attest.canonical import canonical
from defcore.errors import InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, SECOND = sorted((keys.generate(), keys.generate()), key=lambda key: key.public.keyid)


def value(*signers: keys.PrivateKey, payload: bytes = b"{}") -> dict[str, Any]:
    """Return an envelope as a plain JSON value."""
    data = dsse.seal(payload, signers or [FIRST])
    parsed: dict[str, Any] = json.loads(data)
    return parsed


def test_the_pre_authentication_encoding_is_that_of_the_specification() -> None:
    """Otherwise no other DSSE implementation could verify our reports."""
    assert dsse.pae(b"hello world", "http://example.com/HelloWorld") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@given(some.binary(max_size=200))
def test_what_is_sealed_is_parsed_back(payload: bytes) -> None:
    """Otherwise honest reports would be refused."""
    data = dsse.seal(payload, [SECOND, FIRST])
    envelope = dsse.parse(data, "x")
    assert envelope.payload == payload
    assert dsse.dump(envelope) == data
    expected = (FIRST.public.keyid, SECOND.public.keyid)
    assert dsse.check_signatures(envelope, [FIRST.public, SECOND.public], "x") == expected


def test_another_key_under_a_known_keyid_is_refused() -> None:
    """Otherwise an attacker could sign with a key of his own and write the vendor's keyid."""
    forged = dsse.Envelope(b"{}", (dsse.Signature(FIRST.public.keyid, SECOND.sign(dsse.pae(b"{}"))),))
    with pytest.raises(RefusedError, match="was changed after it was signed"):
        dsse.check_signatures(forged, [FIRST.public, SECOND.public], "x")


@pytest.mark.parametrize("trusted", [[], [FIRST.public], [FIRST.public, FIRST.public]])
def test_every_signature_must_be_by_a_known_key(trusted: list[keys.PublicKey]) -> None:
    """Otherwise a signature that nobody can check could be changed unnoticed, or one key given twice count as two."""
    envelope = dsse.parse(dsse.seal(b"{}", [FIRST, SECOND]), "x")
    with pytest.raises(RefusedError, match="not among the keys given") as caught:
        dsse.check_signatures(envelope, trusted, "x")
    assert caught.value.exit_code == 1


TRICKS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown field": (lambda v: v.update(extra=1), "bad-envelope"),
    "unknown field in a signature": (lambda v: v["signatures"][0].update(cert=""), "bad-envelope"),
    "missing field": (lambda v: v.pop("payloadType"), "bad-envelope"),
    "missing keyid": (lambda v: v["signatures"][0].pop("keyid"), "bad-envelope"),
    "signature that is a number": (lambda v: v.update(signatures=[1]), "bad-envelope"),
    "signatures that are an object": (lambda v: v.update(signatures={"0": v["signatures"][0]}), "bad-envelope"),
    "payload that is a number": (lambda v: v.update(payload=1), "bad-envelope"),
    "payload that is null": (lambda v: v.update(payload=None), "bad-envelope"),
    "other payload type": (lambda v: v.update(payloadType="application/json"), "payload-type"),
    "no signature": (lambda v: v.update(signatures=[]), "no-signature"),
    "same signature twice": (lambda v: v["signatures"].append(v["signatures"][0]), "double-signature"),
    "base64 without padding": (lambda v: v.update(payload=v["payload"].rstrip("=")), "bad-base64"),
    "base64 with other tail bits": (lambda v: v.update(payload="e31="), "bad-base64"),
    "base64 of the URL alphabet": (lambda v: v["signatures"][0].update(sig="-_-_"), "bad-base64"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_an_envelope_in_any_other_shape_is_refused(trick: str) -> None:
    """Otherwise two parsers could read one file in two ways."""
    change, code = TRICKS[trick]
    changed = value()
    change(changed)
    with pytest.raises(RefusedError) as caught:
        dsse.parse(canonical(changed) + b"\n", "x")
    assert (caught.value.code, caught.value.exit_code, caught.value.where) == (code, 1, "x")


def test_signatures_in_another_order_are_refused() -> None:
    """Otherwise the same report would have two digests."""
    changed = value(FIRST, SECOND)
    changed["signatures"].reverse()
    with pytest.raises(RefusedError, match="another order"):
        dsse.parse(canonical(changed) + b"\n", "x")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data[:-1] + b" ",
        lambda data: b" " + data,
        lambda data: data.replace(b",", b", ", 1),
        lambda data: data.replace(b"payloadType", b"p\\u0061yloadType"),
        lambda data: data.replace(b"/vnd", b"\\/vnd"),
    ],
)
def test_other_bytes_of_the_same_json_are_refused(change: Callable[[bytes], bytes]) -> None:
    """Otherwise bytes outside the signature could be changed unnoticed."""
    with pytest.raises(RefusedError, match="not written as canonical JSON"):
        dsse.parse(change(dsse.seal(b"{}", [FIRST])), "x")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "bad-json"),
        (b"\xff", "bad-json"),
        (b'{"payload":"","payload":""}', "bad-json"),
        (b"[]\n", "no-envelope"),
        (b'{"format":"defcore-run/1"}', "no-envelope"),
        (b" " * (dsse.MAX_BYTES + 1), "too-large"),
    ],
)
def test_what_is_no_envelope_is_bad_input(data: bytes, code: str) -> None:
    """Otherwise somebody who names the wrong file is told that a report was forged."""
    with pytest.raises(InputError) as caught:
        dsse.parse(data, "x")
    assert (caught.value.code, caught.value.exit_code) == (code, 2)


def test_a_hostile_keyid_cannot_act_on_the_terminal() -> None:
    """Otherwise a refused report could still print what it likes."""
    forged = dsse.dump(dsse.Envelope(b"{}", (dsse.Signature("\x1b[2J", b""),)))
    with pytest.raises(RefusedError) as caught:
        dsse.check_signatures(dsse.parse(forged, "x"), [], "x")
    assert str(caught.value).isprintable()


def test_the_tail_bits_of_the_trick_above_do_mean_the_same() -> None:
    """Otherwise the test of base64 tail bits would test nothing."""
    assert base64.b64decode("e31=") == base64.b64decode("e30=") == b"{}"
