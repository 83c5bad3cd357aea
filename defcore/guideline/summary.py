"""A guideline in a few figures: what it asks for, component by component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.guideline.model import State
from defcore.guideline.refs import references

if TYPE_CHECKING:
    from defcore.guideline.model import Component, Guideline, GuidelineFile


@dataclass(frozen=True, slots=True)
class Counts:
    """What a component asks for. Tests are counted by distinct id; in schema 1.2, which has none, by name.

    ``flagged`` are those that would be must-pass but for a flag.
    """

    required_capabilities: int
    must_pass: int
    flagged: int


def counts(guideline: Guideline, component: Component) -> Counts:
    """Count what a component requires."""
    required = {name for state, names in component.capabilities if state is State.REQUIRED for name in names}
    tests = [test for item in guideline.capabilities if item.name in required for test in item.tests]
    must_pass = {test.id for test in tests if test.flag is None}
    flagged = {test.id for test in tests if test.flag is not None} - must_pass
    return Counts(len(required), len(must_pass), len(flagged))


def summary(source: GuidelineFile) -> dict[str, Any]:
    """Return the JSON value of ``defcore guideline show``; resolves references to other files (see ``refs``)."""
    guideline = source.guideline
    return {
        "id": guideline.id,
        "schema": guideline.schema,
        "status": guideline.status.value,
        "file": source.provenance.file,
        "digest": source.provenance.digest,
        "authority": guideline.authority.name,
        "replaces": guideline.replaces,
        "target_approval": guideline.target_approval,
        "releases": list(guideline.releases),
        "cutoff": guideline.scoring.cutoff,
        "programs": {
            item.key: {"name": item.name, "kind": item.kind.value, "components": [ref.name for ref in item.components]}
            for item in guideline.programs
        },
        "components": {item.name: _component(guideline, item) for item in guideline.components},
        "references": [
            {
                "program": item.program,
                "component": item.name,
                "source": item.source,
                "file": item.file,
                "digest": item.digest,
                "problem": item.problem,
            }
            for item in references(source)
        ],
        "repairs": [
            {"path": item.path, "line": item.line, "message": item.message} for item in source.provenance.repairs
        ],
    }


def _component(guideline: Guideline, item: Component) -> dict[str, int]:
    found = counts(guideline, item)
    return {
        "required_capabilities": found.required_capabilities,
        "must_pass": found.must_pass,
        "flagged": found.flagged,
    }
