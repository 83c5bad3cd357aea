"""What tests share, or are lent, and takes a while to be made: asked for when the run begins, looked for meanwhile.

Until it is there, tests that need nothing of it go first; nobody waits for a lock while there is other work.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from defcore.kit.common import Pool, known
from defcore.kit.commons import COMMONS, commons

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from defcore.suite import SuiteTest

LENT = 2
"""How many things are made to be lent, unless there are tests that leave theirs to others."""
FIRST, SHARE, LONGEST = 1.0, 0.4, 5.0
"""Seconds to the first look at what was asked for, and then the part of the time passed, and seconds at the most."""
PATIENCE = 120.0
"""Seconds for which tests are put off at the most: then the next one that needs it waits for it."""


class Ahead:
    """Says which tests may start now, and what a worker is to be told first. Not to be used by two threads at once."""

    def __init__(self, run: Path, tests: Sequence[SuiteTest], clock: Callable[[], float] = time.monotonic) -> None:
        """Take all tests of the run in ``run``."""
        self._run = run
        self._clock = clock
        used = [self._slow(test) for test in tests]
        self._wanted = Counter(key for keys in used for key in keys)
        self._giving = Counter(key for test in tests for key in test.meta.gives)
        self._at_work: Counter[str] = Counter()
        self._there: set[str] = set()
        self._coming: set[str] = set()
        self._asked: float | None = None
        self._looking = False
        self._next = 0.0

    @staticmethod
    def _slow(test: SuiteTest) -> set[str]:
        """Return what a test may have to wait for."""
        return {key for key in commons(test.meta.uses) if COMMONS[key].finish or COMMONS[key].lent}

    def order(self) -> dict[str, Any] | None:
        """Return what a worker is to be told before the next test: to ask for things, or to look for them."""
        now = self._clock()
        if self._asked is None:
            self._asked, self._next = now, now + FIRST
            wanted = {key: self._count(key) for key in COMMONS if self._count(key)}
            self._coming |= set(wanted)
            self._looking = bool(wanted)
            return {"ask": wanted} if wanted else None
        self._coming |= {key for key in self._giving if COMMONS[key].lent and self._pool(key).idle("begun")}
        if self._looking or not self._coming or now < self._next:
            return None
        if now - self._asked > PATIENCE:
            self._coming.clear()
            return None
        self._looking = True
        return {"look": sorted(self._coming)}

    def obeyed(self, there: Collection[str]) -> None:
        """Hear of which things a worker says that nobody needs to look for them again."""
        now = self._clock()
        self._looking = False
        self._coming -= set(there)
        self._next = now + min(max(FIRST / 2, (now - (self._asked or now)) * SHARE), LONGEST)

    def _count(self, key: str) -> int:
        if self._giving[key] or not COMMONS[key].finish:
            return 0
        return min(self._wanted[key], LENT if COMMONS[key].lent else 1)

    def _pool(self, key: str) -> Pool:
        return Pool(self._run, key, COMMONS[key].lent)

    def open(self, test: SuiteTest) -> bool:
        """Say whether a test can start without having to wait for anything."""
        return all(self._lendable(key) if COMMONS[key].lent else self._made(key) for key in self._slow(test))

    def _made(self, key: str) -> bool:
        if key not in self._there and known(self._run, key) is not None:
            self._there.add(key)
        # What nobody makes is made by the first that needs it.
        return key in self._there or not (key in self._coming or self._giving[key] or self._at_work[key])

    def _lendable(self, key: str) -> bool:
        if not COMMONS[key].finish:
            return self._at_work[key] < COMMONS[key].lent
        pool = self._pool(key)
        # Each is read once: one that is just being lent must not be counted twice.
        living = len(pool.idle("value", "worn", "out"))
        if self._at_work[key] < living:
            return True
        return not (living or key in self._coming or self._giving[key] or self._at_work[key])

    def started(self, test: SuiteTest) -> None:
        """Hear that a test is at work."""
        self._at_work.update(self._slow(test))

    def ended(self, test: SuiteTest) -> None:
        """Hear that a test has ended."""
        self._at_work.subtract(self._slow(test))
        self._giving.subtract(test.meta.gives)
