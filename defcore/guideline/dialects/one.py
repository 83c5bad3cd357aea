"""What the dialects 1.2 to 1.6 have in common: header at the top, hyphens, designated sections by status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from defcore.guideline import model
from defcore.guideline.build import PUBLISHED_AUTHORITY, is_published_source
from defcore.guideline.wire import Closed, Name, Part, States

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from defcore.strictjson import Path

PLATFORM = "OpenStack Powered Platform"
"""The one program that these dialects know; its name stands in no file. A component alone is named by its key."""

KEYS = {
    "required_since": "required-since",
    "designated_sections": "designated-sections",
    "test_repositories": "test-repositories",
    "description": "Description",
}
"""Spellings of schema 2.0 in an older file. ``description`` is meant for criteria alone (see ``repairs``)."""


class Criterion(Closed):
    """One weighted criterion."""

    name: str
    description: str = Field(alias="Description")
    weight: Annotated[int, Field(ge=0, le=100)]


class Repository(Closed):
    """Where the tests live."""

    git_sha: str = Field(alias="git-sha")
    url: str


def _empty_list(value: object) -> object:
    # 1.2 writes an empty list where the others have an empty object.
    return {} if value == [] else value


class Section(Closed):
    """Designation of a project at one status. ``required`` repeats the status and is left out."""

    guidance: str
    comment: str | None = None
    required: bool | None = None
    sections: Annotated[dict[Name, Part], BeforeValidator(_empty_list)]


class Capability(Closed):
    """What every capability says of itself; ``name``, ``status`` and ``guidelines`` are leftovers of 1.2."""

    achievements: list[Name]
    admin: bool
    description: str
    project: Name
    name: str | None = None
    status: str | None = None
    guidelines: list[str] | None = None
    flagged: list[Name] = Field(default_factory=list)


class Document(Closed):
    """The whole file but its capabilities."""

    id: Name
    source: str
    reference: str = ""
    status: Annotated[model.Status, Field(strict=False)]
    replaces: str | None = None
    target_approval: str | None = None
    cutoff_score: Annotated[str, StringConstraints(pattern=r"^(?:\d|[1-9]\d|100)$")] | None = None
    releases: list[Name]
    platform: States
    components: dict[Name, States]
    criteria: dict[Name, Criterion]
    designated_sections: dict[Name, dict[Name, Section]] = Field(alias="designated-sections", default_factory=dict)
    test_repositories: dict[Name, Repository] = Field(alias="test-repositories", default_factory=dict)


Schema = Literal["1.3", "1.4", "1.5", "1.6"]


def states(item: States) -> tuple[tuple[model.State, tuple[str, ...]], ...]:
    """Turn names by state into the model's."""
    return tuple((state, tuple(getattr(item, state.value))) for state in model.State)


def header(document: Document, schema: str, capabilities: tuple[model.Capability, ...]) -> model.Guideline:
    """Put a guideline together out of the common parts and its capabilities."""
    return model.Guideline(
        id=document.id,
        schema=schema,
        status=document.status,
        source=document.source,
        reference=document.reference,
        replaces=document.replaces,
        releases=tuple(document.releases),
        target_approval=document.target_approval,
        authority=PUBLISHED_AUTHORITY,
        scoring=model.Scoring(
            int(document.cutoff_score) if document.cutoff_score is not None else None,
            tuple(
                model.Criterion(key, item.name, item.description, item.weight)
                for key, item in document.criteria.items()
            ),
        ),
        programs=(
            model.Program(
                model.slug(PLATFORM),
                PLATFORM,
                model.Kind.PLATFORM,
                "",
                tuple(model.ComponentRef(name) for name in document.platform.required),
            ),
        ),
        components=tuple(
            model.Component(name, states(item), _sections_of(item, document, capabilities))
            for name, item in document.components.items()
        ),
        capabilities=capabilities,
        designated_sections=tuple(
            model.DesignatedSection(
                project,
                status,
                item.guidance,
                item.comment,
                tuple(
                    model.Part(name, part.description, part.designated, part.comment)
                    for name, part in item.sections.items()
                ),
            )
            for status, projects in document.designated_sections.items()
            for project, item in projects.items()
        ),
        test_repositories=tuple(
            model.TestRepository(name, item.url, item.git_sha, "") for name, item in document.test_repositories.items()
        ),
    )


def left_out(document: Document, capabilities: Mapping[str, Capability]) -> Iterator[tuple[Path, str]]:
    """Say what of a file has no place in the model, so that nobody thinks that it was carried over."""
    if not is_published_source(document.source):
        yield ("source",), "the source is none of the old working group's; read as one of its files all the same"
    for state in (model.State.ADVISORY, model.State.DEPRECATED, model.State.REMOVED):
        for index, name in enumerate(getattr(document.platform, state.value)):
            path: Path = ("platform", state.value, index)
            yield (
                path,
                f"component {name!r} is {state.value} in the platform: schema 2.0 has no place for that, left out",
            )
    for key, item in capabilities.items():
        if item.name not in (None, key):
            yield ("capabilities", key, "name"), f"the name {item.name!r} is left out, the key {key!r} is its name"
    for status, projects in document.designated_sections.items():
        for project, section in projects.items():
            if section.required is not None:
                yield (
                    ("designated-sections", status, project, "required"),
                    f"key 'required' left out, the section stands under {status!r}",
                )


def place(path: Path) -> Path:
    """Return where an older file has what schema 2.0 has at ``path``."""
    match path:
        case ("platforms", _, "components", index, *_):
            path = ("platform", "required", index)
        case ("components", name, "capabilities", *rest):
            path = ("components", name, *rest)
        case ("components", name, "designated_sections", *_):
            path = ("components", name)
        case ("designated_sections", project, status, *rest):
            path = ("designated-sections", status, project, *rest)
        case ("metadata", "scoring" | "os_trademark_approval", *rest):
            path = tuple(rest)
        case ("metadata", *rest):
            path = tuple(rest)
        case ("designated_sections" | "test_repositories" as key, *rest):
            path = (str(key).replace("_", "-"), *rest)
        case ("capabilities", name, "required_since"):
            path = ("capabilities", name, "required-since")
    return path


def _sections_of(
    component: States, document: Document, capabilities: Iterable[model.Capability]
) -> tuple[tuple[model.State, tuple[str, ...]], ...]:
    """Give a component the designated sections of the projects that its required capabilities need (process D3.1).

    Up to 1.6 they are listed for the guideline as a whole.
    """
    required = set(component.required)
    projects = {item.project for item in capabilities if item.name in required}
    found = []
    seen: set[str] = set()
    for state in model.State:
        names = tuple(name for name in document.designated_sections.get(state.value, {}) if name in projects - seen)
        seen.update(names)
        found.append((state, names))
    return tuple(found)
