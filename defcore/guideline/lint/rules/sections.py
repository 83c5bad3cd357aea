"""Designated sections: what code a product must really contain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Hit, Looks, Pair, Rule, Severity, Subject
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.lint.model import Check


def added(pair: Pair) -> Iterator[Hit]:
    """Required only after advisory."""
    before = _statuses(pair.old)
    for project, statuses in _statuses(pair.new).items():
        if "required" in statuses and not before.get(project, set()) & {"required", "advisory"}:
            message = f"the sections of {project} are required, but were not advisory in {pair.old.guideline.id}"
            yield Hit(project, message, ("designated_sections", project, "required"))


def removed(pair: Pair) -> Iterator[Hit]:
    """Removed only after deprecated."""
    after = _statuses(pair.new)
    for project, statuses in _statuses(pair.old).items():
        if "required" in statuses and not after.get(project, set()) & {"required", "advisory", "deprecated"}:
            message = f"the sections of {project} were required in {pair.old.guideline.id} and are gone"
            yield Hit(project, f"{message}, without having been deprecated", ("designated_sections",))


def idle(subject: Subject) -> Iterator[Hit]:
    """Enforced only where a capability is required."""
    projects = {item.name: item.project for item in subject.guideline.capabilities}
    for component in subject.guideline.components:
        needed = {
            projects[name] for state, names in component.capabilities for name in names if state is State.REQUIRED
        }
        for state, names in component.designated_sections:
            for index, project in enumerate(names):
                if state is State.REQUIRED and project not in needed:
                    message = (
                        f"component {component.name} requires the sections of {project}, but no capability of it: they "
                        "are not enforced"
                    )
                    path = ("components", component.name, "designated_sections", state.value, index)
                    yield Hit(f"{component.name}: {project}", message, path)


def undefined(subject: Subject) -> Iterator[Hit]:
    """What is required is defined as required."""
    statuses = _statuses(subject)
    for component in subject.guideline.components:
        for state, names in component.designated_sections:
            for index, project in enumerate(names):
                if state is State.REQUIRED and "required" not in statuses.get(project, set()):
                    message = f"component {component.name} requires the sections of {project}, which are none"
                    path = ("components", component.name, "designated_sections", state.value, index)
                    yield Hit(f"{component.name}: {project}", message, path)


def _statuses(subject: Subject) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for item in subject.guideline.designated_sections:
        found.setdefault(item.project, set()).add(item.status)
    return found


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "section-unannounced",
            "Designated sections become required only if they were advisory in the guideline before.",
            "A3.2",
            editions.EVERY,
            Looks.PAIR,
        ),
        added,
    ),
    (
        Rule(
            "section-removed-unannounced",
            "Designated sections are removed only if they were deprecated in the guideline before.",
            "A3.1",
            editions.EVERY,
            Looks.PAIR,
        ),
        removed,
    ),
    (
        Rule(
            "section-idle",
            "Designated sections are enforced only for projects with required capabilities.",
            "D3, D3.1",
            editions.EVERY,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
            note="They may be described for any project: an informational section is no finding.",
        ),
        idle,
    ),
    (
        Rule(
            "section-undefined",
            "What a component requires of a project's code is written down.",
            "A3.8",
            editions.EVERY,
            Looks.FILE,
        ),
        undefined,
    ),
)
