"""What goes over the wire: the shapes of ``/api/v1``, from which its OpenAPI document is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from defcore.attest.canonical import printable
from defcore.registry.rules import RULES
from defcore.registry.site.facts import Signer, passed_tests
from defcore.registry.site.rows import INDEX
from defcore.registry.take import MAX_FILES
from defcore.registry.words import todo
from defcore.run.record import Digest, Stamp, TestId, Wire

if TYPE_CHECKING:
    from defcore.registry.serve.desk import Outcome
    from defcore.registry.site.model import Product
    from defcore.registry.site.model import Report as Shown

LONGEST = 200
"""Characters of one finding: some name every key that is known."""
MOST, USUAL = 200, 50
"""Reports on one page of a list."""


class SubmittedFile(Wire):
    """A file as it was written: signed files are UTF-8, so their text is their bytes. The name is for people only."""

    name: str = Field(max_length=1000)
    content: str


class Submission(Wire):
    """Files of any kind and in any order. ``dry_run``: judge, and store nothing."""

    files: tuple[SubmittedFile, ...] = Field(min_length=1, max_length=MAX_FILES)
    dry_run: bool = False
    publish_full: bool = False


class Found(Wire):
    """A rule that is not kept: where, in which way, what it asks, what to do."""

    rule: str
    severity: Literal["refuse", "hold", "note"]
    where: str
    what: str
    asks: str
    todo: str


class Item(Wire):
    """What became of one report, or of the acts. ``receipt`` is the signed file, as text; ``page`` is its address.

    ``subject`` is the product by the report's own words: files of many reports may have one name.
    """

    files: tuple[str, ...]
    subject: str | None
    standing: Literal["admitted", "held back", "refused"]
    digest: Digest | None
    place: str | None
    page: str | None
    there: bool
    acts: tuple[Digest, ...]
    findings: tuple[Found, ...]
    receipt: str | None


class Result(Wire):
    """What became of a submission, item by item. ``stored`` counts those that are kept now, or were before."""

    dry_run: bool
    stored: int
    items: tuple[Item, ...]


class Problem(Wire):
    """What is wrong (RFC 9457). ``items`` are those of a submission in which all were refused."""

    type: str
    title: str
    status: int
    detail: str
    items: tuple[Item, ...] = ()


class Status(Wire):
    """Where one submitted report stands. ``page`` is there once it is shown."""

    digest: Digest
    standing: Literal["admitted", "held back"]
    place: str
    page: str | None
    receipt: str | None


class Report(Wire):
    """One report as it is shown: see ``docs/registry.md`` for the fields."""

    digest: Digest
    public_digest: Digest
    place: str
    vendor: str
    product: str
    version: str
    release: str
    program: str
    guideline: str
    guideline_digest: Digest
    issued_at: Stamp
    level: str
    status: str
    until: str
    over: bool
    current: bool
    interop_shown: bool
    required: int
    passed: int
    capabilities: tuple[str, ...]
    page: str
    file: str


class ReportDetail(Report):
    """One report with its passed tests, and what its vendor says."""

    run: str
    started: Stamp
    ended: Stamp
    runner: str
    suite: Digest | None
    tests: tuple[TestId, ...]
    configuration: dict[str, str]
    declarations: tuple[tuple[str, str, str], ...]
    signers: tuple[Signer, ...]


class Reports(Wire):
    """A page of reports, newest first; ``next`` is the address of the one after it."""

    total: int
    items: tuple[Report, ...]
    next: str | None


class Info(Wire):
    """What this registry is: ``trust`` is the pin of its authority, ``receipts`` the key that signs receipts."""

    title: str
    about: str
    trust: Digest
    receipts: str
    reports: int
    fresh_days: int
    max_body: int
    max_files: int


class Health(Wire):
    """The server answers, and its folder can be read."""

    status: Literal["ok"]
    reports: int
    version: str


def item_of(outcome: Outcome, days: int) -> Item:
    """Word what became of an item. ``days``: within which a report is to be submitted."""
    entry = outcome.entry
    shown = entry is not None and outcome.standing == "admitted" and outcome.receipt is not None
    return Item(
        files=outcome.files,
        subject=printable(f"{entry.vendor} {entry.product} {entry.version}")[:400] if entry else None,
        standing=outcome.standing,
        digest=entry.digest if entry else None,
        place=entry.place if entry else None,
        page=f"products/{entry.place}/{INDEX}" if entry and shown else None,
        there=outcome.there,
        acts=outcome.acts,
        findings=tuple(
            Found(
                rule=item.rule,
                severity=item.severity.value,
                where=item.where,
                what=item.what if len(item.what) <= LONGEST else f"{item.what[:LONGEST]}…",
                asks=RULES[item.rule].asks,
                todo=todo(item.rule, days),
            )
            for item in outcome.findings
        ),
        receipt=outcome.receipt.decode() if outcome.receipt else None,
    )


def report_of(product: Product, report: Shown) -> Report:
    """Word a report for a list."""
    return Report.model_validate(_fields(product, report))


def detail_of(product: Product, report: Shown) -> ReportDetail:
    """Word all that is shown of a report."""
    facts = report.facts
    passed = passed_tests(facts, report.source.guideline)
    more = {
        "run": facts.run,
        "started": facts.started,
        "ended": facts.ended,
        "runner": facts.runner,
        "suite": facts.suite,
        "tests": tuple(sorted(passed)),
        "configuration": dict(facts.configuration),
        "declarations": facts.declarations,
        "signers": facts.signers,
    }
    return ReportDetail.model_validate(_fields(product, report) | more)


def _fields(product: Product, report: Shown) -> dict[str, object]:
    facts, standing = report.facts, report.standing
    same = (
        "digest public_digest place vendor product version release program guideline guideline_digest issued_at level"
        " required passed"
    )
    return {name: getattr(facts, name) for name in same.split()} | {
        "status": standing.status.value,
        "until": standing.until,
        "over": standing.over,
        "current": report in product.current,
        "interop_shown": facts.interop,
        "capabilities": tuple(sorted(report.shown)),
        "page": f"{report.path}/{INDEX}",
        "file": f"{report.path}/report.public.dsse.json",
    }
