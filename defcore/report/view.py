"""Turns facts into a report: every grouping and every wording of what a value means happens here and below."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from defcore import __version__
from defcore.guideline.model import State
from defcore.report import words
from defcore.report.fixes import fix_sections, nothing_to_fix, to_fix
from defcore.report.model import (
    CapabilityView,
    Fact,
    FindingSection,
    FindingView,
    LatencyView,
    LegendEntry,
    ReportView,
    VerdictView,
)
from defcore.report.results import capability_anchor, test_views
from defcore.report.words import clean, line, plural, sentence
from defcore.run.record import Outcome
from defcore.score.product import Containment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.report.model import TestView
    from defcore.run.latency import Latency
    from defcore.run.record import RunRecord
    from defcore.score.model import CapabilityScore, Scorecard
    from defcore.score.product import Product

_CONTAINMENT = {
    Containment.CONTAINED: "contains the upstream code",
    Containment.MODIFIED: "contains the upstream code, modified",
    Containment.ABSENT: "does not contain the upstream code",
}


def build_view(
    card: Scorecard,
    run: RunRecord,
    product: Product | None,
    generated_at: str,
    latencies: Iterable[Latency] = (),
) -> ReportView:
    """Say everything that a report on ``run`` says, as scored in ``card``.

    ``generated_at`` is a moment in UTC (RFC 3339); the caller reads the clock. Without ``product`` the cloud gives
    the report its name. ``latencies`` are for the owner of the cloud: no signed report has them. Pure: the same inputs
    give the same report.
    """
    by_id = test_views(card.capabilities, run)
    tests = tuple(by_id.values())
    fixes = fix_sections(tests)
    return ReportView(
        card=card,
        run=run,
        product=product,
        generated_at=generated_at,
        version=__version__,
        title=_title(run, product),
        subtitle=f"{line(card.program_name)} · guideline {line(card.guideline)}",
        label=line(card.label, 1000),
        notices=_notices(card, run),
        verdicts=(_interop(card), _mark(card)),
        facts=_facts(card, run, product, generated_at),
        system=_system(product),
        declarations=_declarations(product),
        fixes=fixes,
        nothing_to_fix=nothing_to_fix(card, fixes),
        to_fix=to_fix(fixes),
        legend=_legend(tests),
        capabilities=tuple(_capability(number, item, by_id) for number, item in enumerate(card.capabilities, 1)),
        tests=tests,
        findings=_findings(card, tests),
        notes=tuple(clean(note) for note in run.notes),
        latencies=tuple(
            LatencyView(line(item.operation), item.count, item.p50, item.p90, item.p99) for item in latencies
        ),
    )


def _title(run: RunRecord, product: Product | None) -> str:
    if product is None:
        return f"Cloud {line(run.cloud.name)}"
    return f"{line(product.product)} {line(product.version)}"


def _notices(card: Scorecard, run: RunRecord) -> tuple[str, ...]:
    """Warn of what limits the result, unless the verdict's reasons say it already."""
    said = {reason.code for reason in card.reasons}
    found = []
    if run.source:
        found += [
            f"Imported from {line(run.source.format)} ({line(run.source.file)}): defcore did not run these tests.",
            f"The file does not tell: {'; '.join(map(line, run.source.lacks))}.",
        ]
    if run.partial and "partial-run" not in said:
        found.append(
            sentence(f"This run covers only a part of the tests: {line(run.selection) or 'which part is not recorded'}")
        )
    if not run.complete and "incomplete-run" not in said:
        found.append("This run was cut off before its end; what is missing was not tested.")
    return tuple(found)


def _reasons(card: Scorecard, about: str) -> tuple[str, ...]:
    return tuple(sentence(item.message) for item in card.reasons if item.about == about and item.message.strip())


def _interop(card: Scorecard) -> VerdictView:
    return VerdictView(
        key="interop",
        subject="Interoperability",
        value=card.interop.value,
        word=words.INTEROP_WORDS[card.interop],
        tone=words.INTEROP_TONES[card.interop],
        figure=words.figure(card.tests),
        meaning=words.interop_meaning(card),
        reasons=_reasons(card, "interop"),
    )


def _mark(card: Scorecard) -> VerdictView:
    missing = ("The scorecard names no reason; score the run again to learn it.",)
    return VerdictView(
        key="mark",
        subject="Mark",
        value=card.mark.value,
        word=words.MARK_WORDS[card.mark],
        tone=words.MARK_TONES[card.mark],
        figure="Not granted by this report",
        meaning=words.mark_meaning(card),
        reasons=_reasons(card, "mark") or missing,
    )


