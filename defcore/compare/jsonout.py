"""A comparison as JSON, for scripts: every column, every test, nothing cut short."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from defcore.compare.view import label

if TYPE_CHECKING:
    from defcore.compare.model import CapabilityRow, Change, Column, Comparison, Group, TestRow

FORMAT = "defcore-comparison/1"


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return the JSON value of ``defcore compare --format json``; columns are called A, B, C … in it."""
    return {
        "format": FORMAT,
        "columns": [{"column": label(place), **_column(item)} for place, item in enumerate(found.columns)],
        "aligned": len(found.groups) == 1,
        "apart": list(found.apart),
        "groups": [_group(item) for item in found.groups],
        "facts": [
            {"section": item.section, "name": item.name, "values": list(item.values), "differs": item.differs}
            for item in found.facts
        ],
        "trends": [
            {
                "subject": item.subject,
                "points": [
                    {
                        "column": label(point.place),
                        "moment": point.moment,
                        **asdict(point.figures),
                        "interop": point.interop,
                        "aligned": point.aligned,
                    }
                    for point in item.points
                ],
            }
            for item in found.trends
        ],
        "latencies": [
            {"operation": item.operation, "values": [asdict(cell) if cell else None for cell in item.cells]}
            for item in found.latencies
        ],
    }


def _column(column: Column) -> dict[str, Any]:
    plain = ("title", "kind", "subject", "moment", "engine", "interop", "mark", "standing", "digest")
    return {
        **{name: getattr(column, name) for name in plain},
        "suite_digest": column.suite,
        "guideline": asdict(column.ruler) if column.ruler else None,
        "figures": asdict(column.figures) if column.figures else None,
        "cost": asdict(column.cost) if column.cost else None,
        "tests": len(column.results),
        "notes": list(column.notes),
    }


def _group(group: Group) -> dict[str, Any]:
    names = [label(place) for place in group.places]
    measured = []
    for place in range(1, len(names)):
        same, both = group.agreement(place)
        changes = {change.value: count for change, count in group.tally(place).items()}
        measured.append({"column": names[place], "against": names[0], "same": same, "both": both, "changes": changes})
    return {
        "columns": names,
        "agreement": measured,
        "rely_on": {
            "capabilities": [row.name for row in group.capabilities if row.shared],
            "tests": [row.id for row in group.tests if row.shared],
        },
        "capabilities": [_capability(row) for row in group.capabilities],
        "tests": [_test(row) for row in group.tests],
    }


def _capability(row: CapabilityRow) -> dict[str, Any]:
    cells = [
        {"state": cell.state.value, "verdict": cell.verdict, "passed": cell.passed, "tests": len(cell.tests)}
        if cell
        else None
        for cell in row.cells
    ]
    return {"name": row.name, "shared": row.shared, "changes": _changes(row.changes), "cells": cells}


def _test(row: TestRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "capabilities": list(row.capabilities),
        "shared": row.shared,
        "changes": _changes(row.changes),
        "cells": [asdict(cell) if cell else None for cell in row.cells],
    }


def _changes(changes: tuple[Change, ...]) -> list[str]:
    return [change.value for change in changes]
