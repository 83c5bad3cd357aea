"""Waiting for a state: as short as the cloud allows, never beyond a state that is final."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from defcore.kit.answer import Answer

WAIT = 300.0
"""Seconds after which a state that was promised counts as never reached; Tempest's ``build_timeout`` is the same."""
SHORTEST, LONGEST = 0.1, 3.0
"""Seconds between two looks."""
SHARE = 0.15
"""Of the time waited so far, the part that a look may come too late."""


class Waiting:
    """Waits for states and remembers how long each took, so that the next time it looks about when it is reached."""

    def __init__(self, longest: float = WAIT) -> None:
        """Give up after ``longest`` seconds."""
        self._longest = longest
        self._took: dict[str, float] = {}

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
        key = f"{place} {wanted}"
        began = time.monotonic()
        time.sleep(min(self._took.get(key, 0) * 0.9, longest))
        while True:
            answer = read().status(200)
            state = _at(answer, place)
            took = time.monotonic() - began
            if state in wanted:
                self._took[key] = (took + self._took.get(key, took)) / 2
                return answer
            words = " or ".join(str(item) for item in wanted)
            if state in over:
                raise answer.wrong(f"$.{place}", words, str(state))
            if took >= longest:
                raise answer.wrong(f"$.{place}", f"{words} within {longest:.0f} s", str(state))
            time.sleep(min(max(SHORTEST, took * SHARE), LONGEST))

    def gone(
        self,
        read: Callable[[], Answer],
        place: str | None = None,
        over: Collection[str] = ("ERROR", "error", "error_deleting"),
        seconds: float | None = None,
    ) -> Answer:
        """Read until there is nothing any more (404); with ``place``, a state in ``over`` ends it as in ``until``."""
        longest = self._longest if seconds is None else seconds
        key = f"{place} gone"
        began = time.monotonic()
        time.sleep(min(self._took.get(key, 0) * 0.9, longest))
        while True:
            answer = read().status(200, 404)
            took = time.monotonic() - began
            if answer.exchange.status == 404:  # noqa: PLR2004 - HTTP
                self._took[key] = (took + self._took.get(key, took)) / 2
                return answer
            if place and (state := _at(answer, place)) in over:
                raise answer.wrong(f"$.{place}", "nothing any more: it was deleted", str(state))
            if took >= longest:
                raise answer.wrong("status", f"404 within {longest:.0f} s of the deletion", "200")
            time.sleep(min(max(SHORTEST, took * SHARE), LONGEST))


def _at(answer: Answer, place: str) -> Any:  # noqa: ANN401 - a JSON value
    found: Any = answer.json()
    way = "$"
    for key in place.split("."):
        way += f".{key}"
        if not isinstance(found, dict) or key not in found:
            raise answer.wrong(way, "a state", "nothing")
        found = found[key]
    return found
