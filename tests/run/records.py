"""Run records and evidence made by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, TestResult

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-11-20T10:00:00Z"


def test_id(number: int) -> str:
    """Give the id of that number."""
    return f"00000000-0000-4000-8000-{number:012d}"


test_id.__test__ = False  # type: ignore[attr-defined]


def record_of(outcomes: dict[int, str], run: str = "run", started: str = AT, **more: Any) -> RunRecord:  # noqa: ANN401
    """Make a complete run whose tests ended so."""
    results = tuple(
        TestResult(
            id=test_id(number),
            name=f"test {number}",
            outcome=Outcome(word),
            attempts=() if word == "not_run" else (Attempt(outcome=Outcome(word), started=started, seconds=1),),
        )
        for number, word in outcomes.items()
    )
    words: dict[str, Any] = {
        "id": run,
        "started": started,
        "ended": started,
        "complete": True,
        "cloud": Cloud(name="plain", auth_url="http://k"),
        "engine": Engine(name="native", version="0"),
        "results": results,
    }
    return RunRecord(**(words | more))


def write_evidence(out: Path, number: int, *exchanges: dict[str, Any]) -> None:
    """Append exchanges to the evidence of a test."""
    folder = out / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    usual: dict[str, Any] = {
        "test_attempt": 1,
        "request_id": "req-1",
        "operation": "GET /v1/{account}",
        "attempt": 1,
        "started_ms": 1_795_171_384_059,
        "took_ms": 10,
        "method": "GET",
        "url": "http://cloud/v1/a?format=json",
        "request_headers": {"X-Auth-Token": "[hidden]"},
        "request_body": None,
        "status": 200,
        "headers": {"Content-Type": "application/json", "Content-Length": "2"},
        "body": [],
        "error": None,
    }
    with (folder / f"{test_id(number)}.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(usual | item) + "\n" for item in exchanges)
