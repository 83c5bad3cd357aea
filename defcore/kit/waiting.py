"""Waiting for a state: as short as the cloud allows, never beyond a state that is final."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from defcore.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from defcore.kit.answer import Answer

WAIT = 300.0
"""Seconds after which a state that was promised counts as never reached; Tempest's ``build_timeout`` is the same."""
FIRST = 0.3
"""Seconds after a change at which it is looked for the first time, where nobody knows how long that takes."""
SHORTEST, LONGEST = 0.1, 5.0
"""Seconds between two looks."""
SHARE, BLIND = 0.25, 0.5
"""Of the time since the change, the part that a look may come too late; and where nobody knows how long it takes."""
SOONER = 0.8
"""What was there at the first look may have been there earlier: the next time it is looked for sooner by this."""
NAME = "waits"


class NotYetError(Exception):
    """What was only looked for is not there yet."""


class Waiting:
    """Waits for states and remembers how long each took, so that the next time it looks about when it is reached.

    What a state takes depends on what was done: ``changed`` is to hear of it. ``memory`` is a folder in which all
    workers of a run find what one of them has learnt.
    """

    def __init__(self, longest: float = WAIT, memory: Path | None = None) -> None:
        """Give up after ``longest`` seconds."""
        self._longest = longest
        self._file = memory / f"{NAME}.json" if memory else None
        self._due: dict[str, float] = {}
        self.after = ""
        self.since: float | None = None
        self.hurried = False

    def changed(self, operation: str) -> None:
        """Note what was done last."""
        self.after, self.since = operation, time.monotonic()

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """Look once inside, and wait for nothing: what is not there raises NotYetError."""
        self.hurried = True
        try:
            yield
        finally:
            self.hurried = False

    def until(
        self,
        read: Callable[[], Answer],
        place: str,
        *wanted: str | None,
        over: Collection[str] = ("ERROR", "error"),
        seconds: float | None = None,
    ) -> Answer:
        """Read until the member at ``place`` (keys, joined by dots) is one of ``wanted``; return the last answer.

        A state in ``over`` is final: it fails the test at once, as does one that is not left within ``seconds``.
        """
        longest = self._longest if seconds is None else seconds
        words = " or ".join(str(item) for item in wanted)
        looks = _Looks(self, f"{place} {words}", longest)
        while True:
            answer = read().status(200)
            state = _at(answer, place)
            if state in wanted:
                looks.found()
                return answer
            if state in over:
                raise answer.wrong(f"$.{place}", words, str(state))
            if looks.late:
                raise answer.wrong(f"$.{place}", f"{words} within {longest:.0f} s", str(state))
            looks.pause()

    def gone(
        self,
        read: Callable[[], Answer],
        place: str | None = None,
        over: Collection[str] = ("ERROR", "error", "error_deleting"),
        seconds: float | None = None,
    ) -> Answer:
        """Read until there is nothing any more (404); with ``place``, a state in ``over`` ends it as in ``until``."""
        longest = self._longest if seconds is None else seconds
        looks = _Looks(self, f"{place} gone", longest)
        while True:
            answer = read().status(200, 404)
            if answer.exchange.status == 404:  # noqa: PLR2004 - HTTP
                looks.found()
                return answer
            if place and (state := _at(answer, place)) in over:
                raise answer.wrong(f"$.{place}", "nothing any more: it was deleted", str(state))
            if looks.late:
                raise answer.wrong("status", f"404 within {longest:.0f} s of the deletion", "200")
            looks.pause()

    def expected(self, what: str) -> float | None:
        """Return the seconds after which something is to be expected, counted from the change, if anybody knows."""
        if self._file and self._file.exists():
            self._due |= json.loads(self._file.read_bytes())
        return self._due.get(what)

    def learn(self, what: str, took: float) -> None:
        """Remember how long something took; what took much longer for once need not do so again."""
        before = self._due.get(what)
        self._due[what] = took if before is None else min(took, before * 2)
        if self._file and (before is None or abs(took - before) > before * SHARE):
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(self._file, json.dumps(self._due).encode())


class _Looks:
    """The looks at one thing, from the first, which is when the state is due: ``late`` says that there is no more."""

    def __init__(self, waiting: Waiting, what: str, longest: float) -> None:
        """Wait for the first look."""
        self._waiting = waiting
        self._what = f"{waiting.after}: {what}"
        self._end = time.monotonic() + longest
        self._since = waiting.since or time.monotonic()
        self._first = True
        due = waiting.expected(self._what)
        self._share = BLIND if due is None else SHARE
        if not waiting.hurried:
            self._sleep((FIRST if due is None else due) - self._passed())

    def _passed(self) -> float:
        return time.monotonic() - self._since

    def _sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self._end - time.monotonic())))

    @property
    def late(self) -> bool:
        """Say whether the time is up."""
        return time.monotonic() >= self._end

    def pause(self) -> None:
        """Wait for the next look."""
        if self._waiting.hurried:
            raise NotYetError
        self._first = False
        self._sleep(min(max(SHORTEST, self._passed() * self._share), LONGEST))

    def found(self) -> None:
        """Remember how long it took; what is there at the first look may have been there earlier."""
        if not self._waiting.hurried:
            self._waiting.learn(self._what, self._passed() * (SOONER if self._first else 1))


def _at(answer: Answer, place: str) -> Any:  # noqa: ANN401 - a JSON value
    found: Any = answer.json()
    way = "$"
    for key in place.split("."):
        way += f".{key}"
        if not isinstance(found, dict) or key not in found:
            raise answer.wrong(way, "a state", "nothing")
        found = found[key]
    return found
