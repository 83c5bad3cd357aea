"""Joins each test of the guideline with what the run knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.model import State
from defcore.report.model import AttemptView, Evidence, FindingView, TestView
from defcore.report.words import (
    EFFECTS,
    LIMIT,
    MATCHES,
    OUTCOMES,
    STATES,
    clean,
    duration,
    line,
    link,
    plural,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from defcore.run.record import Attempt, Failure, RunRecord, TestResult
    from defcore.score.model import CapabilityScore, TestScore

    _Place: TypeAlias = tuple[str, CapabilityScore, TestScore]

NO_RESULT = "The run has no result for this test"
NO_CAUSE = "No cause was recorded"
_NAME = 1000


def test_views(capabilities: Sequence[CapabilityScore], run: RunRecord) -> dict[str, TestView]:
    """Describe each test of the scored capabilities once, by id, under the strictest capability that names it."""
    places: dict[str, list[_Place]] = {}
    for number, capability in enumerate(capabilities, 1):
        for test in capability.tests:
            places.setdefault(test.id, []).append((capability_anchor(number), capability, test))
    ids = run.by_id()
    names = {result.name: result for result in run.results}
    views = {}
    for number, (key, found) in enumerate(places.items(), 1):
        test = found[0][2]
        result = None if test.matched is None else ids.get(key) or names.get(test.name)
        views[key] = _view(f"test-{number}", found, result)
    return views


def capability_anchor(number: int) -> str:
    """Name the place of the capability with that number (from 1) within a report."""
    return f"capability-{number}"


def _view(anchor: str, places: list[_Place], result: TestResult | None) -> TestView:
    home, capability, test = min(places, key=lambda place: (place[1].status.rank, place[2].flagged))
    decides = any(item.status is State.REQUIRED and not score.flagged for _, item, score in places)
    attempts = result.attempts if result else ()
    telling = _telling(attempts, test)
    failure = telling.failure if telling else None
    reason = line(test.reason or (result.reason if result else "") or (telling.reason if telling else ""), 1000)
    seconds = sum(attempt.seconds for attempt in attempts)
    flaky = len({attempt.outcome for attempt in attempts}) > 1
    title = line(test.name, _NAME)
    return TestView(
        anchor=anchor,
        id=line(test.id),
        name=title,
        title=_title(title),
        outcome=OUTCOMES[test.outcome],
        kind=test.outcome,
        decides=decides,
        effect=EFFECTS[test.outcome] if decides else "none",
        standing=_standing(capability, test, decides=decides),
        home=home,
        home_name=line(capability.name),
        also=tuple(line(item.name) for anchor, item, _ in places if anchor != home),
        matched=MATCHES.get(test.matched or "", ""),
        reason="" if failure and reason == line(failure.message, 1000) else reason,
        cause=_cause(test, failure, reason),
        brief=_brief(failure),
        evidence=_evidence(failure),
        attempts=tuple(_attempt(number, attempt) for number, attempt in enumerate(attempts, 1)),
        seconds=seconds,
        duration=duration(seconds) if attempts else "",
        findings=_findings(attempts, title, anchor),
        flaky=flaky,
    )


def _title(name: str) -> str:
    """Take the last part of a dotted test name, which is what tells it from its neighbours."""
    head = name.split("[", 1)[0].split("(", 1)[0]
    if " " in head or "." not in head.strip("."):
        return name
    return head.strip(".").rsplit(".", 1)[-1]


def _standing(capability: CapabilityScore, test: TestScore, *, decides: bool) -> str:
    if decides:
        return "required"
    if test.flagged:
        flagged = "flagged, does not decide"
        return flagged if capability.status is State.REQUIRED else f"{flagged}; capability {capability.status.value}"
    return STATES[capability.status]


def _telling(attempts: Sequence[Attempt], test: TestScore) -> Attempt | None:
    """Choose the attempt that explains the outcome: the last of that outcome, rather one with a failure."""
    same = [attempt for attempt in attempts if attempt.outcome is test.outcome]
    explained = [attempt for attempt in same if attempt.failure]
    return next(reversed(explained or same), None)


def _cause(test: TestScore, failure: Failure | None, reason: str) -> str:
    if test.matched is None:
        return NO_RESULT
    return (line(failure.cause, 1000) if failure else "") or reason[:1].upper() + reason[1:] or NO_CAUSE


def _brief(failure: Failure | None) -> str:
    pairs = (("expected", failure.expected), ("actual", failure.actual)) if failure else ()
    return ", ".join(f"{term} {line(value, 80)}" for term, value in pairs if value)


def _evidence(failure: Failure | None) -> Evidence:
    if failure is None:
        return Evidence()
    reference = line(failure.reference, 2000)
    return Evidence(
        message=clean(failure.message),
        expected=clean(failure.expected),
        actual=clean(failure.actual),
        place=line(failure.place),
        stage={"setup": "while setting up", "test": "", "cleanup": "while cleaning up"}[failure.stage],
        request=line(failure.request, 2000),
        request_id=line(failure.request_id),
        curl=clean(failure.curl),
        reference=reference,
        link=link(reference),
        trace=clean(failure.trace, 2 * LIMIT),
    )


def _attempt(number: int, attempt: Attempt) -> AttemptView:
    note = line(attempt.reason or (attempt.failure.message if attempt.failure else ""), 400)
    return AttemptView(
        number,
        OUTCOMES[attempt.outcome],
        attempt.started,
        duration(attempt.seconds),
        attempt.requests,
        attempt.retries,
        note,
    )


def _findings(attempts: Sequence[Attempt], test: str, anchor: str) -> tuple[FindingView, ...]:
    found: dict[tuple[str, str], FindingView] = {}
    for attempt in attempts:
        for item in attempt.findings:
            message = clean(item.message)
            found.setdefault((item.kind, message), FindingView(message, item.kind, test, anchor))
        if attempt.retries:
            message = f"{plural(attempt.retries, 'request')} had to be sent again before an answer came."
            found.setdefault(("flaky", message), FindingView(message, "flaky", test, anchor))
    return tuple(found.values())
