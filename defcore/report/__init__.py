"""Renders scorecards for people and programs: HTML, Markdown, JUnit, JSON, CSV, in-toto, text.

``build_view`` words and groups the facts; ``render`` writes them down in one format.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.report.model import ReportView
from defcore.report.view import build_view

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = {
    "html": "defcore.report.html",
    "md": "defcore.report.markdown",
    "junit": "defcore.report.junit",
    "json": "defcore.report.jsonreport",
    "csv": "defcore.report.csvreport",
    "in-toto": "defcore.report.intoto",
    "text": "defcore.report.text",
}
"""Format → the module whose ``render(view)`` writes it; loaded when it is asked for."""

__all__ = ["FORMATS", "ReportView", "build_view", "render"]


def render(fmt: str, view: ReportView) -> str:
    """Return the whole report in that format, with a newline at its end. Raises InputError for an unknown format."""
    if fmt not in FORMATS:
        raise InputError("unknown-format", f"there is no report format {fmt!r}", hint=f"one of: {', '.join(FORMATS)}")
    writer: Callable[[ReportView], str] = import_module(FORMATS[fmt]).render
    return writer(view)
