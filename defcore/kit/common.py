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
from typing import TYPE_CHECKING, Any

from defcore.cloud.http import TroubleError
from defcore.files import write_whole
from defcore.kit.answer import CheckFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from defcore.kit.session import Session

FOLDER = "common"
TRIES = 2
"""How often the making may fail before nobody tries again in this run."""


@dataclass(frozen=True, slots=True)
class Common:
    """How a common thing is made: ``make`` gives a JSON value without secrets.

    ``creates`` says what exists while it lives, in the kinds of ``kit.meta.RESOURCES``; ``uses`` names the common
    things that ``make`` asks for itself; ``seconds`` is roughly how long it takes. With ``lent`` nobody shares it: so
    many of it there are at the most, each lent to one test at a time that may change it (``creates`` counts all).
    """

    make: Callable[[Session], Any]
    creates: Mapping[str, int] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    seconds: float = 0.2
    lent: int = 0


def get(session: Session, run: Path, key: str, common: Common) -> Any:  # noqa: ANN401 - a JSON value
    """Return a common thing, making it if nobody has yet. Raises what the making raised, for every test that asks."""
    folder = run / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key}.json"
    with _free([path], session.deadline):
        told: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {"tries": 0}
        if "value" in told:
            return told["value"]
        if told["tries"] >= TRIES:
            raise CheckFailedError(told["place"], told["expected"], told["actual"], None)
        try:
            value = common.make(session)
        except CheckFailedError as error:
            wrong = {"place": error.place, "expected": error.expected, "actual": error.actual}
            write_whole(path, json.dumps({"tries": told["tries"] + 1, **wrong}).encode())
            raise
        write_whole(path, json.dumps({"value": value}).encode())
        return value


def known(run: Path, key: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return a common thing if it was made, else None."""
    path = run / FOLDER / f"{key}.json"
    return json.loads(path.read_bytes()).get("value") if path.exists() else None


@contextlib.contextmanager
def lend(
    session: Session, run: Path, key: str, most: int, make: Callable[[], dict[str, Any]], *, safe: bool, keep: bool
) -> Iterator[dict[str, Any]]:
    """Lend one of at most ``most`` things to one test at a time; it is made when first lent.

    Only what is given back is lent again: whoever is killed, or fails unless that is ``safe``, or is to ``keep`` it,
    leaves the next one to have another made.
    """
    folder = run / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    places = [folder / f"{key}-{number}" for number in range(most)]
    # What lies idle is better than something new.
    places.sort(key=lambda place: not place.with_suffix(".json").exists())
    with _free(places, session.deadline) as place:
        path = place.with_suffix(".json")
        found: dict[str, Any]
        if path.exists():
            found = json.loads(path.read_bytes())
            path.unlink()
        else:
            found = make()
        whole = safe
        try:
            yield found
            whole = True
        finally:
            if whole and not keep:
                write_whole(path, json.dumps(found).encode())


def forget(run: Path) -> None:
    """Forget what a run had in common: it is no longer on the cloud."""
    shutil.rmtree(run / FOLDER, ignore_errors=True)


@contextlib.contextmanager
def _free(places: Sequence[Path], deadline: float | None) -> Iterator[Path]:
    """Hold the lock of the first of these places that nobody holds."""
    while True:
        for place in places:
            file = os.open(place.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
                continue
            try:
                yield place
            finally:
                os.close(file)
            return
        if deadline is not None and time.monotonic() >= deadline:
            raise TroubleError("the test's time was up before another one had made what both need, or gave it back")
        time.sleep(0.05)
