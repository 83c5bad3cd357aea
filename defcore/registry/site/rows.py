"""Words and rows that several pages show alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.guideline.diffwords import plural
from defcore.registry.site.model import guideline_path

if TYPE_CHECKING:
    from defcore.registry.site.model import Product, Report

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead: an address below the site's root."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One report of a product on one program, as tables show it.

    ``shown`` is the verdict that the passes give, ``figure`` how many required tests they are; ``tone`` colours the
    standing, ``ends`` says until when it counts.
    """

    vendor: str
    product: Link
    version: str
    program: str
    guideline: Link
    report: Link
    level: str
    word: str
    tone: str
    shown: str
    shown_tone: str
    figure: str
    ends: str


def row(product: Product, report: Report) -> Row:
    """Word one report."""
    facts, standing = report.facts, report.standing
    return Row(
        vendor=product.vendor,
        product=Link(product.name, f"{product.path}/{INDEX}"),
        version=facts.version,
        program=report.program.name,
        guideline=Link(facts.guideline, f"{guideline_path(report.source)}/{INDEX}"),
        report=Link(report.moment, f"{report.path}/{INDEX}"),
        level=facts.level,
        word=standing.word,
        tone=standing.tone,
        shown="pass" if facts.interop else "not shown",
        shown_tone="good" if facts.interop else "open",
        figure=f"{facts.passed} of {plural(facts.required, 'required test')}",
        ends=f"{'ended' if standing.over else 'until'} {standing.until}",
    )


def labels(reports: tuple[Report, ...]) -> tuple[str, ...]:
    """Return what the guidelines call results that nobody reviewed (process C1.4), each once."""
    return tuple(
        dict.fromkeys(item.source.guideline.authority.label for item in reports if item.standing.award is None)
    )
