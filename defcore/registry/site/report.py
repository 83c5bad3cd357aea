"""A report's page: what is proved, what is only claimed, every public test, and how to check it all by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest import verdict as words
from defcore.attest.badge import badge, svg
from defcore.attest.bundle import Parts, dump
from defcore.attest.canonical import printable
from defcore.registry.admission import PUBLIC, judged, relevant
from defcore.registry.examine import glance
from defcore.registry.names import part
from defcore.registry.site.facts import passed_tests
from defcore.registry.site.rows import Link, Row, row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.attest.acts import Decision
    from defcore.attest.judge import Judgement
    from defcore.registry.site.model import Product, Report, Site
    from defcore.suite.collect import SuiteTest


@dataclass(frozen=True, slots=True)
class TestLine:
    """One test that passed. ``says`` comes from the suite, and is empty for a test that it does not have."""

    __test__ = False

    name: str
    id: str
    says: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class CapabilityBlock:
    """One capability with its passed tests; ``more`` says how many are not shown."""

    name: str
    href: str
    state: str
    decides: bool
    shown: bool
    figure: str
    tests: tuple[TestLine, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report for people."""

    title: str
    subtitle: str
    headline: str
    label: str
    row: Row
    facts: tuple[tuple[str, str], ...]
    digests: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    capabilities: tuple[CapabilityBlock, ...]
    configuration: tuple[tuple[str, str], ...]
    declarations: tuple[tuple[str, str, str], ...]
    files: tuple[Link, ...]
    commands: tuple[tuple[str, str], ...]
    older: Link | None
    compare: str


def judgement_of(site: Site, data: bytes) -> Judgement:
    """Judge the public report again, for what only its page says. Raises RefusedError, InputError."""
    said = glance(data, PUBLIC)
    assert said is not None  # noqa: S101 - it was admitted
    return judged(data, said, site.known, site.known.acts, site.now)


def report_view(
    site: Site, product: Product, report: Report, found: Judgement, suite: Mapping[str, SuiteTest]
) -> ReportView:
    """Word one report."""
    facts = report.facts
    before = product.before(report)
    return ReportView(
        title=f"{product.name} {facts.version}",
        subtitle=f"{report.program.name}, guideline {facts.guideline}, signed on {report.moment} UTC",
        headline=_headline(site, report),
        label=report.source.guideline.authority.label if report.standing.award is None else "",
        row=row(product, report),
        facts=(
            ("Level of assurance", words.level(found)),
            ("Run", f"{facts.run}, from {_minute(facts.started)} to {_minute(facts.ended)} UTC"),
            ("Tested with", facts.runner),
            ("Regions", ", ".join(facts.regions) or "none named"),
            ("Services", ", ".join(facts.services) or "none named"),
            ("Built from release", facts.release),
        ),
        digests=(
            ("sha256 of this public report", facts.public_digest),
            ("sha256 of the full report", facts.digest),
            ("sha256 of the guideline", facts.guideline_digest),
            ("sha256 of the tests", facts.suite or "not our tests"),
            *((f"Key of {item.party} ({item.role})", item.keyid) for item in facts.signers),
        ),
        notes=(
            ("Proved", words.proved(found, paired=facts.full)),
            ("Only claimed", words.claimed(found, paired=facts.full)),
            ("To know", words.limits(found)),
        ),
        capabilities=tuple(_blocks(report, suite)),
        configuration=facts.configuration,
        declarations=facts.declarations,
        files=tuple(_files(site, report)),
        commands=tuple(_commands(site, report)),
        older=Link(f"The report before it, of {before.moment}", f"{before.path}/index.html") if before else None,
        compare=f"{facts.place},{before.facts.place}" if before else "",
    )


def _headline(site: Site, report: Report) -> str:
    standing, who = report.standing, site.known.trust.latest.authority
    if standing.award is None:
        past = " It is out of date." if standing.over else ""
        return f"Self-tested: {who} has made no award to it, and nobody else watched the run.{past}"
    if standing.revocation is not None:
        return f"Revoked: {who} took the award back from {standing.until} on. {_reason(standing.revocation)}"
    since = standing.award.predicate.terms.since[:10]
    return f"{'Expired: it was awarded' if standing.over else 'Awarded'} by {who} from {since} until {standing.until}."


def _minute(stamp: str) -> str:
    return stamp[:16].replace("T", " ")


def _reason(revocation: Decision) -> str:
    return printable(revocation.predicate.terms.reason)


def badge_svg(found: Judgement, report: Report) -> bytes:
    """Draw the badge; it leads to the page beside it."""
    return svg(badge(found, report.facts.place), "index.html")


def bundle_of(site: Site, data: bytes) -> bytes:
    """Pack the public report, the trust policy and the acts that bear on it into one file."""
    said = glance(data, PUBLIC)
    assert said is not None  # noqa: S101 - it was admitted
    acts = relevant(said, site.known.acts)
    lines = tuple(item.data for item in site.known.trust.versions)
    return dump(Parts(data, lines, tuple(item.data for item in acts)), "bundle.json")


def _blocks(report: Report, suite: Mapping[str, SuiteTest]) -> list[CapabilityBlock]:
    passed = passed_tests(report.facts, report.source.guideline)
    found = []
    for item, state in report.capabilities:
        lines = tuple(
            TestLine(test.name, test.id, _says(suite.get(test.id)), test.flag is not None)
            for test in item.tests
            if test.id in passed
        )
        rest = len(item.tests) - len(lines)
        found.append(
            CapabilityBlock(
                name=item.name,
                href=f"capabilities/{part(item.name)}/index.html",
                state=state.value,
                decides=state.value == "required",
                shown=item.name in report.shown,
                figure=f"{len(lines)} of {len(item.tests)}",
                tests=lines,
                more=f"{rest} more {'is' if rest == 1 else 'are'} not shown" if rest else "",
            )
        )
    return found


def _says(test: SuiteTest | None) -> str:
    return test.says.splitlines()[0] if test is not None and test.says else ""


def _files(site: Site, report: Report) -> list[Link]:
    found = [
        Link("The public report, as it was signed", f"{report.path}/{PUBLIC}"),
        Link("The trust policy", "data/trust.jsonl"),
    ]
    if report.standing.award is not None:
        found.insert(1, Link("Report, trust policy and the authority's acts in one file", f"{report.path}/bundle.json"))
    held = set(site.known.trust.keys)
    return found + [
        Link(f"Public key {item.keyid}", f"keys/{key_file(item.keyid)}")
        for item in report.facts.signers
        if item.keyid in held
    ]


def key_file(keyid: str) -> str:
    """Return the name of a public key's file: fingerprints hold slashes."""
    return keyid.removeprefix("SHA256:").replace("/", "_").replace("+", "-") + ".pub"


def _verify(report: Report, pin: str) -> str:
    if report.standing.award is None:
        return f"defcore verify {PUBLIC} --trust trust.jsonl"
    return f"defcore verify bundle.json --trust {pin}"


def _commands(site: Site, report: Report) -> list[tuple[str, str]]:
    pin = site.known.trust.pin
    return [
        ("With defcore, offline", _verify(report, pin)),
        ("That the bytes are the ones named here", f"sha256sum {PUBLIC}    # {report.facts.public_digest}"),
    ]
