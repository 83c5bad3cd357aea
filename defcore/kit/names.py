"""The names of what a run creates: whose it is and until when, readable by a ``reap`` that has nothing but the name.

``defcore-RUN-EXPIRY-UNIQUE[-WORD]``: eight hex digits of the run's id; minutes since 1970 (UTC) in base 36, of which
five digits last until 2084; eight hex digits that no other name has; perhaps a word.
"""

from __future__ import annotations

import math
import re
import secrets
from dataclasses import dataclass

PREFIX = "defcore-"
LIFETIME = 2 * 3600
"""Seconds after which what a run left behind may be ended by anybody's ``reap``."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAME = re.compile(r"defcore-([0-9a-f]{8})-([1-9a-z][0-9a-z]{4})-([0-9a-f]{8})(?:-([a-z0-9]+(?:-[a-z0-9]+)*))?")
_FIRST, _LAST = 36**4, 36**5 - 1


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. ``run`` is the beginning of the run's id, ``expires`` is in UNIX seconds, a whole minute."""

    run: str
    expires: int
    unique: str
    word: str = ""

    def __str__(self) -> str:
        """Give the name itself."""
        minutes, digits = self.expires // 60, ""
        while minutes:
            minutes, digit = divmod(minutes, 36)
            digits = _DIGITS[digit] + digits
        tail = f"-{self.word}" if self.word else ""
        return f"{PREFIX}{self.run}-{digits}-{self.unique}{tail}"


def fresh(run_id: str, expires: float, word: str = "") -> str:
    """Make a name of a run that nothing has yet; ``expires`` (UNIX seconds) is rounded up to the minute.

    Raises ValueError for a run id, a time or a word that could not be read back.
    """
    minutes = min(max(math.ceil(expires / 60), _FIRST), _LAST)
    name = str(Name(run_id[:8], 60 * minutes, secrets.token_hex(4), word))
    if parse(name) is None:
        message = f"{name!r} would not be known as ours"
        raise ValueError(message)
    return name


def parse(text: str) -> Name | None:
    """Take a name apart, or return None: it is not one that a run gives, whatever it begins with."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    run, digits, unique, word = found.groups()
    return Name(run, 60 * int(digits, 36), unique, word or "")
