"""How foreign tools spell a test: a name, with its idempotent id and tags in brackets."""

from __future__ import annotations

import re
from typing import NamedTuple

from defcore.guideline.ids import nameless_id

_TAGGED = re.compile(
    r"\[(?:[^\[\]]*,)?id-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:,[^\[\]]*)?\]", re.IGNORECASE
)
_TAGS = re.compile(r"\[[\w,]*\]$")
_GROUP = re.compile(r"(setUp|tearDown)(Class|Module) \(([\w.-]+)\)")


class Known(NamedTuple):
    """A test by its id, or by the stand-in that a name gives, and its name without brackets."""

    id: str
    name: str


class Group(NamedTuple):
    """What was done for all tests of a class or module at once: ``setup`` is false for the tidying up after them."""

    setup: bool
    prefix: str
    deep: bool

    def holds(self, name: str) -> bool:
        """Tell whether a test of that name is of the group."""
        rest = name.removeprefix(self.prefix + ".")
        return rest != name and (self.deep or "." not in rest)


def identify(name: str) -> Known:
    """Tell which test is meant. Of Tempest's own names the tags go too, as in ``test_x[gate,smoke]``."""
    found = _TAGGED.search(name)
    if found:
        test_id = found[1].lower()
        return Known(test_id, (name[: found.start()] + name[found.end() :]).strip() or test_id)
    bare = _TAGS.sub("", name) if name.startswith("tempest.") else name
    return Known(nameless_id(bare), bare)


def implementation(name: str) -> str:
    """Tell whose test it is, as far as its name shows."""
    return "tempest" if name.startswith("tempest.") or "tempest_plugin" in name.split(".", maxsplit=1)[0] else "unknown"


def group_of(name: str) -> Group | None:
    """Read ``setUpClass (a.b.C)`` and its like; None for a test."""
    found = _GROUP.fullmatch(name)
    return Group(found[1] == "setUp", found[3], found[2] == "Module") if found else None
