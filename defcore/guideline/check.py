"""What a guideline must hold together in itself: no dangling reference, nothing doubled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.model import Guideline
    from defcore.strictjson import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that makes a guideline unusable, and its place in the file.

    ``published`` marks what published guidelines are known to hold; those are taken as they are, with a warning.
    """

    path: Path
    message: str
    published: bool = False


def problems(guideline: Guideline) -> list[Problem]:
    """Return all problems, in the order of the file."""
    return [
        *_programs(guideline),
        *_components(guideline),
        *_ids(guideline),
        *_achievements(guideline),
    ]


_FIELDS = {"platform": "platforms", "add-on": "add-ons", "vertical": "verticals"}


def _programs(guideline: Guideline) -> Iterator[Problem]:
    known = {item.name for item in guideline.components}
    keys = Counter(item.key for item in guideline.programs)
    for program in guideline.programs:
        base: Path = (_FIELDS[program.kind.value], program.name)
        if not program.key:
            yield Problem(base, f"the name {program.name!r} has no letter or digit to make a key of")
        elif keys[program.key] > 1:
            yield Problem(base, f"two programs have the key {program.key!r}")
        for field in ("components", "required_platform_components", "optional_platform_components"):
            for index, ref in enumerate(getattr(program, field)):
                if ref.source is None and ref.name not in known:
                    yield Problem((*base, field, index, "name"), f"no component is named {ref.name!r}")


def _components(guideline: Guideline) -> Iterator[Problem]:
    capabilities = {item.name for item in guideline.capabilities}
    projects = {item.project for item in guideline.designated_sections}
    for component in guideline.components:
        for field, states, known in (
            ("capabilities", component.capabilities, capabilities),
            ("designated_sections", component.designated_sections, projects),
        ):
            seen: dict[str, str] = {}
            for state, names in states:
                for index, name in enumerate(names):
                    path: Path = ("components", component.name, field, state.value, index)
                    # What was removed may be gone from the file as well.
                    if name not in known and state.value != "removed":
                        yield Problem(path, f"{name!r} is not among the {field.replace('_', ' ')}")
                    if name in seen:
                        yield Problem(path, f"{name!r} is named twice, first as {seen[name]}")
                    seen.setdefault(name, state.value)


def _ids(guideline: Guideline) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for capability in guideline.capabilities:
        seen: set[str] = set()
        for test in capability.tests:
            path: Path = ("capabilities", capability.name, "tests", test.name, "idempotent_id")
            if test.id in seen:
                yield Problem(path, f"id {test.id} stands twice in {capability.name!r}", published=True)
            elif names.setdefault(test.id, test.name) != test.name:
                yield Problem(path, f"id {test.id} is already that of {names[test.id]!r}", published=True)
            seen.add(test.id)


def _achievements(guideline: Guideline) -> Iterator[Problem]:
    known = {item.key for item in guideline.scoring.criteria}
    for capability in guideline.capabilities:
        for index, name in enumerate(capability.achievements):
            if name not in known:
                yield Problem(
                    ("capabilities", capability.name, "achievements", index), f"no criterion is named {name!r}"
                )
