"""What all tests of a run share and none changes: made once, by the worker whose test asks first.

A value is JSON and lies in the run's directory, below ``common/``, where the other workers find it; whoever makes one
holds a lock meanwhile. What was made is owed by the run and not by a test: it is ended after the last one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from defcore.cloud.http import TroubleError
from defcore.files import write_whole
from defcore.kit.answer import CheckFailedError
from defcore.kit.waiting import NotYetError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from defcore.kit.session import Session

FOLDER = "common"
TRIES = 2
"""How often the making may fail before nobody tries again in this run."""


@dataclass(frozen=True, slots=True)
class Common:
    """How a common thing is made: ``make`` gives a JSON value without secrets.

    What takes a while is made in two steps: ``make`` only asks for it and gives what ``finish`` needs to wait for it,
    which may note there how far it has come. So all of it is asked for when a run begins (see ``run.ahead``).

    ``creates`` says what exists while it lives, in the kinds of ``kit.meta.RESOURCES``; ``uses`` names the common
    things that ``make`` asks for itself; ``seconds`` is roughly how long it takes. With ``lent`` nobody shares it: so
    many of it there are at the most, each lent to one test at a time that may change it (``creates`` counts all).
    """

    make: Callable[[Session], Any]
    creates: Mapping[str, int] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    seconds: float = 0.2
    lent: int = 0
    finish: Callable[[Session, Any], Any] | None = None


def get(session: Session, run: Path, key: str, common: Common, *, begin: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return a common thing, making it if nobody has yet. Raises what the making raised, for every test that asks.

    With ``begin`` it is only asked for: None is returned unless it is there.
    """
    path = _place(run, key)
    with _free([path], session.deadline):
        told: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {"tries": 0}
        if "value" in told:
            return told["value"]
        if told["tries"] >= TRIES:
            raise CheckFailedError(told["place"], told["expected"], told["actual"], None)
        try:
            if "begun" not in told:
                told["begun"] = common.make(session)
            if begin and common.finish:
                return None
            value = common.finish(session, told["begun"]) if common.finish else told["begun"]
            told = {"value": value}
        except CheckFailedError as error:
            told = {"tries": told["tries"] + 1}
            told |= {"place": error.place, "expected": error.expected, "actual": error.actual}
            raise
        finally:
            write_whole(path, json.dumps(told).encode())
        return value


def offer(run: Path, key: str, value: object) -> None:
    """Let what a test has made be the common thing, unless there is one, or somebody is making it."""
    path = _place(run, key)
    with contextlib.suppress(_TakenError), _held(path):
        if not path.exists():
            write_whole(path, json.dumps({"value": value}).encode())


def _place(run: Path, key: str) -> Path:
    folder = run / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{key}.json"


def known(run: Path, key: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return a common thing if it was made, else None."""
    path = run / FOLDER / f"{key}.json"
    return json.loads(path.read_bytes()).get("value") if path.exists() else None


@dataclass(slots=True)
class Lent:
    """What somebody holds: what lay in its place, empty if nothing did, and what is to lie there again."""

    place: Path
    told: dict[str, Any]
    back: dict[str, Any] | None = None


class Pool:
    """What is lent, by key: so many places, each of which holds one thing that lies idle, or is held by who has it.

    What lies there is JSON: the numbers under which it stands in the ledger (``owed``), and what it is: the ``value``;
    or what was ``begun`` and nobody has waited for; or something ``worn``, which not everybody can use. A place whose
    thing is ``out`` with somebody who holds no lock any more is empty.
    """

    def __init__(self, run: Path, key: str, most: int) -> None:
        """Take how many there are at the most."""
        self._places = [_place(run, f"{key}-{number}") for number in range(most)]

    def idle(self, *states: str) -> list[Path]:
        """Return the places of what is in one of these states: a ``value``, or ``begun``, or ``worn``, or ``out``."""
        found = []
        for place in self._places:
            with contextlib.suppress(FileNotFoundError):
                if json.loads(place.read_bytes()).keys() & set(states):
                    found.append(place)
        return found

    def give(self, told: dict[str, Any]) -> bool:
        """Lay something into a free place, and say whether there was one."""
        for place in self._places:
            with contextlib.suppress(_TakenError), _held(place):
                if not place.exists():
                    write_whole(place, json.dumps(told).encode())
                    return True
        return False

    def finish(self, finish: Callable[[Any], Any]) -> bool:
        """Have what was begun and lies idle finished, and say whether nothing is left to be finished."""
        whole = True
        for place in self.idle("begun"):
            with contextlib.suppress(_TakenError, FileNotFoundError), _held(place):
                told = json.loads(place.read_bytes())
                try:
                    value = finish(told["begun"])
                except NotYetError:
                    whole = False
                except CheckFailedError:
                    # Whoever is lent it meets the same, and ends it.
                    continue
                else:
                    write_whole(place, json.dumps({"value": value, "owed": told["owed"]}).encode())
        return whole

    @contextlib.contextmanager
    def lend(self, deadline: float | None, *, whole: bool) -> Iterator[Lent]:
        """Hold a place and give what lay there; unless it must be ``whole``, something worn will do, and is better.

        Only what is given ``back`` is lent again: whoever is killed leaves the next one to have another made.
        """
        # What lies idle is better than something new.
        order = ("value", "begun") if whole else ("worn", "value", "begun")
        first = [place for what in order for place in self.idle(what)]
        others = [place for place in self._places if place not in first]
        others.sort(key=Path.exists)
        with _free([*first, *others], deadline) as place:
            told = json.loads(place.read_bytes()) if place.exists() else {}
            write_whole(place, json.dumps({"out": True}).encode())
            lent = Lent(place, told)
            try:
                yield lent
            finally:
                if lent.back:
                    write_whole(place, json.dumps(lent.back).encode())
                else:
                    place.unlink()


def forget(run: Path) -> None:
    """Forget what a run had in common: it is no longer on the cloud."""
    shutil.rmtree(run / FOLDER, ignore_errors=True)


class _TakenError(Exception):
    """Somebody else holds the lock."""


@contextlib.contextmanager
def _held(place: Path) -> Iterator[None]:
    """Hold the lock of a place. Raises _TakenError."""
    file = os.open(place.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _TakenError from None
        yield
    finally:
        os.close(file)


@contextlib.contextmanager
def _free(places: Sequence[Path], deadline: float | None) -> Iterator[Path]:
    """Hold the lock of the first of these places that nobody holds."""
    with contextlib.ExitStack() as stack:
        while True:
            for place in places:
                with contextlib.suppress(_TakenError):
                    stack.enter_context(_held(place))
                    yield place
                    return
            if deadline is not None and time.monotonic() >= deadline:
                why = "the test's time was up before another one had made what both need, or gave it back"
                raise TroubleError(why)
            time.sleep(0.05)
