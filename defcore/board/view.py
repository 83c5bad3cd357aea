"""A readable guideline as plain values: every word that the page shows is made here, none in a template."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.guideline.criteria import score_of
from defcore.guideline.diff import must_pass
from defcore.guideline.diffwords import plural
from defcore.guideline.history import histories, words
from defcore.guideline.model import State, Status
from defcore.score import required_sections

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.guideline.history import History
    from defcore.guideline.model import Capability, DesignatedSection, Guideline, GuidelineFile, Program, Test
    from defcore.suite.collect import SuiteTest
    from defcore.suite.strength import Strength

STATES = {
    State.REQUIRED: "required",
    State.ADVISORY: "advisory: tested and shown, decides nothing",
    State.DEPRECATED: "deprecated: tested and shown, decides nothing, may go next time",
    State.REMOVED: "removed",
    None: "in no component: not judged",
}
_STANDING = {
    Status.DRAFT: "This is a draft. Nobody has approved it, and it may change.",
    Status.REVIEW: "This is under review. Nobody has approved it, and it may change.",
    Status.ADVISORY: "This is under review. Nobody has approved it, and it may change.",
    Status.SUPERSEDED: "This guideline is superseded: results under it stay, and new ones no longer count.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value; a ``wide`` one has a line of its own, a ``code`` value is shown as it is typed."""

    term: str
    value: str
    code: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class TestView:
    """One test. ``says`` and ``link`` come from the suite and are empty for a test that it does not have."""

    name: str
    id: str
    says: str
    link: str
    needs: str
    flag: str


