"""Several people sign one thing: the first proposes it, each further one gives the same command and adds a signature.

Whoever adds a signature says again, in full, what is to be signed; it is rebuilt from these words and must come out
byte for byte as proposed. So nobody signs what somebody else wrote into a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.attest import dsse
from defcore.attest.stamp import write_stamp
from defcore.errors import InputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from defcore.attest.keys import Signer


def propose(build: Callable[[str], bytes], signer: Signer, now: dt.datetime) -> bytes:
    """Sign the payload that ``build`` makes for this moment (a stamp); return the envelope."""
    return dsse.seal(build(write_stamp(now)), [signer])


def join(data: bytes, issued_at: str, build: Callable[[str], bytes], signer: Signer, file: str) -> bytes:
    """Add a signature to a proposal that says, for the moment of its issue, exactly what ``build`` says.

    Raises InputError when it says something else (``other-proposal``) or is signed with this key already.
    """
    envelope = dsse.parse(data, file)
    if build(issued_at) != envelope.payload:
        raise InputError(
            "other-proposal",
            f"holds something else than these words, proposed at {issued_at}",
            where=file,
            hint="look at it: give the same words to sign it too, or drop it first",
        )
    keyid = signer.public.keyid
    if any(item.keyid == keyid for item in envelope.signatures):
        raise InputError("signed-already", f"is signed with {keyid} already", where=file, hint="sign with another key")
    added = dsse.Signature(keyid, signer.sign(dsse.pae(envelope.payload)))
    return dsse.dump(dsse.Envelope(envelope.payload, (*envelope.signatures, added)))
