"""The DSSE envelope: one payload and the signatures over it.

DSSE 1.0 lets an envelope be written in many ways; we write and accept exactly one: the RFC 8785 JSON of
``{payload, payloadType, signatures: [{keyid, sig}]}`` and one newline, standard base64 with padding, signatures in
the order of their keyids. So no byte outside the signed payload can be changed unnoticed either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from defcore.attest.canonical import canonical, decode, encode, is_canonical, printable
from defcore.errors import InputError, RefusedError
from defcore.strictjson import loads, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.keys import PublicKey, Signer

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_BYTES = 16_000_000
HINT = "ask its issuer for the file as it was signed"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the SSH fingerprint of the key that made it, and the 64 bytes."""

    keyid: str
    sig: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload of type ``application/vnd.in-toto+json`` and its signatures, by keyid."""

    payload: bytes
    signatures: tuple[Signature, ...]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sig(_Closed):
    keyid: str
    sig: str


class _Wire(_Closed):
    payload: str
    payloadType: str  # noqa: N815 - DSSE's own spelling
    signatures: tuple[_Sig, ...]


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return what is signed: DSSE's pre-authentication encoding, ``DSSEv1 <len> <type> <len> <payload>``."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, signers: Sequence[Signer]) -> bytes:
    """Sign ``payload`` with every signer and return the file's bytes."""
    signed = pae(payload)
    return dump(Envelope(payload, tuple(Signature(item.public.keyid, item.sign(signed)) for item in signers)))


def dump(envelope: Envelope) -> bytes:
    """Return the one way to write an envelope: RFC 8785 JSON and a newline, signatures by keyid."""
    signatures = sorted(envelope.signatures, key=lambda item: item.keyid)
    value = {
        "payload": encode(envelope.payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": item.keyid, "sig": encode(item.sig)} for item in signatures],
    }
    return canonical(value) + b"\n"


def parse(data: bytes, file: str) -> Envelope:
    """Read an envelope; nothing about its signatures is checked yet.

    Raises InputError when it is no JSON or no envelope at all, RefusedError when it is an envelope that is not written
    exactly as ``dump`` writes it (attack: parser tricks).
    """
    if len(data) > MAX_BYTES:
        raise InputError("too-large", f"is larger than {MAX_BYTES} bytes", where=file, hint="is this a signed report?")
    value = loads(data, file)
    if not isinstance(value, dict) or not value.keys() & _Wire.model_fields.keys():
        raise InputError("no-envelope", "is not a signed report", where=file, hint="'defcore sign' makes one")
    try:
        wire = _Wire.model_validate(value)
    except ValidationError as error:
        raise refused_shape(error, "bad-envelope", file) from error
    if wire.payloadType != PAYLOAD_TYPE:
        raise _refused("payload-type", f"holds {printable(wire.payloadType)!r}, not {PAYLOAD_TYPE}", file)
    envelope = Envelope(
        _bytes(wire.payload, "payload", file),
        tuple(
            Signature(item.keyid, _bytes(item.sig, f"signatures[{index}].sig", file))
            for index, item in enumerate(wire.signatures)
        ),
    )
    _check_keyids([item.keyid for item in envelope.signatures], file)
    if not data.endswith(b"\n") or not is_canonical(value, data[:-1]):
        raise _refused("not-canonical", "is not written as canonical JSON with one newline at its end", file)
    return envelope


def check_signatures(envelope: Envelope, keys: Sequence[PublicKey], file: str) -> tuple[str, ...]:
    """Check every signature and return the keyids (attacks: altered result, unknown key, another vendor's key).

    A signature of a key that was not given is refused rather than passed over: nobody could tell whether it had been
    changed. Keys count by their material: a key given twice is one key.
    """
    known = {key.keyid: key for key in keys}
    signed = pae(envelope.payload)
    for item in envelope.signatures:
        key = known.get(item.keyid)
        if key is None:
            given = ", ".join(known) or "none"
            raise RefusedError(
                "unknown-key",
                f"is signed by {printable(item.keyid)}, which is not among the keys given ({given})",
                where=file,
                hint="give the signer's public key with --key, if you trust it",
            )
        if not key.verify(item.sig, signed):
            raise _refused("bad-signature", f"was changed after it was signed by {item.keyid}", file)
    return tuple(item.keyid for item in envelope.signatures)


def refused_shape(error: ValidationError, code: str, file: str) -> RefusedError:
    """Say in one line what first keeps a value from having its shape."""
    first = error.errors(include_url=False)[0]
    words = {"extra_forbidden": "unknown field", "missing": "is missing"}.get(first["type"], first["msg"])
    return _refused(code, f"{printable(show(first['loc']))}: {words}", file)


def _check_keyids(keyids: list[str], file: str) -> None:
    if not keyids:
        raise _refused("no-signature", "holds no signature", file)
    if len(set(keyids)) < len(keyids):
        raise _refused("double-signature", "holds two signatures under one keyid", file)
    if sorted(keyids) != keyids:
        raise _refused("signature-order", "holds its signatures in another order than that of their keyids", file)


def _bytes(text: str, field: str, file: str) -> bytes:
    data = decode(text)
    if data is None:
        raise _refused("bad-base64", f"$.{field}: is not canonical base64", file)
    return data


def _refused(code: str, what: str, file: str) -> RefusedError:
    return RefusedError(code, what, where=file, hint=HINT)
