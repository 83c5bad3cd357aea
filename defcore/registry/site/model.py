"""A registry as its pages see it: products with their reports, guidelines, capabilities, where each stands on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from defcore.attest.acts import Act
from defcore.attest.award import Status
from defcore.attest.judge import status_of
from defcore.attest.stamp import read_stamp
from defcore.registry.names import part
from defcore.registry.site.facts import capabilities, shown_capabilities

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.attest.acts import Decision
    from defcore.guideline.model import Capability, GuidelineFile, Program, State
    from defcore.registry.model import Known
    from defcore.registry.site.facts import Facts


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands on a day. ``until`` is the day on which it ends; ``over``: it has.

    ``tone`` is one of the report's own: good, bad, open, hold. ``award`` is the act that decides, if there is one.
    """

    status: Status
    word: str
    tone: str
    until: str
    over: bool
    award: Decision | None = None
    revocation: Decision | None = None


@dataclass(frozen=True)
class Report:
    """One report with what the pages need around it."""

    facts: Facts
    source: GuidelineFile
    program: Program
    standing: Standing

    @property
    def path(self) -> str:
        """Return the folder of its page."""
        return f"products/{self.facts.place}"

    @property
    def day(self) -> str:
        """Return the day of issue."""
        return self.facts.issued_at[:10]

    @property
    def moment(self) -> str:
        """Return the minute of issue, in UTC: a product may have several reports a day."""
        return self.facts.issued_at[:16].replace("T", " ")

    @cached_property
    def shown(self) -> frozenset[str]:
        """Return the names of the capabilities that it shows."""
        return shown_capabilities(self.facts, self.source.guideline)

    @cached_property
    def capabilities(self) -> tuple[tuple[Capability, State], ...]:
        """Return the capabilities of its program with their state."""
        return capabilities(self.source.guideline, self.facts.program)

    @property
    def aligned(self) -> tuple[str, str, str | None]:
        """Return what two reports must have in common to stand side by side: guideline, program, suite."""
        return self.facts.guideline_digest, self.facts.program, self.facts.suite


@dataclass(frozen=True)
class Product:
    """A product: its reports, newest first."""

    vendor: str
    name: str
    reports: tuple[Report, ...]

    @property
    def path(self) -> str:
        """Return the folder of its page."""
        return f"products/{part(self.vendor)}/{part(self.name)}"

    @cached_property
    def current(self) -> tuple[Report, ...]:
        """Return the report that counts for each program: the newest; an award in force stands before it."""
        found: dict[str, Report] = {}
        for item in self.reports:
            held = found.setdefault(item.facts.program, item)
            if held.standing.status is not Status.AWARDED and item.standing.status is Status.AWARDED:
                found[item.facts.program] = item
        return tuple(found.values())

    def since(self, report: Report, capability: str) -> Report:
        """Return the oldest of the unbroken row of reports, up to this one, that show a capability of its program."""
        found = report
        for item in self.reports[self.reports.index(report) :]:
            if item.facts.program != report.facts.program:
                continue
            if capability not in item.shown:
                break
            found = item
        return found

    def before(self, report: Report) -> Report | None:
        """Return the report before this one on the same program."""
        older = self.reports[self.reports.index(report) + 1 :]
        return next((item for item in older if item.facts.program == report.facts.program), None)


@dataclass(frozen=True)
class Held:
    """Where a capability stands in one product: the report that shows it, and since which one; or that it does not."""

    product: Product
    report: Report
    since: Report | None


@dataclass(frozen=True)
class CapabilityPage:
    """One capability across guidelines: who has it, and where it is missing."""

    name: str
    path: str
    homes: tuple[tuple[GuidelineFile, State | None], ...]
    has: tuple[Held, ...]
    lacks: tuple[Held, ...]


