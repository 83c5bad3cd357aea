"""The report for programs: the scorecard's JSON, with the run, the product and what to fix."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from defcore.score import scorecard_json

if TYPE_CHECKING:
    from defcore.report.model import FixGroup, FixSection, ReportView

FORMAT = "defcore-report/1"


def render(view: ReportView) -> str:
    """Return the report as indented JSON. Every key of ``defcore score --format json`` is there under the same name."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "generated_at": view.generated_at,
        **scorecard_json(view.card),
        "run": view.run.model_dump(mode="json"),
        "product": view.product.model_dump(mode="json") if view.product else None,
        "fix": [_section(section) for section in view.fixes],
        "latency_ms": [asdict(item) for item in view.latencies],
    }
    # A lone surrogate cannot be written as UTF-8, but its escape is valid JSON.
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"


def _section(section: FixSection) -> dict[str, Any]:
    return {"kind": section.key, "groups": [_group(group) for group in section.groups]}


def _group(group: FixGroup) -> dict[str, Any]:
    return {"cause": group.title, "decides": group.decides, "tests": [test.id for test in group.tests]}
