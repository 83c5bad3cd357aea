"""Which test of one guideline is which of another: by id, and by name where one of the two knows no ids."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline, Test


def matches(old: Guideline, new: Guideline) -> dict[str, frozenset[str]]:
    """Map the id of each test of ``new`` that ``old`` has to its ids there.

    By id first. Then by name or alias, for a test whose id the other does not know: where one of the two has none
    (schema 1.2; one test may then have stood under several names), and where an id was mistyped.
    """
    before = {test.id for item in old.capabilities for test in item.tests}
    after = {test.id for item in new.capabilities for test in item.tests}
    by_name: dict[str, Test] = {}
    for item in old.capabilities:
        for test in item.tests:
            for name in (test.name, *test.aliases):
                by_name.setdefault(name, test)
    found: dict[str, set[str]] = defaultdict(set)
    for item in new.capabilities:
        for test in item.tests:
            if test.id in before:
                found[test.id].add(test.id)
                continue
            names = (by_name.get(name) for name in (test.name, *test.aliases))
            found[test.id] |= {other.id for other in names if other is not None and other.id not in after}
    return {key: frozenset(ids) for key, ids in found.items() if ids}
