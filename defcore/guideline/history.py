"""The life of a capability through the guidelines given: advisory in, required since, flagged when.

A capability is followed by its name and, where that is not there, by the tests that it holds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.guideline.diff import aligned, states_by_id
from defcore.guideline.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.guideline.model import Capability, Guideline, Test


@dataclass(frozen=True, slots=True)
class Epoch:
    """A state that a capability kept from one guideline to another (ids). None: no component named it."""

    state: State | None
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A test that is flagged: since when by its flag, and in which of the guidelines first."""

    test: str
    date: str
    first: str


@dataclass(frozen=True, slots=True)
class History:
    """What the guidelines given tell of one capability, oldest first. ``required_since`` is the file's own word."""

    capability: str
    required_since: str | None
    epochs: tuple[Epoch, ...]
    flags: tuple[Flagged, ...]


def histories(guideline: Guideline, others: Iterable[Guideline]) -> dict[str, History]:
    """Follow every capability of a guideline through others; those that are newer than it are left out."""
    line = sorted((item for item in others if item.id < guideline.id), key=lambda item: item.id)
    line = [*(aligned(item, guideline) for item in line), guideline]
    states = [states_by_id(item) for item in line]
    return {item.name: _history(item, line, states) for item in guideline.capabilities}


def words(history: History) -> str:
    """Say it in one line: ``advisory in 2017.01, required since 2017.09; flagged: 1 test since 2016-06-13``."""
    parts = [_epoch(item, last=item is history.epochs[-1]) for item in history.epochs if item.state]
    text = ", ".join(parts) or "in no component so far"
    told = [item.first for item in history.epochs if item.state is State.REQUIRED]
    if history.required_since and history.required_since not in told:
        text += f" (first required in {history.required_since}, by its own word)"
    if history.flags:
        since = min(item.date for item in history.flags)
        count = len(history.flags)
        text += f"; {count} {'test' if count == 1 else 'tests'} flagged, the first on {since}"
    return text


def _history(capability: Capability, line: Sequence[Guideline], states: Sequence[dict[str, State]]) -> History:
    epochs: list[Epoch] = []
    for item, found in zip(line, states, strict=True):
        state = _state(capability, item, found)
        if epochs and epochs[-1].state is state:
            epochs[-1] = Epoch(state, epochs[-1].first, item.id)
        elif epochs or state is not None:
            epochs.append(Epoch(state, item.id, item.id))
    flags = tuple(Flagged(test.name, test.flag.date, _first(test, line)) for test in capability.tests if test.flag)
    return History(capability.name, capability.required_since, tuple(epochs), flags)


def _state(capability: Capability, guideline: Guideline, states: dict[str, State]) -> State | None:
    named = [state for part in guideline.components if (state := part.state_of(capability.name)) is not None]
    if named or guideline.capability(capability.name) is not None:
        return min(named, key=lambda item: item.rank, default=None)
    # Regrouped since: what most of its tests were.
    counts = Counter(states[test.id] for test in capability.tests if test.id in states)
    return min(counts, key=lambda item: (-counts[item], item.rank), default=None)


def _first(wanted: Test, line: Sequence[Guideline]) -> str:
    found = (
        item.id
        for item in line
        for capability in item.capabilities
        for test in capability.tests
        if test.id == wanted.id and test.flag
    )
    return next(found)


def _epoch(item: Epoch, *, last: bool) -> str:
    word = item.state.value if item.state else "absent"
    if last:
        return f"{word} since {item.first}" if item.first != item.last else f"{word} in {item.first}"
    return f"{word} in {item.first}" if item.first == item.last else f"{word} from {item.first} to {item.last}"
