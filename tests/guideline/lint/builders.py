"""A guideline without a finding, ways to spoil it, and what the linter says of it then."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from defcore.guideline import load_bytes
from defcore.guideline.lint import Finding, lint, lint_all
from tests.guideline.builders import Doc, put, text_of
from tests.guideline.old_files import v2_0

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.guideline import GuidelineFile
    from defcore.strictjson import Path

Found: TypeAlias = list[tuple[str, str]]
"""Rule and subject of each finding."""
CAPS: Path = ("components", "os_powered_storage", "capabilities")
PUT: Path = ("capabilities", "objectstore-object-put")
APPROVAL: Path = ("metadata", "os_trademark_approval")
STATUS: Path = (*APPROVAL, "status")
FLAG = {"reason": "D401: slow", "action": "wait", "date": "2018-03-01"}


def uid(digit: str) -> str:
    """Return an id of one digit."""
    return f"{digit * 8}-0000-4000-8000-000000000000"


def entry(digit: str, **more: object) -> Doc:
    """Return a test as it stands in a file."""
    return {"idempotent_id": f"id-{uid(digit)}", **more}


def capability(**tests: Doc) -> Doc:
    """Return a capability that needs no comment, with these tests."""
    return {
        "achievements": ["atomic", "sticky"],
        "admin": False,
        "description": "A user can.",
        "project": "swift",
        "required_since": "2016.01",
        "tests": {f"tempest.api.{name}": test for name, test in tests.items()},
    }


def clean(name: str = "2018.02", **capabilities: Doc) -> Doc:
    """Return an approved guideline without a finding; ``capabilities`` replace the one that it requires."""
    doc = v2_0(name)
    doc["components"]["os_powered_storage"]["capabilities"]["removed"] = []
    if capabilities:
        doc["capabilities"] = {key.replace("_", "-"): item for key, item in capabilities.items()}
        doc["components"]["os_powered_storage"]["capabilities"]["required"] = list(doc["capabilities"])
    return doc


def state(doc: Doc, **states: Sequence[str]) -> Doc:
    """Return a copy in which the component has these capabilities in these states."""
    every: dict[str, list[str]] = {"required": [], "advisory": [], "deprecated": [], "removed": []}
    return put(doc, CAPS, {**every, **{key: list(names) for key, names in states.items()}})


def source(doc: Doc, file: str | None = None) -> GuidelineFile:
    """Read a document as if it stood in a file of its name."""
    name = doc.get("metadata", doc)["id"]
    return load_bytes(text_of(doc).encode(), file or f"{name}.json")


def check(doc: Doc, previous: Doc | None = None) -> tuple[Finding, ...]:
    """Return the findings of a document."""
    return lint(source(doc), source(previous) if previous else None)


def check_all(*docs: Doc) -> tuple[Finding, ...]:
    """Return the findings of several documents together."""
    return lint_all([source(doc) for doc in docs])


def keys(findings: Sequence[Finding]) -> Found:
    """Return rule and subject of each finding."""
    return [(item.rule, item.subject) for item in findings]
