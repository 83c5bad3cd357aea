"""Every page of a registry: its address, what it is made from, and how. A page is made when it is asked for.

A static site makes those whose basis has changed; a server makes the one that is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from defcore.board.view import build_view
from defcore.registry.admission import PUBLIC
from defcore.registry.site import capability, data, front, guideline, product, report, static
from defcore.registry.site.html import Frame
from defcore.registry.site.model import guideline_path
from defcore.registry.site.rows import INDEX, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from defcore.attest.judge import Judgement
    from defcore.registry.site.model import Product, Report, Site
    from defcore.suite.collect import SuiteTest

    Read: TypeAlias = Callable[[str], bytes]
    """From a report's place to the exact bytes of its public report."""
    Judge: TypeAlias = Callable[[str], Judgement]


@dataclass(frozen=True, slots=True)
class Page:
    """``path`` is its address below the root; ``basis`` gives what it is made from, and ``make`` makes it of that."""

    path: str
    basis: Callable[[], Any]
    make: Callable[[Any], bytes]


def pages(site: Site, read: Read, suite: Mapping[str, SuiteTest]) -> Iterator[Page]:
    """Return all pages; nothing is made yet. ``suite`` says in words what the project's own tests check."""
    frame = Frame(site.known.settings.title, bool(site.products))
    judge = _judge(site, read)
    yield from _fronts(site, frame)
    for item in site.products:
        yield _product(frame, item)
        for each in item.reports:
            yield from _report(site, frame, item, each, read, judge, suite)
    yield from _capabilities(site, frame, suite)
    yield from _guidelines(site, frame, suite)
    yield from _data(site, frame)


def page_at(site: Site, path: str, read: Read, suite: Mapping[str, SuiteTest], frame: Frame) -> Page | None:
    """Return the page at one address, without making a list of all: what a server is asked for."""
    first, *rest = path.split("/")
    found: Iterator[Page]
    if first == "products":
        item = site.by_path.get("/".join((first, *rest[:2])))
        if item is None:
            return None
        place = "/".join(rest[:-1])
        judge = _judge(site, read)
        reports = (each for each in item.reports if each.facts.place == place)
        found = chain(
            [_product(frame, item)],
            *(_report(site, frame, item, each, read, judge, suite) for each in reports),
        )
    elif first == "capabilities":
        found = _capabilities(site, frame, suite)
    elif first == "guidelines":
        found = _guidelines(site, frame, suite)
    else:
        found = chain(_data(site, frame), _fronts(site, frame))
    return next((page for page in found if page.path == path), None)


def _judge(site: Site, read: Read) -> Judge:
    # Page and badge of one report are made one after the other, and judging takes longer than both.
    return lru_cache(maxsize=1)(lambda place: report.judgement_of(site, read(place)))


def _product(frame: Frame, item: Product) -> Page:
    return Page(f"{item.path}/{INDEX}", partial(product.product_view, item), partial(frame.page, "product", depth=3))


def _capabilities(site: Site, frame: Frame, suite: Mapping[str, SuiteTest]) -> Iterator[Page]:
    yield Page(
        f"capabilities/{INDEX}",
        partial(capability.capabilities_view, site),
        partial(frame.page, "capabilities", depth=1),
    )
    for found in site.capabilities:
        yield Page(
            f"{found.path}/{INDEX}",
            partial(capability.capability_view, found, suite),
            partial(frame.page, "capability", depth=2),
        )


def _fronts(site: Site, frame: Frame) -> Iterator[Page]:
    for name, view in front.front(site):
        yield Page(name, partial(_same, view), partial(frame.page, "front", depth=0))


