"""Guidelines in the registry: what changed since the one before, and whom it touches by the reports that are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.board.impact import ABSENT, Impact
from defcore.board.impactwords import sections
from defcore.board.notes import Chapter, NotesView, Part, diff_view
from defcore.guideline.diff import diff
from defcore.guideline.diffwords import Section, plural
from defcore.registry.site.facts import passed_tests
from defcore.registry.site.model import guideline_path
from defcore.registry.site.rows import INDEX, Link
from defcore.run.record import Outcome

if TYPE_CHECKING:
    from defcore.guideline.model import GuidelineFile
    from defcore.registry.site.model import Site

_PASSED = list(Outcome).index(Outcome.PASSED)


@dataclass(frozen=True, slots=True)
class GuidelineRow:
    """One guideline in the list."""

    name: Link
    status: str
    authority: str
    releases: str
    figure: str
    products: int
    digest: str
    more: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class GuidelinesView:
    """All guidelines that the registry takes reports on."""

    title: str
    subtitle: str
    rows: tuple[GuidelineRow, ...]


def guidelines_view(site: Site) -> GuidelinesView:
    """List all guidelines, newest first."""
    rows = []
    for source in site.guidelines:
        guideline = source.guideline
        programs, held = plural(len(guideline.programs), "program"), plural(len(guideline.capabilities), "capability")
        rows.append(
            GuidelineRow(
                name=Link(guideline.id, f"{guideline_path(source)}/{INDEX}"),
                status=guideline.status.value,
                authority=guideline.authority.name,
                releases=", ".join(guideline.releases) or "none named",
                figure=f"{programs}, {held}",
                products=len(site.of_guideline(source.provenance.digest)),
                digest=source.provenance.digest,
                more=links(site, source),
            )
        )
    words = "A report is scored by one of these, byte for byte; no other is taken here."
    return GuidelinesView("Guidelines", words, tuple(rows))


def links(site: Site, source: GuidelineFile) -> tuple[Link, ...]:
    """Return what there is to read about a guideline besides its page."""
    path = guideline_path(source)
    before = previous(site, source)
    found = [Link("The file", f"{path}/{source.guideline.id}.json"), Link("Whom it touches", f"{path}/impact.html")]
    if before is not None:
        found.insert(1, Link(f"What changed since {before.guideline.id}", f"{path}/diff.html"))
    return tuple(found)


def previous(site: Site, source: GuidelineFile) -> GuidelineFile | None:
    """Return the guideline before this one: the one that it says it replaces, else the next older of its kind."""
    guideline = source.guideline
    prefix = guideline.id[:-7]
    others = [item for item in site.guidelines if item.guideline.id != guideline.id]
    named = [item for item in others if item.guideline.id == guideline.replaces]
    older = [item for item in others if item.guideline.id[:-7] == prefix and item.guideline.id < guideline.id]
    return next(iter(named or older), None)


def diff_notes(site: Site, source: GuidelineFile) -> NotesView | None:
    """Word what changed since the guideline before; None when there is none."""
    before = previous(site, source)
    return diff_view(diff(before.guideline, source.guideline)) if before else None


def impact_notes(site: Site, source: GuidelineFile) -> NotesView:
    """Word what the reports that count now mean under a guideline: passes only, so much stays open."""
    before = previous(site, source)
    impact = Impact(source.guideline, before.guideline if before else None)
    count = 0
    for product in site.products:
        for report in product.current:
            passed = passed_tests(report.facts, report.source.guideline)
            codes = bytes(_PASSED if test.id in passed else ABSENT for test in impact.table.tests)
            impact.add(f"{product.vendor} {product.name} {report.facts.version}", codes, report.facts.program)
            count += 1
    parts = tuple(
        Part(f"{item.name} ({plural(item.required, 'required test')})", sections(item))
        for item in impact.result()
        if item.records
    )
    lead = (
        f"By {plural(count, 'public report')} that count now. They list passes only: a test that is not in one is"
        " unknown here, and so is the verdict that hangs on it."
    )
    empty = (Part("", (Section("", ("No report here is on one of its programs.",)),)),)
    chapter = Chapter("Whom it touches", "impact", lead, parts or empty)
    against = f"Against {before.guideline.id}." if before else "There is no guideline before it here."
    return NotesView(f"Guideline {source.guideline.id}: whom it touches", against, (chapter,))
