"""A page for each capability: who has it, since when, where it is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.board.view import STATES
from defcore.guideline.diffwords import plural
from defcore.registry.site.model import guideline_path
from defcore.registry.site.rows import INDEX, Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.registry.site.model import CapabilityPage, Held, Site
    from defcore.suite.collect import SuiteTest


@dataclass(frozen=True, slots=True)
class Owner:
    """A product that has a capability (``since``, with the version of then), or of which it is not shown."""

    vendor: str
    product: Link
    version: str
    program: str
    report: Link
    since: str
    note: str


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """One capability for people."""

    title: str
    subtitle: str
    description: str
    homes: tuple[tuple[Link, str], ...]
    has: tuple[Owner, ...]
    lacks: tuple[Owner, ...]
    tests: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One capability in the list: ``share`` of its circle (0 to 100) is filled."""

    name: Link
    description: str
    state: str
    has: int
    total: int


@dataclass(frozen=True, slots=True)
class CapabilitiesView:
    """All capabilities."""

    title: str
    subtitle: str
    rows: tuple[IndexRow, ...]


def capabilities_view(site: Site) -> CapabilitiesView:
    """List all capabilities, those that somebody was asked for first."""
    rows = [_index_row(item) for item in site.capabilities]
    rows.sort(key=lambda item: (item.total == 0, item.name.text))
    return CapabilitiesView(
        "Capabilities",
        f"{plural(len(rows), 'capability')} in {plural(len(site.guidelines), 'guideline')}. Counts are of the reports"
        " that count now; a capability that a public report does not show may be missing, broken, or not tried.",
        tuple(rows),
    )


def capability_view(page: CapabilityPage, suite: Mapping[str, SuiteTest]) -> CapabilityView:
    """Word one capability; description and tests are those of the newest guideline that has it."""
    source, _ = page.homes[0]
    item = source.guideline.capability(page.name)
    has, total = len(page.has), len(page.has) + len(page.lacks)
    tests = item.tests if item else ()
    return CapabilityView(
        title=page.name,
        subtitle=f"Shown by {has} of {plural(total, 'product')} that {'was' if total == 1 else 'were'} asked for it."
        if total
        else "No product here was asked for it.",
        description=item.description if item else "",
        homes=tuple(
            (Link(home.guideline.id, f"{guideline_path(home)}/{INDEX}"), STATES[state]) for home, state in page.homes
        ),
        has=tuple(_owner(held) for held in page.has),
        lacks=tuple(_owner(held) for held in page.lacks),
        tests=tuple((test.name, test.id, _says(suite.get(test.id))) for test in tests),
    )


def _index_row(page: CapabilityPage) -> IndexRow:
    source, state = page.homes[0]
    item = source.guideline.capability(page.name)
    word = state.value if state else "in no component"
    return IndexRow(
        Link(page.name, f"{page.path}/{INDEX}"),
        item.description if item else "",
        f"{word} in {source.guideline.id}",
        len(page.has),
        len(page.has) + len(page.lacks),
    )


def _owner(held: Held) -> Owner:
    facts, since = held.report.facts, held.since
    return Owner(
        vendor=held.product.vendor,
        product=Link(held.product.name, f"{held.product.path}/{INDEX}"),
        version=facts.version,
        program=f"{held.report.program.name} {facts.guideline}",
        report=Link(held.report.day, f"{held.report.path}/{INDEX}"),
        since=since.day if since else "",
        note=f"version {since.facts.version}" if since and since.facts.version != facts.version else "",
    )


def _says(test: SuiteTest | None) -> str:
    return test.says.splitlines()[0] if test is not None and test.says else ""
