"""A session whose answers can be altered by a fault, or watched for the faults that would alter them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from defcore.kit.session import SETTLE, Session
from defcore.kit.waiting import WAIT, Waiting
from defcore.run.ledger import Entry
from defcore.sabotage.kinds import KINDS, Fault
from defcore.sabotage.variations import Variation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.cloud.http import Exchange
    from defcore.kit.answer import Answer
    from defcore.kit.change import Changer
    from defcore.kit.meta import TestMeta
    from defcore.sabotage.replay import Recording

SETTLE_ARMED = 0.5
"""Seconds for eventually consistent reads while a fault is armed: a lie does not settle."""


@dataclass
class Saboteur:
    """Alters, in the place of a declared change, the answers that a test judges.

    ``history`` holds every exchange of the test as the cloud answered it, those of its own preparation too. With
    nothing armed it alters nothing, and collects in ``applicable`` every fault that would have. ``altered`` are the ids
    of the requests whose answers were.
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
            # Not marked as altered: it is what an honest cloud answers, and tells the ids of what was made.
            found = self.armed.vary(exchange, before)
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
    """A session in which each test begins with what ``arm`` was told.

    With a ``recording`` to answer from, nothing is made, so nothing is owed, lent or ended; without ``replaying`` what
    the test is lent is put into it.
    """

    def __init__(self, *words: Any, **more: Any) -> None:  # noqa: ANN401 - those of a session
        """Begin with nothing armed."""
        super().__init__(*words, **more)
        self.saboteur = Saboteur()
        self.recording: Recording | None = None
        self.replaying = False
        self._lent: dict[str, int] = {}

    def arm(
        self, what: Fault | Variation | None, recording: Recording | None = None, *, replaying: bool = False
    ) -> None:
        """Take what the next test is to meet, and the patience that goes with it."""
        self.saboteur = Saboteur(what)
        self.recording, self.replaying, self._lent = recording, replaying, {}
        lie = isinstance(what, Fault)
        self._altered = lie
        self.settle_seconds = SETTLE_ARMED if lie else SETTLE
        # Anew, for what a lie has taught of how long states take would slow down the tests after it.
        self.wait = Waiting(KINDS[what.kind].wait if isinstance(what, Fault) else WAIT)

    def begin(self, meta: TestMeta, attempt: int, seconds: float) -> None:
        """Open a test."""
        super().begin(meta, attempt, seconds)
        self.changer: Changer | None = self.saboteur  # type: ignore[assignment]

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Mark what is done inside as preparation, which no lie reaches."""
        armed = self.saboteur.armed
        with super().setting_up():
            if isinstance(armed, Variation) and armed.lasting and not self._sharing:
                self.changer = self.saboteur  # type: ignore[assignment]
            yield

    def of_test(self) -> bool:
        """Say whether what is sent now belongs to the test alone: it is not for what is shared, and no cleaning up."""
        return self.stage != "cleanup" and not self._sharing

    def saw(self, exchange: Exchange) -> None:
        """Remember what the cloud answered; what others in need of the same find made already is left out."""
        super().saw(exchange)
        if exchange.error is None and self.of_test():
            self.saboteur.history.append(exchange)

    def owe(self, kind: str, role: str, where: dict[str, Any]) -> Entry:
        """Enter what is about to be made."""
        return Entry("", kind, role, where, None, 0) if self.replaying else super().owe(kind, role, where)

    def learn(self, entry: Entry, **where: str) -> None:
        """Note what the cloud tells of it."""
        if not self.replaying:
            super().learn(entry, **where)

    def settled(self, entry: Entry) -> None:
        """Note that it is gone."""
        if not self.replaying:
            super().settled(entry)

    @contextmanager
    def lent(
        self, key: str, *, safe: bool = False, keep: bool = False, worn: bool = False, whole: bool = False
    ) -> Iterator[Any]:
        """Lend a thing, the same one in a replay."""
        if self.recording and self.replaying:
            number = self._lent[key] = self._lent.get(key, -1) + 1
            yield self.recording.lent[key][number]
            return
        with super().lent(key, safe=safe, keep=keep, worn=worn, whole=whole) as found:
            if self.recording:
                self.recording.lent.setdefault(key, []).append(found)
            yield found

    def give(self, key: str, begun: object, thing: str, *answers: Answer) -> None:
        """Let what the test has made be lent to others; in a replay it has made nothing."""
        if not self.replaying:
            super().give(key, begun, thing, *answers)

    def offer(self, key: str, value: object, *answers: Answer) -> None:
        """Let something that is left of the test be shared; in a replay nothing is."""
        if not self.replaying:
            super().offer(key, value, *answers)

    def end(self) -> None:
        """Close the test."""
        if self.replaying:
            self.stage, self.changer, self.deadline, self._meta = "cleanup", None, None, None
        else:
            super().end()
