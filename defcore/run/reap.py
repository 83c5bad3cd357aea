"""Ends what is left of runs on a cloud, and nothing else.

Two sources say what is a run's: the ledgers of run directories, and the names on the cloud (``defcore.kit.names``) for
runs whose ledger is not at hand. A run that is still going on is left alone.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.cloud.credential import read_credentials
from defcore.cloud.http import TroubleError
from defcore.cloud.redact import url as clean_url
from defcore.errors import DefcoreError, InputError
from defcore.kit.answer import CheckFailedError
from defcore.kit.cleanup import FINDERS, HANDLERS, in_order
from defcore.kit.meta import NEEDS
from defcore.kit.names import LIFETIME, Name, parse
from defcore.kit.outcomes import UnsupportedError
from defcore.kit.session import Session
from defcore.run.journal import replay, stamp
from defcore.run.ledger import LEDGER, Entry, Ledger, open_entries
from defcore.run.lock import RunLock, busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from defcore.cloud.credential import Credential
    from defcore.kit.actor import Actor
    from defcore.run.journal import Started


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a run: ``run`` is the beginning of its id, ``source`` the run directory, or ``name``.

    ``why`` says why it is left; empty for what was ended (or would be).
    """

    kind: str
    name: str
    run: str
    source: str
    why: str = ""


