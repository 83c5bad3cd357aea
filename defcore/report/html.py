"""The report as one HTML file that needs nothing else: no script, no request, styles and pictures inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from defcore.report import picture
from defcore.report.words import LATENCY

if TYPE_CHECKING:
    from defcore.report.model import ReportView


def render(view: ReportView) -> str:
    """Return the HTML document. Every value is escaped by the template engine; none is marked safe."""
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(view=view, rows=picture.rows(view), cell=picture.CELL, latency_note=LATENCY)
    )
    return page.rstrip() + "\n"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("defcore.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