@dataclass(frozen=True, slots=True)
class CapabilityView:
    """One capability with everything that a vendor asks about it."""

    name: str
    anchor: str
    description: str
    state: str
    decides: bool
    components: str
    score: str
    history: str
    figure: str
    strength: str
    tests: tuple[TestView, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The capabilities of one project."""

    project: str
    anchor: str
    figure: str
    capabilities: tuple[CapabilityView, ...]


@dataclass(frozen=True, slots=True)
class ProgramView:
    """What a product must do for one program."""

    name: str
    key: str
    description: str
    figure: str
    sections: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """What of one project's code is designated. ``parts`` are (name, designated or not, description)."""

    project: str
    standing: str
    guidance: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class GuidelineView:
    """A guideline for people."""

    title: str
    subtitle: str
    notices: tuple[str, ...]
    facts: tuple[Fact, ...]
    programs: tuple[ProgramView, ...]
    groups: tuple[Group, ...]
    sections: tuple[SectionView, ...]
    criteria: tuple[tuple[str, str, str], ...]
    cutoff: str
    history: str


def build_view(
    source: GuidelineFile,
    suite: Mapping[str, SuiteTest],
    past: Sequence[Guideline] = (),
    proof: Strength | None = None,
) -> GuidelineView:
    """Word a guideline.

    ``suite`` are the project's own tests by id, ``past`` the guidelines that tell its history, ``proof`` what the tests
    have been shown to notice.
    """
    guideline = source.guideline
    lives = histories(guideline, past)
    told = sorted({item.id for item in past if item.id < guideline.id})
    return GuidelineView(
        title=f"Guideline {guideline.id}",
        subtitle=f"{plural(len(guideline.programs), 'program')}, {plural(len(guideline.capabilities), 'capability')}. "
        f"Status: {guideline.status.value}. Mark: {guideline.authority.mark}.",
        notices=tuple(_notices(guideline)),
        facts=tuple(_facts(source)),
        programs=tuple(_program(guideline, item, suite) for item in guideline.programs),
        groups=tuple(_groups(guideline, suite, lives, proof)),
        sections=tuple(_section(item) for item in guideline.designated_sections),
        criteria=tuple((item.name, str(item.weight), item.description) for item in guideline.scoring.criteria),
        cutoff=_cutoff(guideline),
        history=f"History from: {', '.join(told)} and {guideline.id}." if told else "",
    )


def anchor(name: str) -> str:
    """Make an id for a place in a page: the name itself where it can be one, else a digest of it."""
    plain = re.fullmatch(r"[\w.-]+", name, re.ASCII)
    return f"c-{name if plain else hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _notices(guideline: Guideline) -> list[str]:
    found = [_STANDING[guideline.status]] if guideline.status in _STANDING else []
    untested = [
        item.name
        for item in guideline.capabilities
        if _state(guideline, item) is State.REQUIRED and all(test.flag for test in item.tests)
    ]
    if untested:
        found.append(f"Required, but with no unflagged test, so that nothing decides: {', '.join(untested)}.")
    return found


def _facts(source: GuidelineFile) -> list[Fact]:
    guideline = source.guideline
    return [
        Fact("Authority", guideline.authority.name),
        Fact("Releases that it covers", ", ".join(guideline.releases) or "none named"),
        Fact("Replaces", guideline.replaces or "nothing"),
        Fact("Process", guideline.authority.process),
        Fact("Label of a result that nobody reviewed", guideline.authority.label, wide=True),
        Fact("sha256 of the file", source.provenance.digest, code=True, wide=True),
    ]


def _program(guideline: Guideline, program: Program, suite: Mapping[str, SuiteTest]) -> ProgramView:
    tests = must_pass(guideline, program)
    ours = sum(key in suite for key in tests)
    held = [item for item in guideline.capabilities if _in_program(guideline, program, item)]
    figure = f"{plural(len(held), 'required capability')}, {plural(len(tests), 'test')} that must pass"
    figure += f", {ours} of them among defcore's own tests" if suite else ""
    sections = required_sections(guideline, program)
    far = [item.name for item in program.required_platform_components if guideline.component(item.name) is None]
    host = f" It also needs {', '.join(far)} of its host platform." if far else ""
    return ProgramView(
        program.name,
        program.key,
        program.description,
        f"{figure}.{host}",
        f"Contain the designated code of {', '.join(sections)}." if sections else "No code is designated.",
        ("defcore certify --cloud NAME \\", f"  --guideline {guideline.id} \\", f"  --program {program.key}"),
    )


def _in_program(guideline: Guideline, program: Program, item: Capability) -> bool:
    names = {ref.name for ref in (*program.components, *program.required_platform_components)}
    parts = [part for part in guideline.components if part.name in names]
    return any(part.state_of(item.name) is State.REQUIRED for part in parts)


def _groups(
    guideline: Guideline, suite: Mapping[str, SuiteTest], lives: Mapping[str, History], proof: Strength | None
) -> list[Group]:
    order = list(State)
    found = []
    for project in sorted({item.project for item in guideline.capabilities}):
        inside = [item for item in guideline.capabilities if item.project == project]
        states = {item.name: _state(guideline, item) for item in inside}
        inside.sort(key=lambda item: (order.index(state) if (state := states[item.name]) else len(order), item.name))
        counts = [(state, sum(found is state for found in states.values())) for state in (*order, None)]
        figure = ", ".join(f"{count} {state.value if state else 'in no component'}" for state, count in counts if count)
        views = tuple(_capability(guideline, item, suite, lives[item.name], proof) for item in inside)
        found.append(Group(project, f"p{anchor(project)}", figure, views))
    return found


def _capability(
    guideline: Guideline, item: Capability, suite: Mapping[str, SuiteTest], life: History, proof: Strength | None
) -> CapabilityView:
    state = _state(guideline, item)
    flagged = sum(test.flag is not None for test in item.tests)
    figure = plural(len(item.tests), "test") + (f", {flagged} excused" if flagged else "")
    homes = [part.name for part in guideline.components if part.state_of(item.name) is not None]
    return CapabilityView(
        item.name,
        anchor(item.name),
        item.description,
        STATES[state],
        state is State.REQUIRED,
        ", ".join(homes),
        _score(guideline, item),
        words(life),
        figure,
        str(proof.together(test.id for test in item.tests)) if proof else "",
        tuple(_test(test, suite.get(test.id)) for test in item.tests),
    )


def _test(test: Test, ours: SuiteTest | None) -> TestView:
    flag = f"Excused since {test.flag.date}. {test.flag.reason} {test.flag.action}" if test.flag else ""
    if ours is None:
        return TestView(test.name, test.id, "", "", "", flag)
    needs = f"Needs besides an ordinary account: {', '.join(ours.meta.needs)}." if ours.meta.needs else ""
    says = ours.says.splitlines()[0] if ours.says else ""
    link = ours.meta.reference if ours.meta.reference.startswith("https://") else ""
    return TestView(test.name, test.id, says, link, needs, flag)


def _score(guideline: Guideline, item: Capability) -> str:
    if not guideline.scoring.criteria:
        return ""
    cutoff = guideline.scoring.cutoff
    lacks = [each.name for each in guideline.scoring.criteria if each.key not in item.achievements]
    text = f"{score_of(guideline, item)}" + (f", needs {cutoff}" if cutoff is not None else "")
    text += f"; not: {', '.join(lacks)}" if lacks else "; meets every criterion"
    return f"{text} (source: {item.score_source})" if item.score_source else text


def _section(item: DesignatedSection) -> SectionView:
    parts = tuple(
        (part.name, "designated" if part.designated else "not designated", part.description) for part in item.parts
    )
    return SectionView(item.project, item.status, item.guidance, parts)


def _cutoff(guideline: Guideline) -> str:
    if guideline.scoring.cutoff is None:
        return "The guideline has no cutoff."
    total = sum(item.weight for item in guideline.scoring.criteria)
    return (
        f"A capability scores the sum of the weights of the criteria that it meets, of {total} in all; "
        f"it needs {guideline.scoring.cutoff} to be required, and one that needs an administrator cannot be."
    )


def _state(guideline: Guideline, item: Capability) -> State | None:
    states = [state for part in guideline.components if (state := part.state_of(item.name)) is not None]
    return min(states, key=lambda state: state.rank, default=None)