@dataclass(slots=True)
class Reaped:
    """What came of it. ``left`` was not due, ``failed`` could not be ended; ``problems`` hindered the search."""

    ended: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)
    failed: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be ended: on which entry of ``clouds.yaml`` (and in which region), at which time (UNIX seconds).

    ``older_than`` (seconds) takes the place of each thing's own expiry. ``dry`` ends nothing.
    """

    cloud: str
    now: float
    region: str | None = None
    older_than: float | None = None
    dry: bool = False


def runs_below(folder: Path) -> list[Path]:
    """Find the run directories in a folder of runs, and in the folders in it."""
    return sorted({path.parent for depth in ("*", "*/*") for path in folder.glob(f"{depth}/{LEDGER}")})


def reap(
    order: Order, given: Sequence[Path], found: Sequence[Path], tell: Callable[[Item], None] = lambda _: None
) -> Reaped:
    """End what is left: of runs ``given`` by the user, of those ``found``, and whatever else a run left on the cloud.

    ``tell`` hears of each thing as it is ended, left, or could not be ended. Raises InputError for a directory that was
    given and is no run on this cloud, and what a log-in raises.
    """
    credentials = read_credentials(order.cloud, region=order.region)
    heads = {path: _head(path, credentials["main"]) for path in given}
    reaper = _Reaper(order, tell)
    for path in found:
        if path.resolve() not in {item.resolve() for item in given}:
            try:
                heads[path] = _head(path, credentials["main"])
            except DefcoreError as error:
                if error.code != "other-cloud":
                    reaper.reaped.problems.append(str(error))
    with tempfile.TemporaryDirectory(prefix="defcore-reap-") as folder:
        scratch = Path(folder)
        session = Session(scratch, "0" * 16, credentials, Ledger(scratch / LEDGER))
        session.actor("main").target.token()
        for path, head in heads.items():
            reaper.from_ledger(path, head)
        reaper.by_name(session)
        session.ledger.close()
    return reaper.reaped


def _head(path: Path, main: Credential) -> Started:
    head = replay(path).head
    cloud = head.cloud
    ours = (main.name, main.region, clean_url(str(main.auth["auth_url"]).rstrip("/")))
    if (cloud.name, cloud.region, cloud.auth_url) != ours:
        region = f", region {cloud.region}" if cloud.region else ""
        what = f"is a run on cloud {cloud.name!r} at {cloud.auth_url}{region}, not on this one"
        raise InputError("other-cloud", what, where=str(path), hint=f"defcore reap --cloud {cloud.name}")
    return head


class _Reaper:
    def __init__(self, order: Order, tell: Callable[[Item], None]) -> None:
        self.reaped = Reaped()
        self._order = order
        self._tell = tell
        self._going: set[str] = set()
        self._seen: set[str] = set()
        self._over: dict[str, Path] = {}

    def from_ledger(self, path: Path, head: Started) -> None:
        """End what a run's ledger says is still owed, if nobody works on that run."""
        entries = open_entries(path / LEDGER)
        if busy(path):
            self._going.add(head.id[:8])
            self._seen |= {_item(entry, "", "").name for entry in entries}
            for entry in entries:
                self._leave(_item(entry, head.id[:8], str(path)), "its run is still going on")
            return
        self._over[head.id[:8]] = path
        if not entries:
            return
        if self._order.dry:
            self._end(entries, head, path, None)
            return
        try:
            with RunLock(path):
                named = {role: name for role, name in head.entries.items() if role != "main"}
                credentials = read_credentials(self._order.cloud, named, self._order.region)
                ledger = Ledger(path / LEDGER)
                self._end(ledger.open_entries(), head, path, Session(path, head.id, credentials, ledger))
                ledger.close()
        except (InputError, OSError) as error:
            self.reaped.problems.append(str(error))

    def _end(self, entries: Sequence[Entry], head: Started, path: Path, session: Session | None) -> None:
        for entry in in_order(entries):
            item = _item(entry, head.id[:8], str(path))
            self._seen.add(item.name)
            if why := self._not_due(entry, head):
                self._leave(item, why)
            else:
                self._release(item, entry, session)

    def _not_due(self, entry: Entry, head: Started) -> str | None:
        """Say why an entry of a ledger is not to be ended; a ledger may have been edited."""
        if entry.kind not in HANDLERS:
            return f"this version of defcore cannot end a thing of the kind {entry.kind}"
        if entry.role not in head.entries:
            return f"it was made as {entry.role}, and the run has no such credential"
        if entry.kind in FINDERS:
            name = parse(str(entry.where.get("name")))
            if name is None or name.run != head.id[:8]:
                return "its name is not one that this run gives"
        older = self._order.older_than
        return _younger(older) if older is not None and entry.made > self._order.now - older else None

    def by_name(self, session: Session) -> None:
        """End what carries the name of a run that is over: expired, or as old as the user says.

        Of a run whose directory is at hand it is known that it is over. What its ledger calls settled may be there all
        the same: a request that was under way when the run was killed arrives when it arrives.
        """
        entries = [entry for actor in self._owners(session) for entry in self._found(actor)]
        for entry in in_order(entries):
            name = parse(entry.where["name"])
            if name is None or entry.where["name"] in self._seen:
                continue
            item = _item(entry, name.run, "name")
            if why := self._early(name, entry.made):
                self._leave(item, why)
                continue
            try:
                with contextlib.ExitStack() as locked:
                    if name.run in self._over and not self._order.dry:
                        # So that nobody goes on with it meanwhile.
                        locked.enter_context(RunLock(self._over[name.run]))
                    self._release(item, entry, None if self._order.dry else session)
            except (InputError, OSError) as error:
                self._leave(item, str(error))

    def _found(self, actor: Actor) -> Iterator[Entry]:
        for kind, (service, find) in FINDERS.items():
            try:
                actor.service(service)
                for item in find(actor):
                    if name := parse(str(item.where["name"])):
                        made = name.expires - LIFETIME if item.made is None else item.made
                        yield Entry("", kind, actor.role, item.where, None, name.expires, made)
            except UnsupportedError:
                continue
            except (TroubleError, DefcoreError, CheckFailedError) as error:
                self._problem(actor, f"could not look for a {kind} that a run left: {error}")

    def _owners(self, session: Session) -> Iterator[Actor]:
        """Give one actor for each project in which a test may create things."""
        projects: set[str] = set()
        for role in ("main", *NEEDS):
            if role not in session.actors:
                continue
            actor = session.actor(role)
            try:
                project = actor.target.project_id
            except DefcoreError as error:
                self._problem(actor, f"could not look into its project: {error}")
                continue
            if project not in projects:
                projects.add(project)
                yield actor

    def _problem(self, actor: Actor, message: str) -> None:
        text = actor.session.scrubber.text(message)
        self.reaped.problems.append(f"cloud {actor.target.credential.name}: {text}")

    def _early(self, name: Name, made: float) -> str | None:
        now, older = self._order.now, self._order.older_than
        if name.run in self._going:
            return "its run is still going on"
        if older is None:
            due = name.expires <= now or name.run in self._over
            return None if due else f"its run may be going on: it expires {stamp(name.expires)[:16]}Z"
        return None if made <= now - older else _younger(older)

    def _release(self, item: Item, entry: Entry, session: Session | None) -> None:
        if session is not None:
            session.deadline = time.monotonic() + session.policy.total
            if problem := session.release(entry):
                failed = Item(item.kind, item.name, item.run, item.source, problem)
                self.reaped.failed.append(failed)
                self._tell(failed)
                return
        self.reaped.ended.append(item)
        self._tell(item)

    def _leave(self, item: Item, why: str) -> None:
        left = Item(item.kind, item.name, item.run, item.source, why)
        self.reaped.left.append(left)
        self._tell(left)


def _item(entry: Entry, run: str, source: str) -> Item:
    return Item(entry.kind, str(entry.where.get("name") or entry.where.get("header") or entry.kind), run, source)


def _younger(seconds: float) -> str:
    return f"it is younger than {seconds / 60:.0f} minutes"
