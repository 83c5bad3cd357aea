"""SSHSIG, the detached signature of OpenSSH, so that ``ssh-keygen -Y verify`` can check a report.

What is signed is the same as in the envelope, DSSE's pre-authentication encoding: it names the type of the payload, so
a signature over a report can never be one over anything else. Format: PROTOCOL.sshsig in OpenSSH's source.
"""

from __future__ import annotations

import hashlib
import textwrap
from typing import TYPE_CHECKING

from defcore.attest.canonical import encode
from defcore.attest.sshwire import string, write_signature

if TYPE_CHECKING:
    from defcore.attest.keys import Signer

NAMESPACE = "defcore"
"""What ``ssh-keygen -Y verify -n`` must say."""
SUFFIX = ".sig"
_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_HASH = b"sha512"
_WIDTH = 70


def sign(data: bytes, key: Signer) -> bytes:
    """Return the armoured SSHSIG over ``data`` in our namespace."""
    digest = hashlib.sha512(data).digest()
    parts = (NAMESPACE.encode(), b"", _HASH)
    signature = key.sign(_MAGIC + b"".join(string(part) for part in (*parts, digest)))
    fields = (key.public.material, *parts, write_signature(key.public, signature))
    blob = _MAGIC + _VERSION + b"".join(string(part) for part in fields)
    body = "\n".join(textwrap.wrap(encode(blob), _WIDTH))
    return f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n".encode()
