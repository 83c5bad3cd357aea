"""Columns to compare: made by hand, of runs, and of the report that ships."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.attest.keys import load_public
from defcore.attest.verify import verify
from defcore.compare import Column, Kind, of_run
from defcore.compare.model import CapabilityCell, Cell, Figures, Ruler
from defcore.guideline import resolve
from defcore.guideline.model import State
from defcore.run.record import Attempt, Cloud, Engine, Failure, Outcome, RunRecord, TestResult
from defcore.score import Interop, interop_of, score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.attest.verify import Verification

REPORTS = Path(__file__).parents[2] / "reports" / "defcore" / "reference-cloud" / "2026.11"
PROGRAM = "interoperable-cloud-storage"
A, B, C, D = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcd")


def column(outcomes: Mapping[str, Outcome], **fields: object) -> Column:
    """Return a column of one capability, ``things``, that has all of these tests."""
    capability = CapabilityCell(
        State.REQUIRED,
        interop_of(outcomes.values()),
        sum(item is Outcome.PASSED for item in outcomes.values()),
        tuple(outcomes),
    )
    passed = capability.passed
    values: dict[str, object] = {
        "title": "cloud",
        "kind": Kind.RUN,
        "subject": "cloud one",
        "moment": "2026-11-20T10:00:00Z",
        "engine": "native 0.1",
        "suite": "ab" * 32,
        "ruler": Ruler("2026.11", "cd" * 32, "draft", PROGRAM),
        "figures": Figures(len(outcomes), passed, len(outcomes) - passed),
        "interop": interop_of(outcomes.values()),
        "capabilities": {"things": capability},
        "results": {key: Cell(f"test_{key[0]}", value, "native", 1) for key, value in outcomes.items()},
    }
    return Column(**(values | fields))  # type: ignore[arg-type]


def shipped(name: str = "report.dsse.json") -> Verification:
    """Verify a report that ships."""
    return verify((REPORTS / name).read_bytes(), [load_public(REPORTS / "key.pub")])


def record(wrong: Mapping[str, Outcome] | None = None, **fields: object) -> RunRecord:
    """Return a run of the storage program: all passed but those named by id, one second and six requests each."""
    results = []
    for test in shipped().statement.predicate.outcomes():
        outcome = (wrong or {}).get(test.id, Outcome.PASSED)
        failure = Failure(cause="c", message=f"{test.name} went wrong") if outcome is Outcome.FAILED else None
        attempt = Attempt(outcome=outcome, started="2026-11-20T10:00:00Z", seconds=1, requests=6, failure=failure)
        results.append(TestResult(id=test.id, name=test.name, outcome=outcome, attempts=(attempt,)))
    values = {
        "id": "run-1",
        "started": "2026-11-20T10:00:00Z",
        "ended": "2026-11-20T10:01:00Z",
        "complete": True,
        "cloud": Cloud(name="mine", region="north", auth_url="https://identity.example.org/v3"),
        "engine": Engine(name="native", version="0.1.0", suite_digest="ab" * 32),
        "results": results,
    }
    return RunRecord.model_validate(values | fields)


def run_column(wrong: Mapping[str, Outcome] | None = None, **fields: object) -> Column:
    """Return the column of such a run, scored under the guideline that ships."""
    source, run = resolve(), record(wrong, **fields)
    card = score(source, [run], PROGRAM, date=datetime.date(2026, 11, 20))
    return of_run(run, guideline=source.guideline, card=card)


def verdict(value: Column) -> Interop | None:
    """Return the verdict on the one capability of ``column``."""
    return (value.capabilities or {})["things"].verdict
