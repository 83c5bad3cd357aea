"""A report as every renderer sees it: plain frozen values, already worded, cleaned and grouped.

Nothing here has to be judged again: a renderer escapes for its format and lays out, no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.run.record import Outcome, RunRecord
    from defcore.score.model import Scorecard
    from defcore.score.product import Product


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what the report is about. ``code`` marks a value that is read character by character."""

    term: str
    value: str
    note: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One of the two verdicts. ``tone`` is ``good``, ``bad``, ``open`` (undecided) or ``hold`` (good, not granted)."""

    key: str
    subject: str
    value: str
    word: str
    tone: str
    figure: str
    meaning: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """An outcome in words. ``key`` names its colour, shape and class; ``mark`` is its one letter."""

    key: str
    word: str
    mark: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen when a test did not pass; every field may be empty. ``link`` is http(s) or empty."""

    message: str = ""
    expected: str = ""
    actual: str = ""
    place: str = ""
    stage: str = ""
    request: str = ""
    request_id: str = ""
    curl: str = ""
    reference: str = ""
    link: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One go at a test. ``seconds`` is a figure with its unit; ``note`` says what came of it."""

    number: int
    outcome: OutcomeView
    started: str
    seconds: str
    requests: int
    retries: int
    note: str


@dataclass(frozen=True, slots=True)
class TestView:
    """One test, once. ``home`` is the anchor of the capability it is described under, ``also`` names the others.

    ``decides`` is false for flagged tests and those of capabilities that are not required;
    ``standing`` says so in words; ``brief`` is expected and actual in one line;
    ``reason`` is empty when the evidence's message says the same. ``effect`` is what the test does to
    the verdict: ``none``, ``fail`` or ``untested``.
    """

    __test__ = False

    anchor: str
    id: str
    name: str
    title: str
    outcome: OutcomeView
    kind: Outcome
    decides: bool
    effect: str
    standing: str
    home: str
    home_name: str
    also: tuple[str, ...]
    matched: str
    reason: str
    cause: str
    brief: str
    evidence: Evidence
    attempts: tuple[AttemptView, ...]
    seconds: float
    duration: str
    findings: tuple[FindingView, ...]
    flaky: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something worth knowing that decides nothing, and the test that it came from (or none)."""

    message: str
    kind: str
    test: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class FindingSection:
    """Findings of one kind."""

    title: str
    about: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class FixGroup:
    """Tests that did not pass for one reason. ``count`` and ``effect`` are phrases; ``sample`` is the telling case."""

    title: str
    count: str
    effect: str
    decides: bool
    sample: Evidence
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class FixSection:
    """One sort of thing to do: ``key`` is failed, error, unsupported, skipped, not_run or flaky."""

    key: str
    title: str
    about: str
    advice: str
    groups: tuple[FixGroup, ...]


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """One capability. ``passed`` is a phrase like ``3 of 4``; ``others`` counts the rest in words."""

    anchor: str
    name: str
    description: str
    status: str
    verdict: str
    tone: str
    decides: bool
    standing: str
    passed: str
    others: str
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One outcome that occurs, and how often: among the tests that decide, and among the others."""

    outcome: OutcomeView
    deciding: int
    beside: int


@dataclass(frozen=True, slots=True)
class LatencyView:
    """How long the answers to one operation took; the percentiles are milliseconds."""

    operation: str
    count: int
    p50: int
    p90: int
    p99: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything that a report says. ``card``, ``run`` and ``product`` are the facts as they came, for machines."""

    card: Scorecard
    run: RunRecord
    product: Product | None
    generated_at: str
    version: str
    title: str
    subtitle: str
    label: str
    notices: tuple[str, ...]
    verdicts: tuple[VerdictView, ...]
    facts: tuple[Fact, ...]
    system: tuple[Fact, ...]
    declarations: tuple[Fact, ...]
    fixes: tuple[FixSection, ...]
    nothing_to_fix: str
    to_fix: str
    legend: tuple[LegendEntry, ...]
    capabilities: tuple[CapabilityView, ...]
    tests: tuple[TestView, ...]
    findings: tuple[FindingSection, ...]
    notes: tuple[str, ...]
    latencies: tuple[LatencyView, ...] = ()
