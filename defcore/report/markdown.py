"""The report as Markdown (CommonMark with tables), for a pull request or a wiki."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defcore.report.words import LATENCY, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from defcore.report.model import (
        Evidence,
        Fact,
        FixGroup,
        FixSection,
        LatencyView,
        ReportView,
        VerdictView,
    )

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~$#!])")
_MOST_TESTS = 20
_MOST_CHANGES = 50
_LONG = 1000


def render(view: ReportView) -> str:
    """Return verdicts, what to fix, capabilities and what did not pass. Passed tests are counted, not listed."""
    parts = [
        f"# {prose(view.title)}: interoperability report",
        prose(view.subtitle),
        f"> **{prose(view.label)}**" if view.label else "",
        *(f"> {prose(notice)}" for notice in view.notices),
        "## Verdicts",
        *(part for verdict in view.verdicts for part in _verdict(verdict)),
        _facts(view.facts),
        "## What to fix",
        prose(view.nothing_to_fix),
        prose(view.to_fix),
        *(part for section in view.fixes for part in _section(section)),
        "## Capabilities",
        _capabilities(view),
        *_beside(view),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def summary(view: ReportView, changes: Iterable[str] = ()) -> str:
    """Return the little that the summary page of a CI job needs: the verdict, the counts, what to fix.

    ``changes`` says line by line how the run compares with an earlier one.
    """
    counts = ", ".join(f"{entry.deciding + entry.beside:,} {entry.outcome.word.lower()}" for entry in view.legend)
    told = [f"- {prose(item)}" for item in changes]
    parts = [
        f"## {prose(view.title)}: {view.verdicts[0].word}",
        prose(view.subtitle),
        f"> **{prose(view.label)}**" if view.label else "",
        *(f"> {prose(notice)}" for notice in view.notices),
        f"{prose(view.verdicts[0].figure)}. {prose(view.verdicts[0].meaning)}",
        "\n".join(f"- {prose(reason)}" for reason in view.verdicts[0].reasons),
        f"All tests: {counts}." if counts else "",
        "### Compared with the baseline" if told else "",
        "\n".join(told[:_MOST_CHANGES]),
        f"And {len(told) - _MOST_CHANGES:,} more." if len(told) > _MOST_CHANGES else "",
        prose(view.to_fix),
        *(part for section in view.fixes for part in _section(section)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n\n"


def prose(text: str) -> str:
    """Escape a text for running Markdown, on one line: nothing in it is markup, and no address links itself."""
    flat = _SPECIAL.sub(r"\\\1", line(text, _LONG))
    flat = flat.replace("://", "&#58;//").replace("@", "&#64;")
    flat = re.sub(r"(?i)www\.", lambda found: found[0][:3] + "&#46;", flat)
    # A text that opens a line could be read as a list, a heading, a rule or a fence.
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", re.sub(r"^([-+=])", r"\\\1", flat))


def code(text: str) -> str:
    """Put a text into a code span, on one line. Its fence is longer than any run of backticks inside."""
    flat = line(text, _LONG)
    if not flat:
        return "(empty)"
    fence = "`" * (max((len(run) for run in re.findall(r"`+", flat)), default=0) + 1)
    pad = " " if "`" in (flat[0], flat[-1]) else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(entries) + " |" for entries in lines)


def _verdict(verdict: VerdictView) -> Iterator[str]:
    yield f"### {verdict.subject}: {verdict.word}"
    yield f"{prose(verdict.figure)}. {prose(verdict.meaning)}"
    yield "\n".join(f"- {prose(reason)}" for reason in verdict.reasons)


def _facts(facts: Iterable[Fact]) -> str:
    rows = []
    for fact in facts:
        value = prose(fact.value)
        rows.append([fact.term, f"{value} ({prose(fact.note)})" if fact.note else value])
    return _table(["Fact", "Value"], rows)


def _section(section: FixSection) -> Iterator[str]:
    yield f"### {section.title}"
    yield f"{section.about} {section.advice}"
    for group in section.groups:
        yield from _group(group)


def _group(group: FixGroup) -> Iterator[str]:
    effect = f", {group.effect}" if group.effect else ""
    yield f"#### {prose(group.title)}"
    yield f"{group.count}{effect}."
    seen = list(_evidence(group.sample))
    if seen:
        yield "\n".join(seen)
    tests = []
    for test in group.tests[:_MOST_TESTS]:
        notes = [test.brief if len(group.tests) > 1 else "", "" if test.decides else test.standing]
        shown = "; ".join(prose(note) for note in notes if note)
        tests.append(f"- {code(test.name)}{f' ({shown})' if shown else ''}")
    if len(group.tests) > _MOST_TESTS:
        tests.append(f"- and {len(group.tests) - _MOST_TESTS:,} more")
    yield "Tests:\n\n" + "\n".join(tests)


def _evidence(seen: Evidence) -> Iterator[str]:
    if seen.message:
        yield f"- {prose(seen.message)}"
    values = {
        f"Expected{f' ({prose(seen.place)})' if seen.place else ''}": seen.expected,
        "Actual": seen.actual,
        "Request": seen.request,
        "Request id": seen.request_id,
        "Repeat it": seen.curl,
    }
    for term, value in values.items():
        if value:
            yield f"- {term}: {code(value)}"
    if seen.link:
        yield f"- API reference: {code(seen.link)}"
    elif seen.reference:
        yield f"- API reference: {prose(seen.reference)}"


def _latency(item: LatencyView) -> list[str]:
    return [prose(item.operation), f"{item.count:,}", f"{item.p50:,} ms", f"{item.p90:,} ms", f"{item.p99:,} ms"]


def _capabilities(view: ReportView) -> str:
    if not view.capabilities:
        return "No capability was scored."
    rows = [
        [prose(item.name), item.standing, item.verdict, item.passed, prose(item.others) or "none"]
        for item in view.capabilities
    ]
    return _table(["Capability", "Status", "Verdict", "Passed", "Others"], rows)


def _beside(view: ReportView) -> Iterator[str]:
    if view.findings:
        yield "## Findings"
        yield "These decide nothing."
    for section in view.findings:
        yield f"### {section.title}"
        yield section.about
        yield "\n".join(
            f"- {prose(item.message)}{f' ({code(item.test)})' if item.test else ''}" for item in section.findings
        )
    for title, facts in (("## System under test", view.system), ("## Declarations", view.declarations)):
        if facts:
            yield title
            yield "\n".join(
                f"- {prose(fact.term)}: {prose(fact.value)}{f' ({prose(fact.note)})' if fact.note else ''}"
                for fact in facts
            )
    if view.latencies:
        yield "## Latency"
        yield f"{LATENCY} No signed report has these figures."
        head = ["Operation", "Answers", "p50", "p90", "p99"]
        yield _table(head, [_latency(item) for item in view.latencies])
    if view.notes:
        yield "## Notes of the run"
        yield "\n".join(f"- {prose(note)}" for note in view.notes)
