"""What the names of foreign tests tell beside the test: whose it is, and what befell a whole class at once."""

from __future__ import annotations

import re
from typing import NamedTuple

_GROUP = re.compile(r"(setUp|tearDown)(Class|Module) \(([\w.-]+)\)")


class Group(NamedTuple):
    """What was done for all tests of a class or module at once: ``setup`` is false for the tidying up after them."""

    setup: bool
    prefix: str
    deep: bool

    def holds(self, name: str) -> bool:
        """Tell whether a test of that name is of the group."""
        rest = name.removeprefix(self.prefix + ".")
        return rest != name and (self.deep or "." not in rest)


def implementation(name: str) -> str:
    """Tell whose test it is, as far as its name shows."""
    return "tempest" if name.startswith("tempest.") or "tempest_plugin" in name.split(".", maxsplit=1)[0] else "unknown"


def group_of(name: str) -> Group | None:
    """Read ``setUpClass (a.b.C)`` and its like; None for a test."""
    found = _GROUP.fullmatch(name)
    return Group(found[1] == "setUp", found[3], found[2] == "Module") if found else None
