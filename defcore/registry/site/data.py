"""The data set for everybody: JSON, CSV, an Atom feed, and what the comparison page reads."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from defcore.attest import statement as st
from defcore.attest.canonical import printable
from defcore.registry.site.facts import passed_tests
from defcore.registry.site.rows import INDEX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from defcore.registry.site.model import Product, Report, Site

FORMAT = "defcore-registry-data/1"
NEWEST = 50
"""Entries of the feed."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def registry_json(site: Site) -> bytes:
    """Return everything that is public, as one JSON value; ``docs/registry.md`` says what the fields mean."""
    current = {item.facts.place for product in site.products for item in product.current}
    value = {
        "format": FORMAT,
        "title": site.known.settings.title,
        "as_of": f"{site.now:%F}",
        "trust": site.known.trust.pin,
        "guidelines": [
            {
                "id": item.guideline.id,
                "sha256": item.provenance.digest,
                "status": item.guideline.status.value,
                "tests": [test.id for test in st.guideline_tests(item.guideline)],
            }
            for item in site.guidelines
        ],
        "reports": [_report_json(item, current=item.facts.place in current) for item in site.reports],
    }
    return _dump(value)


def _report_json(report: Report, *, current: bool) -> dict[str, Any]:
    facts = report.facts
    plain = facts.model_dump(mode="json", exclude={"capabilities", "interop", "mark", "configuration", "declarations"})
    return plain | {
        "current": current,
        "interop_shown": facts.interop,
        "mark_shown": facts.mark,
        "status": report.standing.status.value,
        "until": report.standing.until,
        "over": report.standing.over,
        "capabilities": sorted(report.shown),
        "configuration": dict(facts.configuration),
        "declarations": [
            {"section": section, "containment": word, "comment": comment}
            for section, word, comment in facts.declarations
        ],
        "page": f"{report.path}/{INDEX}",
    }


def reports_csv(site: Site) -> bytes:
    """Return a line for each report."""
    head = [
        "vendor",
        "product",
        "version",
        "release",
        "program",
        "guideline",
        "guideline_sha256",
        "issued",
        "level",
        "status",
        "until",
        "over",
        "interop_shown",
        "required_tests",
        "required_tests_shown",
        "capabilities_shown",
        "report_sha256",
        "page",
    ]
    lines = (
        (
            *(
                getattr(item.facts, name)
                for name in ("vendor", "product", "version", "release", "program", "guideline")
            ),
            item.facts.guideline_digest,
            item.facts.issued_at,
            item.facts.level,
            item.standing.status.value,
            item.standing.until,
            _yes(item.standing.over),
            _yes(item.facts.interop),
            item.facts.required,
            item.facts.passed,
            len(item.shown),
            item.facts.digest,
            f"{item.path}/{INDEX}",
        )
        for item in site.reports
    )
    return _csv(head, lines)


def capabilities_csv(site: Site) -> bytes:
    """Return a line for each capability of each product's report that counts now."""
    head = ["capability", "state", "guideline", "program", "vendor", "product", "version", "shown", "since", "page"]
    lines = (
        (
            item.name,
            state.value,
            report.facts.guideline,
            report.facts.program,
            product.vendor,
            product.name,
            report.facts.version,
            _yes(item.name in report.shown),
            product.since(report, item.name).day if item.name in report.shown else "",
            f"{report.path}/{INDEX}",
        )
        for product in site.products
        for report in product.current
        for item, state in report.capabilities
    )
    return _csv(head, lines)


def feed(site: Site) -> bytes:
    """Return the newest reports as an Atom feed (RFC 4287); links are relative to the feed's own address."""
    newest = site.reports[:NEWEST]
    updated = newest[0].facts.issued_at if newest else site.known.trust.latest.issued_at
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>urn:defcore:authority:{site.known.trust.pin}</id>",
        f"<title>{_xml(site.known.settings.title)}</title>",
        f"<updated>{updated}</updated>",
        '<link rel="self" href="feed.xml"/>',
        f'<link rel="alternate" href="{INDEX}"/>',
        f"<author><name>{_xml(site.known.trust.latest.authority)}</name></author>",
    ]
    for item in newest:
        facts = item.facts
        shown = "shows a pass" if facts.interop else "shows no pass"
        title = f"{facts.vendor} {facts.product} {facts.version}: {item.program.name} {facts.guideline}, {shown}"
        summary = f"{item.standing.word}; {facts.passed} of {facts.required} required tests are shown; {facts.level}"
        lines += [
            "<entry>",
            f"<id>urn:defcore:report:{facts.digest}</id>",
            f"<title>{_xml(title)}</title>",
            f"<updated>{facts.issued_at}</updated>",
            f"<link href={quoteattr(quote(f'{item.path}/{INDEX}'))}/>",
            f"<summary>{_xml(summary)}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode()


def choices_js(site: Site) -> bytes:
    """Return the reports that the comparison page offers: place, product, version, program, guideline, day, current."""
    current = {item.facts.place for product in site.products for item in product.current}
    value = [
        [
            item.facts.place,
            f"{item.facts.vendor} {item.facts.product} {item.facts.version}",
            item.program.name,
            item.facts.guideline,
            item.moment,
            item.facts.place in current,
        ]
        for product in site.products
        for item in product.reports
    ]
    return b"defcore.choices(" + _script(value) + b");\n"


def report_js(product: Product, report: Report) -> bytes:
    """Return what the comparison page needs of one report."""
    facts, guideline = report.facts, report.source.guideline
    passed = passed_tests(facts, guideline)
    value = {
        "place": facts.place,
        "title": f"{facts.vendor} {facts.product}",
        "version": facts.version,
        "day": report.moment,
        "page": f"{report.path}/{INDEX}",
        "product": f"{product.path}/{INDEX}",
        "status": report.standing.word,
        "guideline": facts.guideline,
        "guidelineDigest": facts.guideline_digest,
        "program": report.program.name,
        "suite": facts.suite,
        "pass": facts.interop,
        "passed": facts.passed,
        "required": facts.required,
        "capabilities": [
            [
                item.name,
                state.value,
                item.name in report.shown,
                sum(test.id in passed for test in item.tests),
                len(item.tests),
            ]
            for item, state in report.capabilities
        ],
        "facts": {
            "Product": {
                "Version": facts.version,
                "Built from release": facts.release,
                "Regions": ", ".join(facts.regions),
            },
            "Configuration, in the vendor's words": dict(facts.configuration),
            "Declared designated sections": {
                section: f"{word}: {comment}" if comment else word for section, word, comment in facts.declarations
            },
            "Run": {"Services": ", ".join(facts.services), "Tested with": facts.runner},
        },
    }
    return b"defcore.report(" + _script(value) + b");\n"


def _script(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    # ASCII only, so that no line separator or closing tag in a name can end the script.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c").encode()


def _dump(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


def _csv(head: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(item) for item in line] for line in lines)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """Write a cell that no spreadsheet takes for a formula."""
    text = printable(str(value))
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _yes(value: bool) -> str:  # noqa: FBT001 - that is all it is about
    return "yes" if value else "no"


def _xml(text: str) -> str:
    return escape(printable(text))
