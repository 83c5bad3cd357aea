"""How long scoring a platform run takes, as a ratio to parsing the same run record with pydantic in the same run."""

from __future__ import annotations

import datetime
import statistics
import time

from defcore.guideline import resolve
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score import score

ROUNDS = 200
PROGRAM = "interoperable-cloud-platform"


def main() -> None:
    """Print both medians, their ratio and the number of tests."""
    source = resolve("2026.11")
    tests = {test.id: test for capability in source.guideline.capabilities for test in capability.tests}
    results = tuple(TestResult(id=test.id, name=test.name, outcome=Outcome.PASSED) for test in tests.values())
    run = RunRecord(
        id="bench",
        started="2026-11-20T00:00:00Z",
        complete=True,
        cloud=Cloud(name="bench", auth_url="http://cloud.example/v3"),
        engine=Engine(name="native", version="0"),
        results=results,
    )
    text = run.model_dump_json()
    scoring, parsing = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        score(source, [run], PROGRAM, date=datetime.date(2026, 11, 20))
        middle = time.perf_counter()
        RunRecord.model_validate_json(text)
        scoring.append(middle - began)
        parsing.append(time.perf_counter() - middle)
    mine, theirs = statistics.median(scoring), statistics.median(parsing)
    print(f"scoring {len(tests)} tests: {mine * 1000:.2f} ms (median of {ROUNDS}, aim: under 1 ms)")
    print(f"parsing the same run record: {theirs * 1000:.2f} ms")
    print(f"scoring ratio: {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
