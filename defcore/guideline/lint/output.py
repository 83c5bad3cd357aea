"""Findings as text for people, as JSON for scripts, as annotations for CI."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

from defcore.guideline.lint.model import Severity
from defcore.guideline.lint.rules import BY_ID

if TYPE_CHECKING:
    from defcore.guideline.lint.exceptions import Entry, Outcome
    from defcore.guideline.lint.model import Finding

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def text(outcome: Outcome) -> str:
    """Write the findings by file, one a line, and the counts."""
    lines: list[str] = []
    for file, found in groupby(outcome.findings, key=lambda item: item.file):
        lines.append(file)
        for item in found:
            place = f"line {item.line}, " if item.line else ""
            lines.append(
                f"  {item.severity.value:<8} {item.rule}: {item.subject}: {item.message}"
                f" ({place}{BY_ID[item.rule].source})"
            )
        lines.append("")
    for item, entry in outcome.excepted:
        lines.append(f"excepted until {entry.end}: {item.rule}: {item.subject}: {entry.reason}")
    return "\n".join([*lines, _summary(outcome), ""])


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return the JSON value: ``findings``, ``excepted`` (with ``reason`` and ``end``) and ``counts`` by severity."""
    return {
        "findings": [_json(item) for item in outcome.findings],
        "excepted": [_excepted(item, entry) for item, entry in outcome.excepted],
        "counts": _counts(outcome),
    }


def github(outcome: Outcome) -> str:
    """Write workflow commands, one a finding, which CI shows beside the line."""
    lines = []
    for item in outcome.findings:
        file, at, commit = item.file.partition(".json@")
        place = f"file={_property(f'{file}.json' if at else file)}"
        # A line of another commit would be shown beside the wrong text.
        place += "" if commit else f",line={max(item.line, 1)}"
        message = _data(f"{item.subject}: {item.message}" + (f" (commit {commit})" if commit else ""))
        lines.append(f"::{_LEVELS[item.severity]} {place},title={_property(item.rule)}::{message}\n")
    return "".join(lines)


def _summary(outcome: Outcome) -> str:
    counts = _counts(outcome)
    words = [f"{number} {name}{'' if number == 1 else 's'}" for name, number in counts.items() if name != "excepted"]
    return f"{', '.join(words)}; {counts['excepted']} excepted"


def _counts(outcome: Outcome) -> dict[str, int]:
    found = Counter(item.severity for item in outcome.findings)
    return {**{severity.value: found[severity] for severity in Severity}, "excepted": len(outcome.excepted)}


def _json(item: Finding) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "severity": item.severity.value,
        "subject": item.subject,
        "message": item.message,
        "file": item.file,
        "path": item.path,
        "line": item.line,
    }


def _excepted(item: Finding, entry: Entry) -> dict[str, Any]:
    return {**_json(item), "reason": entry.reason, "end": entry.end}


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