def _facts(card: Scorecard, run: RunRecord, product: Product | None, generated_at: str) -> tuple[Fact, ...]:
    level, vouching = words.level(card.level)
    found = [
        Fact("Guideline", f"{line(card.guideline)} ({line(card.guideline_status)})"),
        Fact("Program", line(card.program_name), line(card.program)),
        Fact("Authority", line(card.authority)),
        Fact("Mark", line(card.mark_name)),
        Fact("Assurance level", level, vouching),
    ]
    if product:
        regions = ", ".join(line(region) for region in product.regions)
        found += [
            Fact("Product", f"{line(product.product)} {line(product.version)}", f"release {line(product.release)}"),
            Fact("Vendor", line(product.vendor), f"regions: {regions}" if regions else ""),
        ]
    region = f"region {line(run.cloud.region)}" if run.cloud.region else ""
    found += [
        Fact("Cloud", line(run.cloud.name), region),
        Fact("Scored for", line(card.date), f"report made {words.moment(line(generated_at))}"),
        _run_fact(run),
        *([Fact("Identity endpoint", line(run.cloud.auth_url, 1000), code=True)] if run.cloud.auth_url else []),
        Fact("Run id", line(run.id), code=True),
        *([Fact("Imported file (sha256)", run.source.digest, code=True)] if run.source else []),
        Fact("Guideline digest (sha256)", line(card.guideline_digest), code=True),
    ]
    if run.engine.suite_digest:
        found.append(Fact("Suite digest (sha256)", run.engine.suite_digest, code=True))
    return tuple(found)


def _run_fact(run: RunRecord) -> Fact:
    name, version = line(run.engine.name), line(run.engine.version)
    span = words.span(run.started, run.ended)
    if run.source is None:
        return Fact("Run", span, f"by engine {name} {version}")
    if run.source.timed:
        return Fact("Run", span, f"imported; tests: {name}, version {version}")
    return Fact("Run", "not known when", f"imported {words.moment(run.started)}; tests: {name}, version {version}")


def _system(product: Product | None) -> tuple[Fact, ...]:
    """Show the system under test in the vendor's words (process C4.5)."""
    if product is None:
        return ()
    return tuple(Fact(line(term), clean(value)) for term, value in product.configuration.items())


def _declarations(product: Product | None) -> tuple[Fact, ...]:
    if product is None:
        return ()
    return tuple(
        Fact(line(item.section), _CONTAINMENT[item.containment], clean(item.comment)) for item in product.declarations
    )


def _legend(tests: Sequence[TestView]) -> tuple[LegendEntry, ...]:
    counts = Counter((test.kind, test.decides) for test in tests)
    return tuple(
        LegendEntry(view, counts[kind, True], counts[kind, False])
        for kind, view in words.OUTCOMES.items()
        if counts[kind, True] or counts[kind, False]
    )


def _capability(number: int, item: CapabilityScore, tests: dict[str, TestView]) -> CapabilityView:
    found = tuple(tests[key] for key in dict.fromkeys(test.id for test in item.tests))
    outcomes = Counter(test.kind for test in found)
    others = [
        f"{outcomes[kind]} {shown.word.lower()}"
        for kind, shown in words.OUTCOMES.items()
        if outcomes[kind] and kind is not Outcome.PASSED
    ]
    flagged = sum(test.flagged for test in item.tests)
    if flagged:
        others.append(f"{flagged} flagged" if flagged < len(item.tests) else "all flagged")
    return CapabilityView(
        anchor=capability_anchor(number),
        name=line(item.name),
        description=clean(item.description),
        status=item.status.value,
        verdict=words.INTEROP_WORDS[item.verdict],
        tone=words.INTEROP_TONES[item.verdict],
        decides=item.status is State.REQUIRED and flagged < len(item.tests),
        standing=words.STATES[item.status],
        passed=f"{outcomes[Outcome.PASSED]} of {len(found)}",
        others=", ".join(others),
        tests=found,
    )


def _findings(card: Scorecard, tests: Iterable[TestView]) -> tuple[FindingSection, ...]:
    found = [finding for test in tests for finding in test.findings]
    found += [FindingView(sentence(message), "score") for message in card.findings if message.strip()]
    sections = []
    for kind, (title, about) in words.FINDINGS.items():
        chosen = tuple(item for item in found if item.kind == kind)
        if chosen:
            sections.append(FindingSection(f"{title} ({plural(len(chosen), 'finding')})", about, chosen))
    return tuple(sections)
