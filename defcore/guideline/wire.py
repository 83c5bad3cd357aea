"""Schema 2.0 as it stands in a file: closed shapes, nothing interpreted yet."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from defcore.guideline.model import Status

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Closed(BaseModel):
    """Refuses unknown keys; takes a value as it is (a string is no number)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Criterion(Closed):
    """One weighted criterion."""

    name: str
    description: str
    weight: Annotated[int, Field(ge=0, le=100)]


class Scoring(Closed):
    """Cutoff and criteria; a file before 2016.01 has no cutoff."""

    cutoff_score: Annotated[int, Field(ge=0, le=100)] | None = None
    criteria: dict[Name, Criterion]


class Approval(Closed):
    """Status of the guideline and the releases that it applies to (process D1.4)."""

    target_approval: str | None = None
    replaces: str | None = None
    releases: list[Name]
    status: Annotated[Status, Field(strict=False)]


class Authority(Closed):
    """Our addition to schema 2.0: who grants which mark, and what an unreviewed result is labelled."""

    name: Name
    mark: Name
    label: Name
    process: Name


class Metadata(Closed):
    """The header."""

    id: Name
    schema_: Literal["2.0"] = Field(alias="schema")
    reference: str
    source: str
    authority: Authority | None = None
    scoring: Scoring
    os_trademark_approval: Approval


class ComponentRef(Closed):
    """A component, perhaps of another file."""

    name: Name
    source: str | None = None


class Platform(Closed):
    """A platform, an add-on or a vertical."""

    description: str
    components: list[ComponentRef]
    required_platform_components: list[ComponentRef] | None = None
    optional_platform_components: list[ComponentRef] | None = None


class States(Closed):
    """Names by state."""

    required: list[Name] = Field(default_factory=list)
    advisory: list[Name] = Field(default_factory=list)
    deprecated: list[Name] = Field(default_factory=list)
    removed: list[Name] = Field(default_factory=list)


class Component(Closed):
    """Capabilities and designated sections by state."""

    capabilities: States
    designated_sections: States = Field(default_factory=States)


class Flag(Closed):
    """Why a test is excused."""

    reason: str
    action: str
    date: str


class Test(Closed):
    """A test by its idempotent id. The published files say ``flagged`` where their document says ``flag``."""

    __test__ = False

    idempotent_id: Annotated[
        str,
        StringConstraints(
            pattern=r"^id-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ),
    ]
    aliases: list[Name] | None = None
    flagged: Flag | None = None


class Capability(Closed):
    """A capability and its tests by name."""

    achievements: list[Name]
    admin: bool
    description: str
    project: Name
    required_since: str | None = None
    score_source: Name | None = None
    tests: dict[Name, Test]


class Part(Closed):
    """A part of a project's code."""

    description: str
    designated: bool
    comment: str | None = None


class Section(Closed):
    """Designation of a project at one status."""

    guidance: str
    comment: str | None = None
    sections: dict[Name, Part]


class Repository(Closed):
    """Where tests of another engine live."""

    repository: str
    reference: str
    description: str


class Document(Closed):
    """A whole file of schema 2.0."""

    metadata: Metadata
    platforms: dict[Name, Platform] | None = None
    add_ons: dict[Name, Platform] | None = Field(default=None, alias="add-ons")
    verticals: dict[Name, Platform] | None = None
    components: dict[Name, Component]
    capabilities: dict[Name, Capability]
    designated_sections: dict[Name, dict[Name, Section]]
    test_repositories: dict[Name, Repository]