@dataclass(frozen=True)
class Site:
    """Everything that is shown, on the day ``now``. ``left_out`` are places that are not, and why."""

    known: Known
    now: dt.datetime
    products: tuple[Product, ...]
    left_out: tuple[tuple[str, str], ...] = field(default=())

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """Return all reports, newest first."""
        found = (item for product in self.products for item in product.reports)
        return tuple(sorted(found, key=lambda item: (item.facts.issued_at, item.facts.digest), reverse=True))

    @cached_property
    def by_path(self) -> Mapping[str, Product]:
        """Return the products by the folder of their page."""
        return {item.path: item for item in self.products}

    @cached_property
    def by_digest(self) -> Mapping[str, Report]:
        """Return the reports by the sha256 of their full form."""
        return {item.facts.digest: item for item in self.reports}

    def product_of(self, report: Report) -> Product:
        """Return the product that a report is of."""
        found: Product = self.by_path["/".join(report.path.split("/")[:3])]
        return found

    def with_product(self, product: Product) -> Site:
        """Return the same with one product new or another: what a server does when a report comes in."""
        paths = {**self.by_path, product.path: product}
        made = replace(self, products=tuple(paths[path] for path in sorted(paths)))
        made.__dict__["by_path"] = paths
        return made

    @cached_property
    def guidelines(self) -> tuple[GuidelineFile, ...]:
        """Return the guidelines by id, newest first; add-ons after the others."""
        every = self.known.guidelines.values()
        main = [item for item in every if item.guideline.id[:1].isdigit()]
        others = [item for item in every if item not in main]
        return tuple(part for group in (main, others) for part in sorted(group, key=_age, reverse=True))

    def of_guideline(self, digest: str) -> tuple[Report, ...]:
        """Return the reports that count now and were scored with a guideline."""
        return tuple(
            item for product in self.products for item in product.current if item.facts.guideline_digest == digest
        )

    @cached_property
    def capabilities(self) -> tuple[CapabilityPage, ...]:
        """Return every capability of every guideline, by name."""
        homes: dict[str, list[tuple[GuidelineFile, State | None]]] = {}
        for source in self.guidelines:
            for item in source.guideline.capabilities:
                states = [found for part in source.guideline.components if (found := part.state_of(item.name))]
                strictest = min(states, key=lambda state: state.rank, default=None)
                homes.setdefault(item.name, []).append((source, strictest))
        has: dict[str, list[Held]] = {name: [] for name in homes}
        lacks: dict[str, list[Held]] = {name: [] for name in homes}
        for product in self.products:
            for report in product.current:
                for item, _ in report.capabilities:
                    if item.name in report.shown:
                        has[item.name].append(Held(product, report, product.since(report, item.name)))
                    else:
                        lacks[item.name].append(Held(product, report, None))
        return tuple(
            CapabilityPage(name, f"capabilities/{part(name)}", tuple(homes[name]), tuple(has[name]), tuple(lacks[name]))
            for name in sorted(homes)
        )


def build(known: Known, facts: Sequence[Facts], now: dt.datetime, left_out: Sequence[tuple[str, str]] = ()) -> Site:
    """Arrange the facts of admitted reports. Reports on a guideline that is not known any more are left out."""
    acts = _acts_by_report(known.acts)
    found: dict[tuple[str, str], list[Report]] = {}
    more = list(left_out)
    for item in facts:
        source = known.guidelines.get(item.guideline_digest)
        program = source.guideline.program(item.program) if source else None
        if source is None or program is None:
            more.append((item.place, "its guideline is not known here"))
            continue
        place = standing(item, acts.get(item.digest, ()), known.settings.current_days, now)
        found.setdefault((item.vendor, item.product), []).append(Report(item, source, program, place))
    products = [
        Product(vendor, name, tuple(sorted(reports, key=_newest, reverse=True)))
        for (vendor, name), reports in found.items()
    ]
    return Site(known, now, tuple(sorted(products, key=lambda item: item.path)), tuple(sorted(more)))


def standing(facts: Facts, acts: Sequence[Decision], days: int, now: dt.datetime) -> Standing:
    """Say where a report stands on a day, by the acts that bear on it, or by its age."""
    awards = [item for item in acts if item.act is Act.AWARD]
    revocations = [item for item in acts if item.act is Act.REVOKE]
    status, award = status_of(awards, revocations, now)
    if status is Status.SELF_TESTED or award is None:
        issued = read_stamp(facts.issued_at)
        until = issued + dt.timedelta(days=days)
        over = now >= until
        word = "out of date" if over else "self-tested"
        return Standing(Status.SELF_TESTED, word, "open" if over else "hold", f"{until:%F}", over)
    terms = award.predicate.terms
    if status is Status.REVOKED:
        taken = next(item for item in revocations if item.predicate.terms.award == award.digest)
        return Standing(status, "award revoked", "bad", taken.predicate.terms.since[:10], True, award, taken)  # noqa: FBT003
    over = status is Status.EXPIRED
    word = "award expired" if over else "awarded" + (" with waivers" if terms.waivers else "")
    return Standing(status, word, "open" if over else "good", terms.until[:10], over, award)


def guideline_path(source: GuidelineFile) -> str:
    """Return the folder of a guideline's page: several may go by one id."""
    return f"guidelines/{part(source.guideline.id)}-{source.provenance.digest[:8]}"


def _acts_by_report(acts: Sequence[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    reports: dict[str, str] = {}
    for item in acts:
        if item.act is Act.AWARD:
            reports[item.digest] = item.predicate.inputAttestations[0].digest.sha256
            found.setdefault(reports[item.digest], []).append(item)
    for item in acts:
        if item.act is Act.REVOKE and item.predicate.terms.award in reports:
            found[reports[item.predicate.terms.award]].append(item)
    return found


def _newest(report: Report) -> tuple[str, str]:
    return report.facts.issued_at, report.facts.digest


def _age(source: GuidelineFile) -> tuple[str, str]:
    return source.guideline.id, source.provenance.digest
