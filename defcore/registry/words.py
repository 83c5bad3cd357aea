"""What was found, for people on a terminal, for a pull request, and for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from defcore.attest.canonical import printable
from defcore.registry.rules import RULES, Severity
from defcore.report.markdown import code, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.registry.check import Result
    from defcore.registry.model import Finding, Verdict

Standing: TypeAlias = Literal["refused", "held back", "admitted"]
_STANDING: dict[Severity, Standing] = {
    Severity.REFUSE: "refused",
    Severity.HOLD: "held back",
    Severity.NOTE: "admitted",
}
MOST = 300
"""Findings that a summary lists; a pull request's comment has room for no more."""


def standing(findings: Iterable[Finding]) -> Standing:
    """Say in one word what becomes of something with these findings."""
    found = {item.severity for item in findings}
    return next((_STANDING[severity] for severity in Severity if severity in found), "admitted")


def finding_line(item: Finding) -> str:
    """Return a finding on one line: its rule, where, what."""
    return f"{item.severity} {item.rule}: {printable(item.where)}: {printable(item.what)}"


def advice(findings: Iterable[Finding], days: int) -> list[str]:
    """Return for each rule that is not kept what it asks, and what to do: once each, the worst first."""
    rules = dict.fromkeys(item.rule for item in sorted(findings, key=lambda item: list(Severity).index(item.severity)))
    return [f"{name}: {RULES[name].asks} {todo(name, days)}" for name in rules]


def todo(rule: str, days: int) -> str:
    """Return what to do about a rule that is not kept."""
    return RULES[rule].todo.replace("{days}", str(days))


def result_text(result: Result, days: int) -> str:
    """Return the whole check for a terminal."""
    lines = [finding_line(item) for item in result.folder]
    for report in result.reports:
        found = report.verdict.findings
        lines.append(f"{report.place}: {standing(found)}{', new' if report.new else ''}")
        lines += [f"  {finding_line(item)}" for item in found]
    if told := advice(result.findings, days):
        lines += ["", "What the rules ask, and what to do", *(f"  - {line}" for line in told)]
    lines += ["", headline(result)]
    return "\n".join(lines) + "\n"


def headline(result: Result) -> str:
    """Say in one sentence how a registry stands."""
    words = [standing(item.verdict.findings) for item in result.reports]
    counted = [f"{words.count(word)} {word}" for word in _STANDING.values() if word in words]
    reports = f"{len(words)} {'report' if len(words) == 1 else 'reports'}"
    folder = f"; {len(result.folder)} findings on the folder itself" if result.folder else ""
    return f"{reports}: {', '.join(counted) or 'none at all'}{folder}."


def result_json(result: Result) -> dict[str, Any]:
    """Return the JSON value of ``defcore registry check --format json``."""
    return {
        "format": "defcore-registry-check/1",
        "title": result.title,
        "good": result.good,
        "folder": [finding_json(item) for item in result.folder],
        "reports": [
            {
                "place": item.place,
                "new": item.new,
                "standing": standing(item.verdict.findings),
                "findings": [finding_json(each) for each in item.verdict.findings],
            }
            for item in result.reports
        ],
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return what became of one submission as JSON."""
    entry = verdict.entry
    return {
        "format": "defcore-admission/1",
        "standing": standing(verdict.findings),
        "place": entry.place if entry else None,
        "digest": entry.digest if entry else None,
        "there": verdict.there,
        "acts": [item.digest for item in verdict.acts],
        "findings": [finding_json(item) for item in verdict.findings],
    }


def finding_json(item: Finding) -> dict[str, str]:
    """Return a finding as JSON, with the rule's sentence."""
    return {
        "rule": item.rule,
        "severity": item.severity.value,
        "where": item.where,
        "what": item.what,
        "asks": RULES[item.rule].asks,
    }


def result_markdown(result: Result, days: int) -> str:
    """Return the summary for a pull request: new reports first, what stands in the way, what to do."""
    parts = [
        f"# {prose(result.title)}: {'everything is in order' if result.good else 'not everything is in order'}",
        prose(headline(result)),
    ]
    if result.folder:
        parts += ["## The folder", _list(result.folder)]
    shown = [item for item in result.reports if item.new] or list(result.reports)
    if shown:
        parts.append("## New reports" if shown[0].new else "## Reports")
        rows = ["| report | product | guideline | what becomes of it |", "|---|---|---|---|"]
        for item in shown:
            entry = item.verdict.entry
            product = f"{prose(entry.vendor)} {prose(entry.product)} {prose(entry.version)}" if entry else "unreadable"
            guideline = prose(entry.guideline) if entry else ""
            rows.append(f"| {code(item.place)} | {product} | {guideline} | {standing(item.verdict.findings)} |")
        parts.append("\n".join(rows))
    findings = [each for item in result.reports for each in item.verdict.findings]
    if findings:
        parts += ["## Findings", _list(findings)]
    if told := dict.fromkeys(item.rule for item in result.findings):
        lines = [f"- **{name}**: {prose(RULES[name].asks)} {prose(todo(name, days))}" for name in told]
        parts += ["## What the rules ask, and what to do", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def rules_markdown() -> str:
    """Return the table of the rules, for the documentation."""
    rows = ["| rule | asks | not kept |", "|---|---|---|"]
    words = {Severity.REFUSE: "refused", Severity.HOLD: "held back", Severity.NOTE: "told"}
    rows += [f"| `{name}` | {rule.asks} | {words[rule.severity]} |" for name, rule in RULES.items()]
    return "\n".join(rows) + "\n"


def _list(findings: Sequence[Finding]) -> str:
    lines = [
        f"- {item.severity.value} **{item.rule}** {code(item.where)}: {prose(item.what)}" for item in findings[:MOST]
    ]
    if len(findings) > MOST:
        lines.append(f"- and {len(findings) - MOST} more")
    return "\n".join(lines)
