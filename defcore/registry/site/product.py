"""A product's page: what counts now, how it came to it, and what its vendor says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.registry.site.rows import Link, Row, labels, row

if TYPE_CHECKING:
    from defcore.registry.site.model import Product, Report

BAR, GAP, TALL = 22, 8, 96
MOST_BARS = 24
"""Reports that the picture of a trend shows; older ones stand in the table."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One report in the picture of a trend, in CSS pixels; ``full``: every required test is shown."""

    x: int
    height: float
    full: bool
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The reports on one program, oldest first. ``breaks`` are where guideline or suite changed: not comparable."""

    program: str
    bars: tuple[Bar, ...]
    breaks: tuple[int, ...]
    width: int
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """One report in the history, with what it shows more and less than the one before it on the same program."""

    row: Row
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product. ``badges`` are addresses of badges with what they say and the report that they lead to."""

    title: str
    subtitle: str
    labels: tuple[str, ...]
    current: tuple[Row, ...]
    badges: tuple[tuple[Link, str], ...]
    trends: tuple[Trend, ...]
    steps: tuple[Step, ...]
    compare: str
    facts: tuple[tuple[str, str], ...]
    configuration: tuple[tuple[str, str], ...]
    declarations: tuple[tuple[str, str, str], ...]


def product_view(product: Product) -> ProductView:
    """Word a product; description and declarations are those of its newest report."""
    newest = product.reports[0].facts
    regions = ", ".join(newest.regions) or "none named"
    return ProductView(
        title=product.name,
        subtitle=f"by {product.vendor}",
        labels=labels(product.current),
        current=tuple(row(product, item) for item in product.current),
        badges=tuple(
            (Link(_badge_words(item), f"{item.path}/badge.svg"), f"{item.path}/index.html")
            for item in product.current
            if has_badge(item)
        ),
        trends=tuple(_trends(product)),
        steps=tuple(_step(product, item) for item in product.reports),
        compare=",".join(item.facts.place for item in product.reports[:2]) if len(product.reports) > 1 else "",
        facts=(
            ("Version", newest.version),
            ("Built from release", newest.release),
            ("Regions", regions),
            ("Services", ", ".join(newest.services) or "none named"),
            ("Described on", newest.issued_at[:10]),
        ),
        configuration=newest.configuration,
        declarations=newest.declarations,
    )


def has_badge(report: Report) -> bool:
    """Tell whether there is something to draw a badge for: a pass that is shown, or an award."""
    return report.facts.interop or report.standing.award is not None


def _badge_words(report: Report) -> str:
    return f"{report.program.name} {report.facts.guideline}: {report.standing.word}"


def _step(product: Product, report: Report) -> Step:
    before = product.before(report)
    note = ""
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    if before is None:
        note = "the first one"
    elif before.aligned != report.aligned:
        what = "guideline" if before.aligned[0] != report.aligned[0] else "set of tests"
        note = f"another {what} than before: not compared"
    else:
        gained, lost = tuple(sorted(report.shown - before.shown)), tuple(sorted(before.shown - report.shown))
        note = "" if gained or lost else "shows the same capabilities as before"
    return Step(row(product, report), gained, lost, note)


def _trends(product: Product) -> list[Trend]:
    programs: dict[str, list[Report]] = {}
    for item in reversed(product.reports):
        programs.setdefault(item.facts.program, []).append(item)
    return [_trend(items[-MOST_BARS:]) for items in programs.values() if len(items) > 1]


def _trend(reports: list[Report]) -> Trend:
    bars, breaks = [], []
    for place, item in enumerate(reports):
        facts = item.facts
        title = f"{item.moment}, version {facts.version}: {facts.passed} of {facts.required} required tests are shown"
        height = TALL * facts.passed / facts.required if facts.required else 0.0
        full = facts.passed == facts.required
        bars.append(Bar(place * (BAR + GAP), round(height, 1), full, title, f"{item.path}/index.html"))
        if place and reports[place - 1].aligned != item.aligned:
            breaks.append(place * (BAR + GAP) - GAP // 2)
    first, last = reports[0].facts, reports[-1].facts
    words = f"From {first.passed} of {first.required} on {reports[0].moment} to {last.passed} of {last.required}"
    return Trend(
        reports[-1].program.name,
        tuple(bars),
        tuple(breaks),
        len(bars) * (BAR + GAP),
        f"{words} on {reports[-1].moment}.",
    )
