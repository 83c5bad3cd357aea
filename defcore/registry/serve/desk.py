"""The desk: takes submissions, one after the other, and keeps the folder, the index and what is shown in step.

The order makes a crash harmless. First everything goes into the private folder, together with its receipt, in one
rename: that is the moment at which it is taken. Then what may be shown is copied to the open folder. Whatever a crash
left between the two is done at the next start, as it is for a report whose vendor is admitted later.
"""

from __future__ import annotations

import fcntl
import os
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defcore.attest.acts import Act
from defcore.attest.canonical import sha256_hex
from defcore.errors import DefcoreError, InputError
from defcore.registry import receipt, words
from defcore.registry.admission import FULL, PUBLIC, admit, entry_of
from defcore.registry.model import Finding, Held, Verdict
from defcore.registry.serve.index import FILE, Index, Row
from defcore.registry.site.build import ground, judge
from defcore.registry.site.facts import of_verdict
from defcore.registry.site.model import build
from defcore.registry.store import clear, put_files

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from defcore.attest.acts import Decision
    from defcore.registry.model import Entry, Known, Submission
    from defcore.registry.serve.batch import Item
    from defcore.registry.site.facts import Facts
    from defcore.registry.site.model import Site
    from defcore.registry.store import Folder


LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item. ``receipt`` is there once it is stored; ``there``: it was before."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    entry: Entry | None = None
    acts: tuple[str, ...] = ()
    receipt: bytes | None = None
    there: bool = False

    @property
    def standing(self) -> words.Standing:
        """Say in one word what became of it."""
        return words.standing(self.findings)


