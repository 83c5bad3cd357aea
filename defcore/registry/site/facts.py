"""What is kept of one admitted report: plain, small, from its public report alone, so that it may be shown whole.

Tests and capabilities are bits, in the order of the guideline: ten thousand reports have to fit in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.attest import statement as st
from defcore.attest.public import PublicPredicate
from defcore.registry.model import Entry
from defcore.run.record import Digest, Stamp, TestId, Wire
from defcore.score import Interop, Mark, program_tests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.judge import Judgement
    from defcore.guideline.model import Capability, Guideline, State
    from defcore.registry.model import Verdict
    from defcore.score.product import Product


class Signer(Wire):
    """By which grant a key signed."""

    party: str
    role: str
    keyid: str


class Facts(Wire):
    """One report as the pages know it.

    ``digest`` is the sha256 of the full report, ``public_digest`` that of the file that is shown. ``interop`` and
    ``mark``: the passes alone show a pass, and that the product may carry the mark. ``required`` tests decide, and
    ``passed`` of them are shown. ``tests`` are bits (hex, the first test of the guideline the highest bit of the first
    digit), ``capabilities`` those of the program that the passes show. ``full``: the full report was looked at.
    """

    place: str
    digest: Digest
    public_digest: Digest
    vendor: str
    product: str
    version: str
    release: str
    regions: tuple[str, ...]
    guideline: str
    guideline_digest: Digest
    program: str
    run: str
    target: Digest
    suite: Digest | None
    runner: str
    issued_at: Stamp
    started: Stamp
    ended: Stamp
    level: str
    interop: bool
    mark: bool
    required: int
    passed: int
    tests: str
    capabilities: str
    configuration: tuple[tuple[str, str], ...]
    declarations: tuple[tuple[str, str, str], ...]
    services: tuple[str, ...]
    signers: tuple[Signer, ...]
    full: bool


def of_verdict(verdict: Verdict) -> Facts | None:
    """Take the facts from a submission that was judged; None when it is not to be shown."""
    found, entry = verdict.public, verdict.entry
    if verdict.refused or verdict.held or found is None or entry is None:
        return None
    claim = found.report.statement.predicate
    if not isinstance(claim, PublicPredicate):
        return None
    return _facts(found, entry, claim, claim.product, full=verdict.full is not None)


def _facts(found: Judgement, entry: Entry, claim: PublicPredicate, product: Product, *, full: bool) -> Facts:
    guideline, card = found.report.source.guideline, found.card
    passed = {item.id for item in claim.passed}
    shown = {item.name for item in card.capabilities if item.verdict is Interop.PASS}
    return Facts(
        place=entry.place,
        digest=found.report.full_digest,
        public_digest=found.report.digest,
        vendor=product.vendor,
        product=product.product,
        version=product.version,
        release=product.release,
        regions=product.regions,
        guideline=claim.guideline.id,
        guideline_digest=claim.guideline.digest,
        program=card.program,
        run=claim.run.id,
        target=entry.target,
        suite=claim.runner.suite_digest,
        runner=f"{claim.runner.name} {claim.runner.version}",
        issued_at=claim.issued_at,
        started=claim.run.started,
        ended=claim.run.ended or claim.run.started,
        level=card.level,
        interop=card.interop is Interop.PASS,
        mark=card.mark is Mark.ELIGIBLE,
        required=card.tests.required,
        passed=card.tests.passed,
        tests=bits([item.id in passed for item in st.guideline_tests(guideline)]),
        capabilities=bits([item.name in shown for item, _ in capabilities(guideline, card.program)]),
        configuration=tuple(product.configuration.items()),
        declarations=tuple((item.section, item.containment.value, item.comment) for item in product.declarations),
        services=tuple(sorted(claim.target.endpoints)),
        signers=tuple(Signer(party=item.party, role=item.role.value, keyid=item.keyid) for item in found.signers),
        full=full,
    )


def entry_of(facts: Facts) -> Entry:
    """Return the entry that a report is in the registry."""
    return Entry(
        place=facts.place,
        digest=facts.digest,
        vendor=facts.vendor,
        product=facts.product,
        version=facts.version,
        guideline=facts.guideline,
        guideline_digest=facts.guideline_digest,
        program=facts.program,
        run=f"{facts.run} {facts.started}",
        target=facts.target,
    )


def capabilities(guideline: Guideline, program: str) -> tuple[tuple[Capability, State], ...]:
    """Return the capabilities of a program in the order of the bits."""
    found = guideline.program(program)
    return program_tests(guideline, found) if found else ()


def passed_tests(facts: Facts, guideline: Guideline) -> frozenset[TestId]:
    """Return the ids of the tests that a report shows as passed."""
    tests = st.guideline_tests(guideline)
    return frozenset(item.id for item, bit in zip(tests, unbits(facts.tests, len(tests)), strict=True) if bit)


def shown_capabilities(facts: Facts, guideline: Guideline) -> frozenset[str]:
    """Return the names of the capabilities that a report shows."""
    held = capabilities(guideline, facts.program)
    found = unbits(facts.capabilities, len(held))
    return frozenset(item.name for (item, _), bit in zip(held, found, strict=True) if bit)


def bits(flags: Sequence[bool]) -> str:
    """Write flags as hex digits, four a digit, filled up with zeros at the end."""
    width = -(-len(flags) // 4)
    number = 0
    for flag in flags:
        number = number << 1 | flag
    return f"{number << (4 * width - len(flags)):0{width}x}" if width else ""


def unbits(text: str, count: int) -> list[bool]:
    """Read what ``bits`` wrote."""
    number = int(text or "0", 16) >> (4 * len(text) - count)
    return [bool(number >> place & 1) for place in range(count - 1, -1, -1)]
