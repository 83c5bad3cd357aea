"""A guideline as everything inside defcore sees it: plain frozen values, whatever dialect the file had."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from defcore.guideline.ids import nameless_id


class State(StrEnum):
    """The four states of a capability or a designated section in a component."""

    REQUIRED = "required"
    ADVISORY = "advisory"
    DEPRECATED = "deprecated"
    REMOVED = "removed"

    @property
    def rank(self) -> int:
        """Strictness: the lower, the stricter. The strictest state wins where components overlap."""
        return _STRICTNESS[self]


_STRICTNESS = {state: place for place, state in enumerate(State)}


class Status(StrEnum):
    """How far a guideline has come (process D4; ``advisory`` is schema 2.0's word for ``review``)."""

    DRAFT = "draft"
    REVIEW = "review"
    ADVISORY = "advisory"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class Kind(StrEnum):
    """What sort of program a mark is given for."""

    PLATFORM = "platform"
    ADD_ON = "add-on"
    VERTICAL = "vertical"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True)
class Flag:
    """Why a test is excused from must-pass, what will end that, and since when (process D307)."""

    reason: str
    action: str
    date: str


@dataclass(frozen=True, slots=True)
class Test:
    """One executable check. ``id`` is a bare lowercase UUID; ``name`` is the key in the file."""

    __test__ = False

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    flag: Flag | None = None

    @property
    def by_name(self) -> bool:
        """Tell whether only the name is known (schema 1.2); the id is then a stand-in made of the name."""
        return self.id == nameless_id(self.name)


@dataclass(frozen=True, slots=True)
class Capability:
    """A named piece of functionality and the tests that prove it. ``score_source`` says who gave the achievements."""

    name: str
    description: str
    project: str
    achievements: tuple[str, ...]
    admin: bool
    required_since: str | None
    tests: tuple[Test, ...]
    score_source: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a project's code and whether a product must really contain it."""

    name: str
    description: str
    designated: bool
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class DesignatedSection:
    """What of one project's code is designated, at one status (``required``, ``informational`` …)."""

    project: str
    status: str
    guidance: str
    comment: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ComponentRef:
    """A component that a program names; ``source`` is set when another file defines it."""

    name: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """Capabilities and designated sections that belong together, by state."""

    name: str
    capabilities: tuple[tuple[State, tuple[str, ...]], ...]
    designated_sections: tuple[tuple[State, tuple[str, ...]], ...]

    def state_of(self, capability: str) -> State | None:
        """Return the strictest state that this component gives ``capability``, or None."""
        states = [state for state, names in self.capabilities if capability in names]
        return min(states, key=lambda state: state.rank, default=None)


@dataclass(frozen=True, slots=True)
class Program:
    """A set of components that a mark is given for. ``key`` is the slug of ``name``."""

    key: str
    name: str
    kind: Kind
    description: str
    components: tuple[ComponentRef, ...]
    required_platform_components: tuple[ComponentRef, ...] = ()
    optional_platform_components: tuple[ComponentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the weighted criteria by which capabilities are scored."""

    key: str
    name: str
    description: str
    weight: int


@dataclass(frozen=True, slots=True)
class Scoring:
    """The criteria and the score that a capability needs to be required."""

    cutoff: int | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """Who gives the mark, what it is called, what an unreviewed result is labelled, by which process."""

    name: str
    mark: str
    label: str
    process: str


@dataclass(frozen=True, slots=True)
class TestRepository:
    """Where tests of other engines live, pinned by a revision."""

    __test__ = False

    name: str
    repository: str
    reference: str
    description: str


class RepairKind(StrEnum):
    """What became of an oddity: it was read as meant, taken as it is, or left out for want of a place for it."""

    SLIP = "slip"
    TAKEN = "taken"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Repair:
    """A known oddity of a published file: what was made of it, at which JSON path, on which line."""

    path: str
    line: int
    message: str
    kind: RepairKind = RepairKind.SLIP


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a guideline came from. ``digest`` is the sha256 (hex) of ``content``, the file's exact bytes."""

    file: str
    digest: str
    content: bytes = field(repr=False)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Guideline:
    """A dated document that says which capabilities a product must have and which tests prove each."""

    id: str
    schema: str
    status: Status
    source: str
    reference: str
    replaces: str | None
    releases: tuple[str, ...]
    target_approval: str | None
    authority: Authority
    scoring: Scoring
    programs: tuple[Program, ...]
    components: tuple[Component, ...]
    capabilities: tuple[Capability, ...]
    designated_sections: tuple[DesignatedSection, ...]
    test_repositories: tuple[TestRepository, ...]

    def capability(self, name: str) -> Capability | None:
        """Return the capability of that name, or None."""
        return next((item for item in self.capabilities if item.name == name), None)

    def component(self, name: str) -> Component | None:
        """Return the component of that name, or None."""
        return next((item for item in self.components if item.name == name), None)

    def program(self, word: str) -> Program | None:
        """Find a program by key, display name, or component name (which means that component alone)."""
        for item in self.programs:
            if word in (item.key, item.name):
                return item
        if component := self.component(word):
            return Program(word, word, Kind.COMPONENT, "", (ComponentRef(component.name),))
        return None


@dataclass(frozen=True, slots=True)
class GuidelineFile:
    """A guideline together with the bytes that it was read from."""

    guideline: Guideline
    provenance: Provenance


def slug(name: str) -> str:
    """Turn a display name into a program key: ``OpenStack Powered Storage`` → ``openstack-powered-storage``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