class Desk:
    """A registry that is open. ``site`` is what is shown now; only ``submit`` changes anything, one call at a time."""

    def __init__(self, folder: Folder, clock: Callable[[], dt.datetime]) -> None:
        """Open a registry: what the index lacks is judged, what waits to be shown is shown.

        Raises InputError and RefusedError for a folder in disorder, or without a private one beside it.
        """
        if folder.private is None:
            raise InputError("no-private", "has no private folder", where=str(folder.root), hint="name one")
        self._folder, self._private, self._clock = folder, folder.private, clock
        self._private.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._alone = _alone(self._private)
        for root in (folder.root, self._private):
            clear(root)
        self.key = receipt.key_of(self._private)
        self._lock = threading.Lock()
        self._index = Index(self._private / FILE)
        self._known = folder.known(self._index)
        self._facts: dict[tuple[str, str], dict[str, Facts]] = {}
        self._left_out: dict[str, str] = {}
        now = clock()
        self.judged = self._sync(now)
        self._release(now, self._index.rows().values())
        self._site = self._build(now)

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            self._index.close()
            os.close(self._alone)

    @property
    def known(self) -> Known:
        """Return what admission is judged by."""
        return self._known

    @property
    def site(self) -> Site:
        """Return what is shown today."""
        now = self._clock()
        if self._site.now.date() != now.date():
            with self._lock:
                if self._site.now.date() != now.date():
                    self._site = self._build(now)
        return self._site

    def read(self, place: str) -> bytes:
        """Return the exact bytes of a public report that is shown."""
        return self._folder.read(place).public or b""

    def count(self) -> int:
        """Return how many reports are shown, when the folder can be read. Raises InputError."""
        self._folder.settings()
        return len(self._site.reports)

    def look_up(self, digest: str) -> tuple[Entry, bytes | None, bool] | None:
        """Return the entry of a full report, its receipt, and whether it is shown; None for one that is not here."""
        with self._lock:
            found = next(iter(self._index.by_digest(digest)), None)
            return (found, self._receipt(found.place), self._shown(found.place)) if found else None

    def submit(self, item: Item, *, dry_run: bool = False, publish_full: bool = False) -> Outcome:
        """Judge one item, and store it if it is in order and this is no dry run. Raises InputError for a full disk."""
        if item.fault is not None:
            return Outcome(item.files, (item.fault,))
        with self._lock:
            now = self._clock()
            verdict = self._judge(item.submission, now)
            acts = tuple(act.digest for act in verdict.acts)
            there = verdict.there is not None
            if verdict.refused or dry_run:
                return Outcome(item.files, verdict.findings, verdict.entry, acts, there=there)
            self._take_acts(verdict.acts, now)
            signed = None
            if verdict.entry is not None:
                signed = self._store(verdict.entry, item.submission, verdict, now, publish_full=publish_full)
            return Outcome(item.files, verdict.findings, verdict.entry, acts, signed, there)

    # -- what comes in -------------------------------------------------------------------------------------------------

    def _judge(self, submission: Submission, now: dt.datetime) -> Verdict:
        """Judge by the rules. What is here already, byte for byte, stays admitted however late it comes again."""
        entry = entry_of(submission)
        place = next((item.place for item in self._known.seen.by_digest(entry.digest)), None) if entry else None
        if place is None:
            return admit(submission, self._known, now)
        here = self._folder.read(place)
        if submission.public is not None and submission.public != here.public:
            finding = Finding("once", PUBLIC, f"lies at {place} already, with other bytes")
            return Verdict((finding,), entry, there=place)
        return admit(submission, self._known, now, new=False)

    def _store(
        self, entry: Entry, submission: Submission, verdict: Verdict, now: dt.datetime, *, publish_full: bool
    ) -> bytes:
        place = verdict.there or entry.place
        public = submission.public or b""
        signed = self._receipt(place) or receipt.write(
            self.key,
            self._known.trust.pin,
            replace(entry, place=place),
            sha256_hex(public),
            now,
            publish_full=publish_full and submission.full is not None,
        )
        files = {FULL: submission.full, PUBLIC: public, receipt.FILE: signed}
        put_files(self._private, place, {name: data for name, data in files.items() if data is not None})
        if not verdict.held:
            # Public reports are everybody's: only who hands in the full one may have it published.
            self._show(place, publish_full=publish_full and submission.full is not None)
        if verdict.there is not None:
            row = self._row(place, self._known, now)
        else:
            facts = of_verdict(verdict)
            row = Row(place, self._stamp(place), entry, facts, "" if facts else words.standing(verdict.findings))
        self._enter(row, now)
        return signed

    def _show(self, place: str, *, publish_full: bool) -> None:
        submission = self._folder.read(place)
        files = {PUBLIC: submission.public, FULL: submission.full if publish_full else None}
        put_files(self._folder.root, place, {name: data for name, data in files.items() if data is not None})

    def _enter(self, row: Row, now: dt.datetime) -> None:
        self._index.write([row], ground=ground(self._known, now))
        if row.facts is None:
            return
        self._keep(row)
        made = build(self._known, list(self._facts[row.facts.vendor, row.facts.product].values()), self._site.now)
        for product in made.products:
            self._site = self._site.with_product(product)

    def _take_acts(self, acts: Iterable[Decision], now: dt.datetime) -> None:
        """Store acts that are new, and judge again what they bear on."""
        held = {item.digest: item for item in self._known.acts}
        new = [item for item in acts if item.digest not in held or len(held[item.digest].data) < len(item.data)]
        if not new:
            return
        for act in new:
            self._folder.put_act(act)
            held[act.digest] = act
        self._known = replace(self._known, acts=tuple(held[digest] for digest in sorted(held)))
        awards = {item.digest: item for item in self._known.acts if item.act is Act.AWARD}
        rows = [row for row in self._index.rows().values() if any(_bears(act, row.entry, awards) for act in new)]
        again = [self._row(row.place, self._known, now) for row in rows]
        self._index.write(again, ground=ground(self._known, now))
        for row in again:
            self._keep(row)
        self._release(now, again)
        self._site = self._build(now)

    # -- what is here --------------------------------------------------------------------------------------------------

    def _sync(self, now: dt.datetime) -> int:
        """Bring the index in step with the folder; return how many reports were judged for it."""
        seen = Held()
        known = replace(self._known, seen=seen)
        basis, before = ground(known, now), self._index.rows()
        good = before if self._index.ground == basis else {}
        changed = []
        places = sorted({*self._folder.places(), *self._folder.places(private=True)})
        for place in places:
            row = good.get(place)
            if row is None or row.stamp != self._stamp(place):
                row = self._row(place, known, now)
                changed.append(row)
            if row.entry is not None:
                seen.add(row.entry)
            self._keep(row)
        self._index.write(changed, ground=basis, gone=before.keys() - set(places))
        return len(changed)

    def _release(self, now: dt.datetime, rows: Iterable[Row]) -> None:
        """Show what waited for its vendor's admission, or for the end of a crash."""
        shown = []
        for row in rows:
            if row.entry is None or self._shown(row.place):
                continue
            verdict = admit(self._folder.read(row.place), self._known, now, new=False)
            if verdict.refused or verdict.held:
                continue
            signed = self._receipt(row.place)
            said = receipt.read(signed, row.place).predicate if signed else None
            self._show(row.place, publish_full=bool(said and said.publish_full))
            shown.append(self._row(row.place, self._known, now))
        if shown:
            self._index.write(shown, ground=ground(self._known, now))
        for row in shown:
            self._keep(row)

    def _row(self, place: str, known: Known, now: dt.datetime) -> Row:
        """Judge what lies at a place."""
        stamp = self._stamp(place)
        try:
            submission = self._folder.read(place)
        except DefcoreError as error:
            return Row(place, stamp, None, None, error.what)
        entry = entry_of(submission)
        entry = replace(entry, place=place) if entry else None
        if not self._shown(place):
            return Row(place, stamp, entry, None, "held back")
        found = judge(place, "", submission, known, now)
        return Row(place, stamp, entry, found.facts, found.why)

    def _keep(self, row: Row) -> None:
        entry = row.entry
        product = self._facts.setdefault((entry.vendor, entry.product), {}) if entry else {}
        product.pop(row.place, None)
        self._left_out.pop(row.place, None)
        if row.facts is not None:
            product[row.place] = row.facts
        elif self._shown(row.place):
            self._left_out[row.place] = row.why

    def _build(self, now: dt.datetime) -> Site:
        facts = [item for found in self._facts.values() for item in found.values()]
        return build(self._known, facts, now, list(self._left_out.items()))

    def _shown(self, place: str) -> bool:
        return (self._folder.root / place / PUBLIC).is_file()

    def _receipt(self, place: str) -> bytes | None:
        path = self._private / place / receipt.FILE
        return path.read_bytes() if path.is_file() else None

    def _stamp(self, place: str) -> str:
        """Return what tells whether a report's files are those that were judged, without reading them."""
        roots = self._folder.root, self._private
        return " ".join(_stat(root / place / name) for root in roots for name in (PUBLIC, FULL))


def _alone(private: Path) -> int:
    """See to it that no other process has this desk: each would show what it knows. A crash lets go of it."""
    handle = os.open(private / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        what = "is in use by another server"
        raise InputError("in-use", what, where=str(private), hint="one process serves a registry") from error
    return handle


def _stat(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "-"
    return f"{found.st_size}:{found.st_mtime_ns}"


def _bears(act: Decision, entry: Entry | None, awards: dict[str, Decision]) -> bool:
    """Tell whether an act changes how a report is judged or where it stands."""
    if entry is None:
        return False
    if act.act is Act.ADMIT:
        return bool(act.predicate.vendor == entry.vendor)
    if act.act is Act.APPROVE:
        return act.subject[1] == entry.guideline_digest
    award = act if act.act is Act.AWARD else awards.get(act.predicate.terms.award)
    return award is not None and award.predicate.inputAttestations[0].digest.sha256 == entry.digest
