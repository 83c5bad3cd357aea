"""The first page: every product, where it stands, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.guideline.diffwords import plural
from defcore.registry.site.rows import INDEX, Link, Row, labels, row

if TYPE_CHECKING:
    from defcore.registry.site.model import Site

ON_A_PAGE = 250
"""Rows: what a phone still scrolls."""


@dataclass(frozen=True, slots=True)
class FrontView:
    """A page of products. ``pages`` are all pages with the number of this one."""

    title: str
    subtitle: str
    about: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    number: int
    pages: tuple[Link, ...]


def front(site: Site) -> tuple[tuple[str, FrontView], ...]:
    """Return the pages of products with their addresses; an empty registry has one too."""
    settings = site.known.settings
    pairs = [(product, report) for product in site.products for report in product.current]
    counted = f"{plural(len(site.products), 'product')}, {plural(len(site.reports), 'report')}"
    marks = labels(tuple(report for _, report in pairs))
    starts = range(0, max(len(pairs), 1), ON_A_PAGE)
    names = [INDEX if not start else f"products-{number}.html" for number, start in enumerate(starts, start=1)]
    links = tuple(Link(str(number), name) for number, name in enumerate(names, start=1))
    return tuple(
        (
            name,
            FrontView(
                title=settings.title,
                subtitle=counted,
                about=settings.about,
                labels=marks,
                rows=tuple(row(*pair) for pair in pairs[start : start + ON_A_PAGE]),
                number=number,
                pages=links if len(links) > 1 else (),
            ),
        )
        for number, (start, name) in enumerate(zip(starts, names, strict=True), start=1)
    )
