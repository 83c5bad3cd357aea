"""Columns to compare: made by hand, of runs, and of the report that ships."""

from __future__ import annotations

import datetime
import functools
from typing import TYPE_CHECKING

from defcore.attest.keys import generate, public_file
from defcore.attest.sign import sign_pair
from defcore.attest.verify import verify
from defcore.compare import Column, Kind, of_run
from defcore.compare.model import CapabilityCell, Cell, Figures, Ruler
from defcore.guideline import resolve
from defcore.guideline.model import State
from defcore.run.record import Attempt, Cloud, Engine, Failure, Outcome, RunRecord, TestResult
from defcore.score import Interop, KnownGuideline, interop_of, program_tests, score
from defcore.score.product import Containment, Declaration, Product

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defcore.attest.keys import PrivateKey
    from defcore.attest.verify import Verification

FULL, PUBLIC = "report.dsse.json", "report.public.dsse.json"
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


@functools.cache
def signed() -> tuple[PrivateKey, Mapping[str, bytes]]:
    """Sign both reports of a run in which everything passed, under the guideline that ships."""
    key, source = generate(), resolve()
    product = Product(
        vendor="defcore",
        product="reference-cloud",
        version="2026.2",
        release="2026.2",
        regions=("RegionOne",),
        configuration={"system": "swift 2.38.3, one storage node"},
        declarations=(Declaration(section="swift", containment=Containment.CONTAINED, comment="unchanged"),),
    )
    pair = sign_pair(
        source,
        record(),
        product,
        key,
        program=PROGRAM,
        issued_at=datetime.datetime(2026, 11, 20, 11, 34, 43, tzinfo=datetime.UTC),
        runner_version="0.1.0",
        known=[KnownGuideline.of(source)],
    )
    return key, {FULL: pair.full, PUBLIC: pair.public}


def written(folder: Path) -> Path:
    """Write both reports and the key into a folder."""
    key, reports = signed()
    for name, data in reports.items():
        (folder / name).write_bytes(data)
    (folder / "key.pub").write_bytes(public_file(key.public, "a key of tests"))
    return folder


def shipped(name: str = FULL) -> Verification:
    """Verify one of them."""
    key, reports = signed()
    return verify(reports[name], [key.public])


def record(wrong: Mapping[str, Outcome] | None = None, **fields: object) -> RunRecord:
    """Return a run of the storage program: all passed but those named by id, one second and six requests each."""
    results = []
    guideline = resolve().guideline
    program = guideline.program(PROGRAM)
    assert program
    names = {test.id: test.name for capability, _ in program_tests(guideline, program) for test in capability.tests}
    for test_id, name in sorted(names.items()):
        outcome = (wrong or {}).get(test_id, Outcome.PASSED)
        failure = Failure(cause="c", message=f"{name} went wrong") if outcome is Outcome.FAILED else None
        attempt = Attempt(outcome=outcome, started="2026-11-20T10:00:00Z", seconds=1, requests=6, failure=failure)
        results.append(TestResult(id=test_id, name=name, outcome=outcome, attempts=(attempt,)))
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
