"""The report as JUnit XML, for a continuous integration server.

Such a server knows red and green only, so the mapping follows the verdict: ``failure`` makes interop fail, ``error``
leaves it untested, ``skipped`` did not pass but does not decide. A first suite carries the verdict itself, so that a
report without any required test is not green. Attributes and order are those of the Ant/Windy Road schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from defcore.guideline.ids import spell
from defcore.report.words import INTEROP_WORDS, clean, line
from defcore.score.model import Interop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.report.model import CapabilityView, ReportView, TestView


def render(view: ReportView) -> str:
    """Return a ``testsuites`` document: the verdict, then a suite for each capability. A test stands in one suite."""
    root = ET.Element("testsuites")
    _verdict(root, view)
    for item in view.capabilities:
        _capability(root, view, item)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, view: ReportView, name: str, cases: Sequence[ET.Element], about: dict[str, str]) -> None:
    """Add a suite. Its time stamp has no zone, as the schema wants; it is UTC."""
    counts = {kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")}
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": line(name) or "capability",
            "package": line(view.card.program) or "program",
            "id": str(len(root)),
            "timestamp": view.run.started[:19],
            "hostname": _host(view.run.cloud.auth_url),
            "tests": str(len(cases)),
            "failures": str(counts["failure"]),
            "errors": str(counts["error"]),
            "skipped": str(counts["skipped"]),
            "time": f"{sum(float(case.get('time', 0)) for case in cases):.3f}",
        },
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in about.items():
        ET.SubElement(properties, "property", name=key, value=clean(value))
    suite.extend(cases)
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")


def _host(url: str) -> str:
    try:
        return line(urlsplit(url).hostname) or "unknown"
    except ValueError:
        return "unknown"


def _verdict(root: ET.Element, view: ReportView) -> None:
    card = view.card
    case = _case("interop", "defcore.verdict", 0)
    if card.interop is not Interop.PASS:
        kind = "failure" if card.interop is Interop.FAIL else "error"
        verdict = view.verdicts[0]
        problem = ET.SubElement(
            case, kind, type=card.interop.value, message=f"{INTEROP_WORDS[card.interop]}: {verdict.figure}"
        )
        problem.text = "\n".join([verdict.meaning, *verdict.reasons])
    about = {
        "guideline": card.guideline,
        "guideline_digest": card.guideline_digest,
        "guideline_status": card.guideline_status,
        "label": card.label,
        "program": card.program,
        "interop": card.interop.value,
        "mark": card.mark.value,
        "level": card.level,
        "run": view.run.id,
        "generated_at": view.generated_at,
    }
    _suite(root, view, "verdict", [case], about)


def _capability(root: ET.Element, view: ReportView, item: CapabilityView) -> None:
    cases = [_test(test, item.name) for test in item.tests if test.home == item.anchor]
    _suite(root, view, item.name, cases, {"status": item.status, "verdict": item.verdict.lower()})


def _case(name: str, classname: str, seconds: float) -> ET.Element:
    return ET.Element(
        "testcase",
        {"name": line(name, 1100) or "test", "classname": line(classname) or "capability", "time": f"{seconds:.3f}"},
    )


def _test(test: TestView, capability: str) -> ET.Element:
    case = _case(spell(test.id, test.name), capability, test.seconds)
    if test.outcome.key == "passed":
        return case
    key = test.outcome.key
    if not test.decides:
        ET.SubElement(case, "skipped", type=key, message=f"{key}, but {test.standing}: {test.cause}")
        return case
    problem = ET.SubElement(case, "failure" if test.effect == "fail" else "error", type=key, message=test.cause)
    problem.text = _details(test)
    return case


def _details(test: TestView) -> str:
    seen = test.evidence
    rows = {
        "id": test.id,
        "message": seen.message or test.reason,
        "place": seen.place,
        "expected": seen.expected,
        "actual": seen.actual,
        "request": seen.request,
        "request id": seen.request_id,
        "repeat": seen.curl,
        "reference": seen.reference,
        "printed": seen.trace,
    }
    return "\n".join(f"{key}: {value}" for key, value in rows.items() if value)