def _report(
    site: Site, frame: Frame, item: Product, found: Report, read: Read, judge: Judge, suite: Mapping[str, SuiteTest]
) -> Iterator[Page]:
    # Judging takes longer than all the rest: what a report's page says follows from these, so they are its basis.
    before = item.before(found)
    acts = tuple(act.digest for act in site.known.acts), site.known.trust.versions[-1].digest
    basis = (found.facts, found.standing, before and before.facts.place, acts)

    def page(_: object) -> bytes:
        view = report.report_view(site, item, found, judge(found.facts.place), suite)
        return frame.page("report", view, depth=5)

    place = found.facts.place
    yield Page(f"{found.path}/{INDEX}", partial(_same, basis), page)
    yield Page(f"{found.path}/{PUBLIC}", partial(_same, found.facts.public_digest), lambda _: read(place))
    yield Page(f"{found.path}/compare.js", partial(_same, basis), lambda _: data.report_js(item, found))
    if found.standing.award is not None:
        yield Page(f"{found.path}/bundle.json", partial(_same, basis), lambda _: report.bundle_of(site, read(place)))
    if product.has_badge(found):
        yield Page(f"{found.path}/badge.svg", partial(_same, basis), lambda _: report.badge_svg(judge(place), found))


def _guidelines(site: Site, frame: Frame, suite: Mapping[str, SuiteTest]) -> Iterator[Page]:
    yield Page(
        f"guidelines/{INDEX}", partial(guideline.guidelines_view, site), partial(frame.page, "guidelines", depth=1)
    )
    older = [item.guideline for item in site.guidelines]
    for source in site.guidelines:
        path, links = guideline_path(source), guideline.links(site, source)
        home = (Link(f"Guideline {source.guideline.id}", f"{path}/{INDEX}"),)
        eyebrow = "Guideline: what a product must do"
        yield Page(
            f"{path}/{INDEX}",
            partial(build_view, source, suite, older),
            partial(frame.page, "guideline", depth=2, links=links, eyebrow=eyebrow),
        )
        yield Page(
            f"{path}/{source.guideline.id}.json",
            partial(_same, source.provenance.digest),
            partial(_content, source.provenance.content),
        )
        yield Page(
            f"{path}/impact.html",
            partial(guideline.impact_notes, site, source),
            partial(frame.page, "notes", depth=2, links=home, eyebrow=eyebrow),
        )
        if guideline.previous(site, source) is not None:
            yield Page(
                f"{path}/diff.html",
                partial(guideline.diff_notes, site, source),
                partial(frame.page, "notes", depth=2, links=home, eyebrow=eyebrow),
            )


def _data(site: Site, frame: Frame) -> Iterator[Page]:
    yield Page(f"compare/{INDEX}", static.compare_view, partial(frame.page, "compare", depth=1))
    yield Page("compare/choices.js", partial(data.choices_js, site), _bytes)
    yield Page("compare/compare.js", static.script, _bytes)
    yield Page(f"verify/{INDEX}", partial(static.verify_view, site), partial(frame.page, "verify", depth=1))
    yield Page(f"data/{INDEX}", partial(static.data_view, site), partial(frame.page, "data", depth=1))
    yield Page("data/registry.json", partial(data.registry_json, site), _bytes)
    yield Page("data/reports.csv", partial(data.reports_csv, site), _bytes)
    yield Page("data/capabilities.csv", partial(data.capabilities_csv, site), _bytes)
    trust = b"".join(item.data for item in site.known.trust.versions)
    yield Page("data/trust.jsonl", partial(_same, trust), _bytes)
    for act in site.known.acts:
        yield Page(f"data/acts/{act.digest}.json", partial(_same, act.data), _bytes)
    for keyid, key in site.known.trust.keys.items():
        yield Page(f"keys/{report.key_file(keyid)}", partial(_same, key.line), lambda line: f"{line}\n".encode())
    yield Page("feed.xml", partial(data.feed, site), _bytes)
    yield Page("style.css", static.style, _bytes)


def _same(value: Any) -> Any:  # noqa: ANN401 - whatever a page is made from
    return value


def _bytes(content: bytes) -> bytes:
    return content


def _content(content: bytes, _: object) -> bytes:
    return content
