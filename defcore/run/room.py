"""How many tests may be at work at once, where quotas bound what exists: a test waits until there is room for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from defcore.kit.commons import COMMONS, commons

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from defcore.suite import SuiteTest


def held(tests: Collection[SuiteTest]) -> Counter[str]:
    """Count what tests share with the whole run, by kind of resource."""
    total: Counter[str] = Counter()
    for key in commons({key for test in tests for key in test.meta.uses}):
        total.update(COMMONS[key].creates)
    return total


class Room:
    """The room that a project has. What the whole run shares is set aside; the rest is taken and given back."""

    def __init__(self, room: Mapping[str, int], tests: Collection[SuiteTest]) -> None:
        """Take how many of a kind of resource may be added, and all tests of the run; a kind not named is unbounded."""
        shared = held(tests)
        self._left = {kind: count - shared[kind] for kind, count in room.items()}
        self._working = 0

    def take(self, test: SuiteTest) -> bool:
        """Take the room that a test needs, and say whether there was any.

        Where nothing else is at work a test is let in all the same: there will never be more room, and what the cloud
        says to it is its result.
        """
        wanted = {kind: count for kind, count in test.meta.creates.items() if kind in self._left}
        if self._working and any(count > self._left[kind] for kind, count in wanted.items()):
            return False
        for kind, count in wanted.items():
            self._left[kind] -= count
        self._working += 1
        return True

    def give(self, test: SuiteTest) -> None:
        """Give back what a test has taken."""
        for kind, count in test.meta.creates.items():
            if kind in self._left:
                self._left[kind] += count
        self._working -= 1
