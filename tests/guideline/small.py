"""Guidelines of a few words, to compare, score and govern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.guideline import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS = {
    "deployed": 8,
    "tools": 6,
    "clients": 10,
    "future": 11,
    "complete": 8,
    "stable": 9,
    "discover": 8,
    "doc": 8,
    "sticky": 9,
    "foundation": 9,
    "atomic": 6,
    "proximity": 8,
}
"""The published weights; they sum to 100."""
ALL = tuple(sorted(WEIGHTS))


def uid(number: int) -> str:
    """Return the id of test ``number``."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def t(number: int, name: str = "", *, flag: str = "") -> m.Test:
    """Return test ``number``; ``flag`` is the reason of its flag."""
    found = m.Flag(flag, "wait", "2026-01-01") if flag else None
    return m.Test(uid(number), name or f"test_{number}", (), found)


def capability(name: str, *tests: m.Test, **fields: Any) -> m.Capability:  # noqa: ANN401 - of the capability
    """Return a capability that meets every criterion."""
    values: dict[str, Any] = {
        "description": f"A user can {name}.",
        "project": "swift",
        "achievements": ALL,
        "admin": False,
        "required_since": None,
    } | fields
    return m.Capability(name=name, tests=tests, **values)


def component(name: str = "store", *, sections: Mapping[str, str] | None = None, **states: Any) -> m.Component:  # noqa: ANN401
    """Return a component; each state takes the names of its capabilities, divided by spaces."""
    held = tuple((state, tuple(states.get(state.value, "").split())) for state in m.State)
    parts = tuple((state, tuple((sections or {}).get(state.value, "").split())) for state in m.State)
    return m.Component(name, held, parts)


def guideline(*capabilities: m.Capability, **fields: Any) -> m.Guideline:  # noqa: ANN401 - of the guideline
    """Return a guideline with one program and the published criteria; without a component all is required in it."""
    names = " ".join(item.name for item in capabilities)
    parts = fields.pop("components", (component(required=names),))
    programs = (m.Program("store", "Store", m.Kind.PLATFORM, "", tuple(m.ComponentRef(item.name) for item in parts)),)
    values: dict[str, Any] = {
        "id": "2026.05",
        "schema": "2.0",
        "status": m.Status.APPROVED,
        "source": "here",
        "reference": "docs",
        "replaces": None,
        "releases": ("2026.1",),
        "target_approval": None,
        "authority": m.Authority("us", "our mark", "unread", "2016A"),
        "scoring": m.Scoring(74, tuple(m.Criterion(key, key, "", weight) for key, weight in WEIGHTS.items())),
        "programs": programs,
        "components": parts,
        "capabilities": capabilities,
        "designated_sections": (),
        "test_repositories": (),
    } | fields
    return m.Guideline(**values)


def draft(*capabilities: m.Capability, **fields: Any) -> m.Guideline:  # noqa: ANN401 - of the guideline
    """Return a draft that replaces the guideline that ``guideline`` returns."""
    return guideline(*capabilities, **{"id": "2026.11", "status": m.Status.DRAFT, "replaces": "2026.05", **fields})
