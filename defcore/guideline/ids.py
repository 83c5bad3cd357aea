"""How a test is known: by its idempotent id, or by a stand-in for one where only its name is known."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_TAGGED = re.compile(rf"\[(?:[^\[\]]*,)?id-({_UUID})(?:,[^\[\]]*)?\]", re.IGNORECASE)
_BARE = re.compile(rf"(?:id-)?({_UUID})(?:,[\w,]*)?", re.IGNORECASE)
_TAGS = re.compile(r"\[[\w,]*\]$")


class Known(NamedTuple):
    """A test by its id, or by the stand-in that a name gives, and its name without brackets."""

    id: str
    name: str


def bare_id(text: str) -> str | None:
    """Read an id, with or without ``id-`` before it and tags behind it. None: it is none."""
    found = _BARE.fullmatch(text)
    return found[1].lower() if found else None


def identify(name: str) -> Known:
    """Tell which test is meant by a name as test tools spell it: with its id and tags in brackets, or by an id alone.

    Of Tempest's own names the tags go also where no id is among them, as in ``test_x[gate,smoke]``.
    """
    if found := _TAGGED.search(name):
        test_id = found[1].lower()
        return Known(test_id, (name[: found.start()] + name[found.end() :]).strip() or test_id)
    if test_id := bare_id(name):
        return Known(test_id, test_id)
    bare = _TAGS.sub("", name) if name.startswith("tempest.") else name
    return Known(nameless_id(bare), bare)


def nameless_id(name: str) -> str:
    """Give the stand-in id of a test of which only a name is known: the first 128 bits of sha256(name) as a UUID.

    Guidelines of schema 1.2 and results without ids know names only.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def spell(test_id: str, name: str) -> str:
    """Spell a test as test tools do, so that ``identify`` finds it again: with its id in brackets if it has one."""
    return name if test_id == nameless_id(name) else f"{name}[id-{test_id}]"
