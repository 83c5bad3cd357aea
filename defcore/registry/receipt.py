"""The receipt: the registry's own signature under what it took, where it lies, and when. Verified as a report is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from defcore.attest import dsse, intoto, keys
from defcore.attest.stamp import write_stamp
from defcore.run.record import Digest, Stamp, Wire

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.registry.model import Entry

TYPE = "urn:defcore:receipt:v1"
FILE = "receipt.dsse.json"
KEY = ".receipts"
"""The key's file in the private folder; no vendor's folder begins with a dot."""


class Receipt(Wire):
    """What was taken. ``trust`` is the pin by which the registry is known, ``public`` the sha256 of the public report.

    ``publish_full``: the vendor wants the full report to be shown too.
    """

    trust: Digest
    place: str
    public: Digest
    publish_full: bool
    received_at: Stamp


class ReceiptStatement(intoto.InToto):
    """About a full report, by its sha256."""

    predicateType: Literal["urn:defcore:receipt:v1"]  # noqa: N815 - in-toto's own spelling
    predicate: Receipt


def write(key: keys.Signer, pin: str, entry: Entry, public: str, now: dt.datetime, *, publish_full: bool) -> bytes:
    """Sign a receipt for a report that is about to be stored."""
    said = Receipt(trust=pin, place=entry.place, public=public, publish_full=publish_full, received_at=write_stamp(now))
    statement = ReceiptStatement.model_validate(intoto.wrap(entry.place, entry.digest, TYPE, said))
    return dsse.seal(intoto.write(statement), [key])


def read(data: bytes, file: str, trusted: Sequence[keys.PublicKey] | None = None) -> ReceiptStatement:
    """Read a receipt, and check its signature if keys are given. Raises InputError, RefusedError."""
    envelope = dsse.parse(data, file)
    if trusted is not None:
        dsse.check_signatures(envelope, trusted, file)
    return intoto.read_payload(envelope.payload, file, {TYPE: ReceiptStatement})


def key_of(private: Path) -> keys.PrivateKey:
    """Return the key that signs receipts; the first time it is made. Raises InputError."""
    path = private / KEY
    if not path.exists():
        keys.write_pair(path, keys.generate(), comment="receipts")
    return keys.load_private(path)
