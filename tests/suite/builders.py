"""Small suites, written to disk."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from defcore.guideline import load_bytes
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, TestResult

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.guideline.model import GuidelineFile

ID1, ID2, ID3 = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")
HEAD = '''"""Things.

https://x/things
"""
from defcore.kit import Change, api_test

def declared(test_id, **more):
    words = {"service": "object-store", "reference": "https://x", "fails_if": Change(on="PUT /x", status=500)}
    return api_test(test_id, **(words | more))
'''


def module(folder: Path, name: str, *bodies: str) -> None:
    """Write a module of the suite."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + "\n".join(bodies))


def declared(name: str, test_id: str, says: str = '"""It works."""', more: str = "") -> str:
    """Return the source of one declared test."""
    return f"@declared({test_id!r}{more})\ndef {name}():\n    {says}\n"


def forget(before: set[str]) -> None:
    """Let go of modules of suites that were loaded since."""
    for name in set(sys.modules) - before:
        if name.startswith("defcore_suite_"):
            del sys.modules[name]


def guideline(tests: dict[str, str], guideline_id: str = "own.2027.01", repositories: tuple[str, ...] = ()) -> bytes:
    """Return a guideline of one program and one capability, ``things``, with these tests (name → id)."""
    states: dict[str, list[str]] = {"required": ["things"], "advisory": [], "deprecated": [], "removed": []}
    value: dict[str, Any] = {
        "metadata": {
            "id": guideline_id,
            "schema": "2.0",
            "reference": "",
            "source": "https://example.org/own.json",
            "authority": {"name": "none", "mark": "none", "label": "not reviewed", "process": "2016A"},
            "scoring": {"cutoff_score": 0, "criteria": {}},
            "os_trademark_approval": {"releases": ["2026.2"], "status": "draft"},
        },
        "platforms": {"Own Cloud": {"description": "", "components": [{"name": "own"}]}},
        "components": {"own": {"capabilities": states, "designated_sections": {key: list[str]() for key in states}}},
        "capabilities": {
            "things": {
                "achievements": [],
                "admin": False,
                "description": "",
                "project": "swift",
                "tests": {name: {"idempotent_id": f"id-{key}"} for name, key in tests.items()},
            }
        },
        "designated_sections": {},
        "test_repositories": {
            name: {"repository": "https://x", "reference": "1", "description": ""} for name in repositories
        },
    }
    return json.dumps(value).encode()


def source(tests: dict[str, str], **more: Any) -> GuidelineFile:  # noqa: ANN401 - words for ``guideline``
    """Return such a guideline, read."""
    return load_bytes(guideline(tests, **more), "own.2027.01.json")


def run_of(*results: tuple[str, Outcome]) -> RunRecord:
    """Return a run of these tests."""
    attempt = {"started": "2026-11-20T10:00:00Z", "seconds": 1.0}
    return RunRecord(
        id="run-1",
        started="2026-11-20T10:00:00Z",
        cloud=Cloud(name="x", auth_url="https://x"),
        engine=Engine(name="native", version="0"),
        results=tuple(
            TestResult(id=key, name="x", outcome=item, attempts=(Attempt.model_validate({"outcome": item, **attempt}),))
            for key, item in results
        ),
    )
