"""How a test is known: by its idempotent id, or by a stand-in for one where only its name is known."""

from __future__ import annotations

import hashlib


def nameless_id(name: str) -> str:
    """Give the stand-in id of a test of which only a name is known: the first 128 bits of sha256(name) as a UUID.

    Guidelines of schema 1.2 and results without ids know names only.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
