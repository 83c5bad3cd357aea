"""What a process owes to the cloud, in the ledger and in its memory, and how it is ended."""

from __future__ import annotations

import time
from itertools import groupby
from typing import TYPE_CHECKING

from defcore.kit.cleanup import HANDLERS, in_order
from defcore.kit.resources import KINDS, Going, gone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from defcore.cloud.redact import Scrubber
    from defcore.kit.actor import Actor
    from defcore.run.ledger import Entry, Ledger

Problem = tuple["Entry", str]
NEEDING = {
    "port": ("server",),
    "subnet": ("server",),
    "network": ("server",),
    "security-group": ("server",),
    "volume": ("server", "snapshot"),
    "image": ("volume",),
}
"""Kind → the kinds that must be gone before one of it can be deleted, and take a while to go."""


class Debts:
    """Entries of the ledger that this process is to settle, each with the test that owes it, if only one does."""

    def __init__(self, ledger: Ledger, actor: Callable[[str], Actor], scrubber: Scrubber) -> None:
        """Take who acts in a role, and what hides secrets in what is said of a problem."""
        self.ledger = ledger
        self._actor = actor
        self._scrubber = scrubber
        self._owed: dict[str, tuple[Entry, str | None]] = {}
        self._made: dict[str, Entry] = {}
        self._leaving: dict[str, tuple[Entry, Callable[[], bool]]] = {}

    def add(self, entry: Entry, test: str | None) -> None:
        """Take an entry upon us."""
        self._owed[entry.number] = (entry, test)

    def take(self, numbers: Collection[str], test: str | None) -> None:
        """Take entries upon us that somebody has made for the whole run."""
        for entry in self.ledger.open_entries():
            if entry.number in numbers:
                self.add(entry, test)

    def numbers(self, thing: str) -> list[str]:
        """Return the numbers of the entries of the thing of this id."""
        return [self._made[thing].number] if thing in self._made else []

    def hand_over(self, thing: str, *, ours: bool) -> None:
        """Let the thing of this id be owed by the whole run, which we end ourselves if it is ``ours``."""
        entry, _ = self._owed.pop(self._made[thing].number)
        if ours:
            self.add(entry, None)

    def of(self, test: str | None) -> list[Entry]:
        """Return what a test owes, oldest first."""
        return [entry for entry, owner in self._owed.values() if owner == test]

    def all(self) -> list[Entry]:
        """Return all that is owed."""
        return [entry for entry, _ in self._owed.values()]

    @property
    def leaving(self) -> list[str]:
        """The numbers of entries that were told to go and of which nobody has looked whether they are gone."""
        return list(self._leaving)

    def learn(self, entry: Entry, **where: str) -> None:
        """Note in the ledger what the cloud tells of a thing that was entered, such as its id."""
        self.ledger.learn(entry, **where)
        if where.get("id"):
            self._made[where["id"]] = entry

    def also(self, thing: str, **where: str) -> None:
        """Note something more that helps to end the thing of this id, if we know it."""
        if entry := self._made.get(thing):
            self.learn(entry, **where)

    def found(self, kind: str, name: str, thing: str) -> None:
        """Note the id of a thing that was made with others, and is now found by its name."""
        for entry in self.all():
            if entry.kind == kind and entry.where.get("name") == name and not entry.where.get("id"):
                self.learn(entry, id=thing)

    def settle(self, entry: Entry) -> None:
        """Note that a thing is gone, or never was."""
        self._owed.pop(entry.number, None)
        self._leaving.pop(entry.number, None)
        self._made.pop(str(entry.where.get("id")), None)
        self.ledger.settle(entry)

    def over(self, thing: str) -> None:
        """Note that the thing of this id is gone, if we know it."""
        if entry := self._made.get(thing):
            self.settle(entry)

    def leaves(self, thing: str) -> None:
        """Note that the deletion of the thing of this id was accepted, if we know it."""
        if entry := self._made.get(thing):
            if KINDS[entry.kind].lasting:
                self.told_to_go(entry)
            else:
                self.settle(entry)

    def told_to_go(self, entry: Entry) -> None:
        """Note of an entry that has an id that its deletion was accepted."""
        self._owed.pop(entry.number, None)
        self._leaving[entry.number] = (entry, Going(entry.kind, self._actor(entry.role), str(entry.where["id"])))

    def release(self, entry: Entry) -> str | None:
        """Tell one thing to go, and settle it if it is gone by that; return what went wrong."""
        self._owed.pop(entry.number, None)
        try:
            going = HANDLERS[entry.kind](self._actor(entry.role), entry.where)
        except Exception as error:  # noqa: BLE001 - cleaning up goes on, whatever one resource does
            return self._scrubber.text(str(error))
        if going is None:
            self.settle(entry)
            return None
        if isinstance(going, Going) and not entry.where.get("id"):
            self.learn(entry, id=going.id)
        self._leaving[entry.number] = (entry, going)
        return None

    def end(self, entries: list[Entry], patience: float, *, wait: bool) -> Iterator[Problem]:
        """End things in their order; give what cannot be ended, and why.

        What others need gone (and with ``wait`` all) is gone before it goes on; each kind is waited for ``patience``
        seconds at most.
        """
        kinds = [list(group) for _, group in groupby(in_order(entries), lambda entry: entry.kind)]
        for group in kinds:
            needed = NEEDING.get(group[0].kind, ())
            going = [entry for entry, _ in self._leaving.values() if wait or entry.test == group[0].test]
            if any(entry.kind in needed for entry in going):
                yield from self.confirm(patience, needed)
            for entry in group:
                if problem := self.release(entry):
                    yield entry, problem
        if wait and self._leaving:
            yield from self.confirm(patience)

    def confirm(self, patience: float, kinds: Collection[str] | None = None) -> list[Problem]:
        """Wait until what was told to go (of these kinds, else all) is gone; return what is not, and why."""
        problems = []
        end = time.monotonic() + patience
        pause = 0.1
        while left := {key: item for key, item in self._leaving.items() if kinds is None or item[0].kind in kinds}:
            late = time.monotonic() >= end
            for number, answer in gone({number: going for number, (_, going) in left.items()}).items():
                entry = left[number][0]
                if isinstance(answer, Exception):
                    problems.append((entry, self._scrubber.text(str(answer))))
                elif answer:
                    self.settle(entry)
                elif late:
                    problems.append((entry, f"it was deleted, and is still there after {patience:.0f} s"))
                else:
                    continue
                self._leaving.pop(number, None)
            if left.keys() & self._leaving.keys():
                time.sleep(pause)
                pause = min(pause * 1.5, 2)
        return problems
