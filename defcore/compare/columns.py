"""Makes columns: of a run record, of a report that was verified, of a bundle that was judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from defcore.attest import statement as st
from defcore.attest.public import PublicStatement
from defcore.compare.model import CapabilityCell, Cell, Column, Cost, Fact, Figures, Kind, Ruler
from defcore.run.record import Outcome
from defcore.score import Interop, Mark
from defcore.score.match import Matcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.attest.judge import Judgement
    from defcore.attest.verify import Verification
    from defcore.guideline.model import Guideline
    from defcore.run.latency import Latency
    from defcore.run.record import RunRecord, TestResult
    from defcore.score import Scorecard
    from defcore.score.product import Product

_PUBLIC = "a public report: it tells of passes only, so what is not in it is not shown, and may be anything"


def of_run(
    record: RunRecord,
    *,
    guideline: Guideline | None = None,
    card: Scorecard | None = None,
    latencies: Sequence[Latency] = (),
) -> Column:
    """Make a column of a run. With the ``guideline``, results that know only names are found by it, as for a score.

    ``card`` is the run's scorecard under it, ``latencies`` what its evidence tells: for its owner's eyes.
    """
    cloud, engine = record.cloud, record.engine
    place = "/".join(filter(None, (cloud.name, cloud.region)))
    ids = _canonical(guideline, record) if guideline else {}
    timed = record.source is None or record.source.timed
    return Column(
        title=place,
        kind=Kind.RUN,
        subject=f"cloud {place}",
        moment=record.started,
        engine=f"{engine.name} {engine.version}",
        suite=engine.suite_digest,
        results={ids.get(item.id, item.id): _cell(item, timed=timed) for item in record.results},
        ruler=_ruler(card) if card else None,
        figures=_figures(card) if card else None,
        interop=card.interop if card else None,
        mark=None,
        capabilities=_capabilities(card, public=False) if card else None,
        facts=tuple(_run_facts(record, card)),
        notes=tuple(_notes(record)),
        cost=_cost(record) if timed else None,
        latencies=tuple(latencies),
    )


def of_report(found: Verification) -> Column:
    """Make a column of a signed report that holds (``defcore.attest.verify``), full or public."""
    claim, card, public = found.statement.predicate, found.card, found.public
    product = claim.product
    return Column(
        title=f"{product.vendor} {product.product} {product.version}",
        kind=Kind.PUBLIC if public else Kind.REPORT,
        subject=f"{product.vendor}/{product.product}",
        moment=claim.run.started,
        engine=f"{claim.runner.name} {claim.runner.version}",
        suite=claim.runner.suite_digest,
        results=_reported(found),
        ruler=_ruler(card),
        figures=_figures(card),
        interop=None if public and card.interop is not Interop.PASS else card.interop,
        mark=None if public and found.mark is not Mark.ELIGIBLE else found.mark,
        digest=found.digest,
        capabilities=_capabilities(card, public=public),
        facts=(*_product_facts(product), *_claim_facts(claim, card)),
        notes=(*([_PUBLIC] if public else []), *_notes(st.run_of(claim))),
    )


def of_judgement(judgement: Judgement) -> Column:
    """Make a column of a bundle that holds (``defcore.attest.judge``): its report, and where the product stands."""
    return replace(of_report(judgement.report), standing=judgement.status.value)


def _canonical(guideline: Guideline, record: RunRecord) -> dict[str, str]:
    """Map the stand-in id of a result that knows only its name to the id that the guideline has for that name."""
    matcher = Matcher(record)
    found: dict[str, str] = {}
    for test in st.guideline_tests(guideline):
        match = matcher.find(test)
        if match is not None and match[1] != "id":
            found.setdefault(match[0].id, test.id)
    return found


def _cell(result: TestResult, *, timed: bool) -> Cell:
    tried = result.attempts if timed else ()
    return Cell(
        name=result.name,
        outcome=result.outcome,
        implementation=result.implementation,
        revision=result.revision,
        reason=_reason(result),
        seconds=sum(item.seconds for item in tried) if tried else None,
        requests=sum(item.requests for item in tried) if tried else None,
    )


def _reason(result: TestResult) -> str:
    if result.outcome is Outcome.PASSED:
        return ""
    attempt = next((item for item in result.attempts if item.outcome is result.outcome), None)
    failure = attempt.failure if attempt else None
    return result.reason or (failure.message if failure else "") or (attempt.reason if attempt else None) or ""


def _reported(found: Verification) -> dict[str, Cell]:
    if isinstance(found.statement, PublicStatement):
        passed = found.statement.predicate.passed
        return {item.id: Cell(item.name, Outcome.PASSED, item.implementation, item.revision) for item in passed}
    # What was not in the run has no outcome of its own: the report only says that it leaves out nothing.
    results = [item for item in found.statement.predicate.results if item.matched is not None]
    return {
        item.id: Cell(item.name, item.outcome, item.implementation, item.revision, item.reason or "")
        for item in results
    }


def _ruler(card: Scorecard) -> Ruler:
    return Ruler(card.guideline, card.guideline_digest, card.guideline_status, card.program)


def _figures(card: Scorecard) -> Figures:
    counts = card.tests
    return Figures(counts.required, counts.passed, counts.failed + counts.skipped + counts.unsupported)


def _capabilities(card: Scorecard, *, public: bool) -> dict[str, CapabilityCell]:
    found = {}
    for item in card.capabilities:
        deciding = [test for test in item.tests if not test.flagged]
        found[item.name] = CapabilityCell(
            state=item.status,
            verdict=None if public and item.verdict is not Interop.PASS else item.verdict,
            passed=sum(test.outcome is Outcome.PASSED for test in deciding),
            tests=tuple(test.id for test in deciding),
        )
    return found


def _product_facts(product: Product) -> Iterator[Fact]:
    for name in ("vendor", "product", "version", "release"):
        yield Fact("product", name, getattr(product, name))
    if product.regions:
        yield Fact("product", "regions", ", ".join(product.regions))
    for name, value in product.configuration.items():
        yield Fact("configuration", name, value)
    for item in product.declarations:
        comment = f": {item.comment}" if item.comment else ""
        yield Fact("declarations", item.section, f"{item.containment.value}{comment}")


def _claim_facts(claim: st.Claim, card: Scorecard) -> Iterator[Fact]:
    yield from _ruler_facts(card)
    yield Fact("run", "began", claim.run.started)
    yield Fact("run", "tests", claim.runner.suite_digest or "not ours")
    yield Fact("run", "services", ", ".join(sorted(claim.target.endpoints)))


def _run_facts(record: RunRecord, card: Scorecard | None) -> Iterator[Fact]:
    if card:
        yield from _ruler_facts(card)
    yield Fact("run", "id", record.id)
    yield Fact("run", "began", record.started)
    yield Fact("run", "engine", f"{record.engine.name} {record.engine.version}")
    yield Fact("run", "tests", record.engine.suite_digest or "not ours")
    yield Fact("run", "identity", record.cloud.auth_url)
    yield Fact("run", "services", ", ".join(sorted(record.cloud.catalogue)))


def _ruler_facts(card: Scorecard) -> Iterator[Fact]:
    yield Fact("run", "guideline", f"{card.guideline} ({card.guideline_status})")
    yield Fact("run", "guideline's sha256", card.guideline_digest)
    yield Fact("run", "program", card.program)


def _notes(record: RunRecord) -> Iterator[str]:
    if record.source:
        yield f"its results were read from {record.source.format}, not seen by defcore"
        yield from (f"it does not tell {item}" for item in record.source.lacks)
    if record.void:
        yield f"it is no result: {record.void}"
    if record.partial:
        yield f"it is of a subset of the tests only: {record.selection or 'it does not say which'}"
    if not record.complete:
        yield "it was cut off before its end"


def _cost(record: RunRecord) -> Cost:
    attempts = [attempt for result in record.results for attempt in result.attempts]
    wall = None
    if record.ended:
        wall = (datetime.fromisoformat(record.ended) - datetime.fromisoformat(record.started)).total_seconds()
    return Cost(wall, sum(item.seconds for item in attempts), sum(item.requests for item in attempts))
