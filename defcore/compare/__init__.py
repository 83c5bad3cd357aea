"""One verb over runs, reports and bundles: columns side by side, what differs, what can be relied on."""

from defcore.compare.columns import of_judgement, of_report, of_run
from defcore.compare.compare import compare, trends, yardstick
from defcore.compare.model import Change, Column, Comparison, Kind
from defcore.compare.output import render

__all__ = [
    "Change",
    "Column",
    "Comparison",
    "Kind",
    "compare",
    "of_judgement",
    "of_report",
    "of_run",
    "render",
    "trends",
    "yardstick",
]
