"""A whole registry checked: every report by every rule, the folder around them, and what was there before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defcore.errors import DefcoreError, RefusedError
from defcore.registry import tidy
from defcore.registry.admission import PUBLIC, admit, entry_of
from defcore.registry.model import Finding, Held, Known, Submission, Verdict
from defcore.registry.rules import Severity

if TYPE_CHECKING:
    import datetime as dt

    from defcore.registry.model import Entry
    from defcore.registry.store import Folder


@dataclass(frozen=True, slots=True)
class Checked:
    """One report with what was found. ``new``: it is not in the registry that this one is compared with."""

    place: str
    verdict: Verdict
    new: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A registry as it was checked: its reports in the order of their places, and what the folder itself breaks."""

    title: str
    reports: tuple[Checked, ...]
    folder: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, those on the folder first."""
        return (*self.folder, *(item for report in self.reports for item in report.verdict.findings))

    @property
    def good(self) -> bool:
        """Tell whether everything may be shown."""
        return all(item.severity is Severity.NOTE for item in self.findings)


def check(
    folder: Folder, now: dt.datetime, *, base: Folder | None = None, pin: str | None = None, below: str = ""
) -> Result:
    """Check a registry, or what lies at or below one place of it.

    ``base`` is the registry as it was: what is not in it is new and must be fresh, what is in it must be as it was.
    ``pin``: the trust policy that it must rest on. Raises InputError and RefusedError where settings or trust policy
    cannot be read.
    """
    settings = folder.settings()
    if pin not in (None, settings.trust):
        what = f"is pinned to the trust policy {settings.trust}, not to the one that you trust"
        raise RefusedError("other-pin", what, where=str(folder.root), hint="ask who keeps the registry")
    around = [*tidy.stray(folder), *(tidy.kept(folder, base) if base else ())]
    acts, found = tidy.read_acts(folder, folder.trust())
    around += found
    seen = Held()
    known = Known(settings, folder.trust(), acts, folder.guidelines(), seen)
    reports = []
    for place in folder.places():
        is_new = base is not None and not (base.root / place).is_dir()
        if below in ("", place) or place.startswith(f"{below}/"):
            verdict = _judge(folder, place, known, now, new=is_new)
            reports.append(Checked(place, verdict, is_new))
            entry = verdict.entry
        else:
            entry = _peek(folder, place)
        if entry is not None:
            seen.add(replace(entry, place=place))
    return Result(settings.title, tuple(reports), tuple(around))


def index(folder: Folder) -> Held:
    """Return what a folder holds, by what its reports say of themselves; nothing is judged."""
    entries = ((place, _peek(folder, place)) for place in folder.places())
    return Held([replace(entry, place=place) for place, entry in entries if entry is not None])


def _peek(folder: Folder, place: str) -> Entry | None:
    try:
        return entry_of(folder.read(place))
    except DefcoreError:
        return None


def _judge(folder: Folder, place: str, known: Known, now: dt.datetime, *, new: bool) -> Verdict:
    """Judge what lies at a place, and whether it belongs there; findings name the files with their places."""
    try:
        submission = folder.read(place)
    except DefcoreError as error:
        return Verdict((Finding("readable", error.where or place, error.what),))
    if submission == Submission():
        return Verdict((Finding("public", f"{place}/{PUBLIC}", "is not there"),))
    verdict = admit(submission, known, now, new=new)
    more = [replace(item, where=f"{place}/{item.where}") for item in verdict.findings]
    if verdict.entry is not None and verdict.entry.place != place:
        more.append(Finding("place", place, f"belongs at {verdict.entry.place}"))
    if verdict.there is not None:
        more.append(Finding("once", place, f"lies at {verdict.there} too"))
    return replace(verdict, findings=tuple(more))
