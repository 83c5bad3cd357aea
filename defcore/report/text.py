"""The scorecard as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tabulate import tabulate

from defcore.report.words import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.report.model import FixGroup, ReportView, VerdictView

WIDTH = 100
_MOST_TESTS = 5
_NAME = 48


def render(view: ReportView) -> str:
    """Return the verdicts with their reasons, what to fix, and a table of the capabilities."""
    parts = [*_head(view), *_fixes(view), *_capabilities(view), *_findings(view)]
    return "\n".join(part.rstrip() for part in parts) + "\n"


def _head(view: ReportView) -> Iterator[str]:
    card = view.card
    yield line(f"{view.title} · {view.subtitle} ({line(card.guideline_status)}) · {line(card.date)}", 400)
    if view.label:
        yield line(view.label, 400)
    yield ""
    for verdict in view.verdicts:
        yield from _verdict(verdict)
    yield from (f"note: {notice}" for notice in view.notices)


def _verdict(verdict: VerdictView) -> Iterator[str]:
    yield f"{verdict.key + ':':<8} {verdict.value}"
    for reason in verdict.reasons:
        yield textwrap.fill(reason, WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 11, break_on_hyphens=False)


def _fixes(view: ReportView) -> Iterator[str]:
    for section in view.fixes:
        yield ""
        yield section.title
        for group in section.groups:
            yield from _group(group)


def _group(group: FixGroup) -> Iterator[str]:
    effect = f", {group.effect}" if group.effect else ""
    yield f"  {line(group.title)} ({group.count}{effect})"
    sample = group.sample
    for term, value in (("expected", sample.expected), ("actual", sample.actual), ("request", sample.request)):
        if value:
            yield f"    {term + ':':<9} {line(value)}"
    for test in group.tests[:_MOST_TESTS]:
        yield f"    - {line(test.name, 160)}"
    if len(group.tests) > _MOST_TESTS:
        yield f"    - and {len(group.tests) - _MOST_TESTS} more"


def _capabilities(view: ReportView) -> Iterator[str]:
    yield ""
    head = ["capability", "status", "verdict", "passed", "others"]
    rows = [
        [line(item.name, _NAME), item.status, item.verdict.lower(), item.passed, item.others]
        for item in view.capabilities
    ]
    yield tabulate(rows, head, tablefmt="simple", disable_numparse=True) if rows else "No capability was scored."


def _findings(view: ReportView) -> Iterator[str]:
    if view.findings:
        count = sum(len(section.findings) for section in view.findings)
        yield ""
        yield f"Findings that decide nothing ({count})"
        for section in view.findings:
            for item in section.findings:
                where = f" [{line(item.test, 100)}]" if item.test else ""
                yield f"  - {line(item.message)}{where}"
