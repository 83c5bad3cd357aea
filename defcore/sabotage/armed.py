"""A session whose answers can be altered by a fault, or watched for the faults that would alter them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from defcore.kit.session import SETTLE, Session
from defcore.kit.waiting import WAIT, Waiting
from defcore.sabotage.kinds import KINDS, Fault, changed
from defcore.sabotage.variations import Variation

if TYPE_CHECKING:
    from defcore.cloud.http import Exchange
    from defcore.kit.change import Changer
    from defcore.kit.meta import TestMeta

SETTLE_ARMED = 0.5
"""Seconds for eventually consistent reads while a fault is armed: a lie does not settle."""


@dataclass
class Saboteur:
    """Alters, in the place of a declared change, the answers that a test judges.

    ``history`` holds every exchange of the test as the cloud answered it, those of its preparation too. With nothing
    armed it alters nothing, and collects in ``applicable`` every fault that would have. ``altered`` are the ids of the
    requests whose answers were.
    """

    armed: Fault | Variation | None = None
    history: list[Exchange] = field(default_factory=list)
    altered: set[str] = field(default_factory=set)
    applicable: set[Fault] = field(default_factory=set)
    applied: int = 1
    _judged: set[str] = field(default_factory=set)

    def __call__(self, exchange: Exchange) -> Exchange:
        """Return what the test is to see."""
        before = [item for item in self.history if item.request_id != exchange.request_id]
        self._judged.add(exchange.operation)
        if self.armed is None:
            self._collect(exchange, before)
            return exchange
        if isinstance(self.armed, Variation):
            time.sleep(self.armed.slow)
            found = changed(exchange, self.armed.vary(exchange, before))
        else:
            found = self.armed.alter(exchange, before)
        if found is not exchange or isinstance(self.armed, Variation):
            self.altered.add(exchange.request_id)
        return found

    def _collect(self, exchange: Exchange, before: list[Exchange]) -> None:
        for kind in KINDS.values():
            for operation in self._judged if kind.needs == "later" else (exchange.operation,):
                fault = Fault(operation, kind.id)
                if fault not in self.applicable and fault.alter(exchange, before) is not exchange:
                    self.applicable.add(fault)


class ArmedSession(Session):
    """A session in which each test begins with what ``arm`` was told."""

    def __init__(self, *words: Any, **more: Any) -> None:  # noqa: ANN401 - those of a session
        """Begin with nothing armed."""
        super().__init__(*words, **more)
        self.saboteur = Saboteur()

    def arm(self, what: Fault | Variation | None) -> None:
        """Take what the next test is to meet, and the patience that goes with it."""
        self.saboteur = Saboteur(what)
        lie = isinstance(what, Fault)
        self._altered = lie
        self.settle_seconds = SETTLE_ARMED if lie else SETTLE
        # Anew, for what a lie has taught of how long states take would slow down the tests after it.
        self.wait = Waiting(KINDS[what.kind].wait if isinstance(what, Fault) else WAIT)

    def begin(self, meta: TestMeta, attempt: int, seconds: float) -> None:
        """Open a test."""
        super().begin(meta, attempt, seconds)
        self.changer: Changer | None = self.saboteur  # type: ignore[assignment]

    def saw(self, exchange: Exchange) -> None:
        """Remember what the cloud answered."""
        super().saw(exchange)
        if exchange.error is None:
            self.saboteur.history.append(exchange)
