"""From the folder to facts: each report is judged by the rules of admission, when something about it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from defcore import __version__
from defcore.attest.canonical import sha256_hex
from defcore.errors import DefcoreError
from defcore.registry.admission import admit
from defcore.registry.model import Held, Known, Submission
from defcore.registry.rules import Severity
from defcore.registry.settings import dump
from defcore.registry.site.facts import Facts, entry_of, of_verdict
from defcore.run.record import Wire

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from defcore.registry.model import Verdict
    from defcore.registry.store import Folder


class Kept(Wire):
    """What is kept of one report: of which bytes, and either its facts or why it is not shown."""

    files: str
    facts: Facts | None
    why: str


KEPT = TypeAdapter(dict[str, Kept])


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of every report by its place, and how many were judged for it."""

    kept: Mapping[str, Kept]
    judged: int

    @property
    def facts(self) -> list[Facts]:
        """Return the facts of what is shown."""
        return [item.facts for item in self.kept.values() if item.facts is not None]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Return what is not shown, and why."""
        return [(place, item.why) for place, item in self.kept.items() if item.facts is None]


def gather(folder: Folder, known: Known, now: dt.datetime, before: Mapping[str, Kept]) -> Gathered:
    """Judge every report of a folder; of one whose bytes are those in ``before``, what is kept there counts.

    ``before`` must be of the same ``ground``: else give nothing.
    """
    seen = Held()
    known = Known(known.settings, known.trust, known.acts, known.guidelines, seen)
    kept: dict[str, Kept] = {}
    judged = 0
    for place in folder.places():
        files, submission = "", Submission()
        try:
            submission = folder.read(place)
            files = sha256_hex(
                b"".join(sha256_hex(item or b"").encode() for item in (submission.public, submission.full))
            )
        except DefcoreError as error:
            kept[place] = Kept(files="", facts=None, why=error.what)
            continue
        found = before.get(place)
        if found is None or found.files != files:
            found = judge(place, files, submission, known, now)
            judged += 1
        kept[place] = found
        if found.facts is not None:
            seen.add(entry_of(found.facts))
    return Gathered(kept, judged)


def ground(known: Known, now: dt.datetime) -> str:
    """Return a digest of all that a report is judged by besides its bytes. A new month may make a guideline known."""
    parts = [
        __version__,
        dump(known.settings).decode(),
        known.trust.versions[-1].digest,
        *sorted(item.digest for item in known.acts),
        *sorted(known.guidelines),
        f"{now:%Y-%m}",
    ]
    return sha256_hex("\n".join(parts).encode())


def judge(place: str, files: str, submission: Submission, known: Known, now: dt.datetime) -> Kept:
    """Judge one report that lies at a place."""
    verdict = admit(submission, known, now, new=False)
    facts = of_verdict(verdict)
    why = _why(verdict)
    if facts is not None and facts.place != place:
        why, facts = f"place: belongs at {facts.place}", None
    return Kept(files=files, facts=facts, why="" if facts else why)


def _why(verdict: Verdict) -> str:
    found = [item for item in verdict.findings if item.severity is not Severity.NOTE]
    return "; ".join(f"{item.rule}: {item.what}" for item in found) or "there is nothing to show"
