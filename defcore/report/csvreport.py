"""The tests of a report as a table for a spreadsheet: a row a test, UTF-8, RFC 4180."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from defcore.report.words import line

if TYPE_CHECKING:
    from defcore.report.model import ReportView, TestView

COLUMNS = ("id", "name", "outcome", "capability", "standing", "effect", "attempts", "seconds", "reason")
_FORMULA = ("=", "+", "-", "@")


def render(view: ReportView) -> str:
    """Return the table with its head. ``effect`` is what the test does to the verdict: none, fail or untested."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_cell(cell) for cell in _row(test)] for test in view.tests)
    return out.getvalue()


def _row(test: TestView) -> tuple[str, ...]:
    reason = "" if test.outcome.key == "passed" else test.cause
    seconds = f"{test.seconds:.3f}" if test.attempts else ""
    attempts = str(len(test.attempts))
    return (test.id, test.name, test.outcome.key, test.home_name, test.standing, test.effect, attempts, seconds, reason)


def _cell(text: str) -> str:
    """Keep a text that the cloud sent from being reckoned by the spreadsheet."""
    flat = line(text, 1000)
    return f"'{flat}" if flat.startswith(_FORMULA) else flat
