"""Pages made of sentences under headings: a diff for the meeting, and the pack for a review meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.board.impactwords import evidence, sections
from defcore.guideline import diffwords
from defcore.guideline.criteria import Kind, standings
from defcore.guideline.diff import must_pass
from defcore.guideline.diffwords import Section, plural
from defcore.guideline.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.board.sweep import Swept
    from defcore.guideline.diff import Diff
    from defcore.guideline.lint import Outcome
    from defcore.guideline.model import Guideline
    from defcore.suite.collect import SuiteTest


@dataclass(frozen=True, slots=True)
class Part:
    """Headings with their sentences; ``title`` is empty where one part is all."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of a page."""

    title: str
    anchor: str
    lead: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class NotesView:
    """A whole page."""

    title: str
    subtitle: str
    chapters: tuple[Chapter, ...]


def diff_view(diff: Diff) -> NotesView:
    """Lay out a diff as a page."""
    return NotesView(diffwords.title(diff), "Tests are matched by their ids.", (_changes(diff),))


def pack(
    draft: Guideline,
    diff: Diff,
    checked: Outcome,
    swept: Swept | None,
    suite: Mapping[str, SuiteTest],
) -> NotesView:
    """Lay out what a review meeting needs: what is open, what changes, what the rules say, whom it would touch."""
    asked = questions(draft, swept, suite)
    chapters = (
        Chapter(
            "Open questions",
            "questions",
            "" if asked else "The tools see no question that is left open.",
            (Part("", asked),) if asked else (),
        ),
        _changes(diff),
        _lint(checked),
        _impact(swept),
    )
    return NotesView(
        f"Review of guideline {draft.id}",
        f"Against {diff.before}. Status: {draft.status.value}.",
        chapters,
    )


def questions(draft: Guideline, swept: Swept | None, suite: Mapping[str, SuiteTest]) -> tuple[Section, ...]:
    """Put into words what the meeting has to decide; a heading without a question is left out."""
    found = (
        Section("Capabilities", tuple(_of_capabilities(draft))),
        Section("Flags", tuple(_of_flags(draft))),
        Section("Tests", tuple(_of_tests(draft, suite))),
        Section("Products", tuple(_of_products(swept))),
    )
    return tuple(item for item in found if item.items)


def _changes(diff: Diff) -> Chapter:
    note = diffwords.release_note(diff)
    return Chapter("What changes", "changes", "" if note else "Nothing differs.", (Part("", note),) if note else ())


def _lint(checked: Outcome) -> Chapter:
    by_severity: dict[str, list[str]] = {}
    for item in checked.findings:
        by_severity.setdefault(str(item.severity), []).append(f"{item.rule}: {item.message}")
    told = [Section(word.capitalize(), tuple(items)) for word, items in by_severity.items()]
    if checked.excepted:
        lines = (f"{item.rule}: {item.subject}: {why.reason} (until {why.end})" for item, why in checked.excepted)
        told.append(Section("Justified exceptions", tuple(lines)))
    counted = ", ".join(plural(len(items), word) for word, items in by_severity.items())
    lead = f"{counted}." if counted else "No rule is broken."
    return Chapter("What the rules say", "rules", lead, (Part("", tuple(told)),) if told else ())


def _impact(swept: Swept | None) -> Chapter:
    title, place = "Whom it would touch", "impact"
    if swept is None:
        return Chapter(title, place, "No stored results were given, so nobody can say whom this would hurt.")
    parts = (
        Part("What this rests on", (Section("", evidence(swept)),)),
        *(Part(f"{item.name} ({plural(item.required, 'required test')})", sections(item)) for item in swept.programs),
    )
    return Chapter(title, place, "", parts)


def _of_capabilities(draft: Guideline) -> Iterable[str]:
    cutoff = draft.scoring.cutoff
    for item in standings(draft):
        if item.kind is Kind.ADMIN:
            yield f"{item.name} is required and marked as needing an administrator. Which of the two is wrong?"
        elif item.kind in (Kind.BELOW, Kind.UNSCORED, Kind.STALE):
            why = {
                Kind.BELOW: "is below the cutoff: deprecate it, or score it anew?",
                Kind.UNSCORED: "was never scored: who scores it?",
                Kind.STALE: "would reach the cutoff with 'sticky': is that out of date?",
            }[item.kind]
            yield f"{item.name} is required with {item.score} of {cutoff}. It {why}"
        elif item.kind is Kind.COULD:
            step = "propose it" if item.state is None else "promote it"
            yield f"{item.name} reaches the cutoff with {item.score} and is not required. Does anybody want to {step}?"
        elif item.state is None:
            yield f"{item.name} is in no component, so it is never judged. Propose it, or leave it out?"
        elif item.state is State.DEPRECATED:
            yield f"{item.name} is deprecated. Shall it go next time?"
    for capability in draft.capabilities:
        required = any(part.state_of(capability.name) is State.REQUIRED for part in draft.components)
        if required and all(test.flag for test in capability.tests):
            yield f"{capability.name} is required and nothing tests it. Who writes a test that needs no flag?"


def _of_flags(draft: Guideline) -> Iterable[str]:
    flagged = {test.id: (item.name, test) for item in draft.capabilities for test in item.tests if test.flag}
    if flagged:
        many = plural(len(flagged), "test")
        yield f"{many} flagged: which can be lifted before approval (D312), and which stay, justified (D2.1)?"
    for name, test in flagged.values():
        if test.flag is not None:
            yield f"{test.name} ({name}), since {test.flag.date}. {test.flag.reason} {test.flag.action}"


def _of_tests(draft: Guideline, suite: Mapping[str, SuiteTest]) -> Iterable[str]:
    for program in draft.programs:
        tests = must_pass(draft, program)
        missing = [key for key in tests if key not in suite]
        if missing:
            yield (
                f"{program.name}: {len(missing)} of {plural(len(tests), 'required test')} can only be run with another "
                "engine (Tempest). Is that what vendors are to do?"
            )


def _of_products(swept: Swept | None) -> Iterable[str]:
    if swept is None:
        yield "No stored results were looked at. Who brings some?"
        return
    for item in swept.programs:
        if item.loses:
            yield f"{item.name}: {plural(len(item.loses), 'result')} would turn from pass to fail. Is that meant?"
        if item.nobody:
            yield f"{item.name}: {plural(len(item.nobody), 'required test')} that nobody passes. Is the test right?"
        if item.unseen:
            yield f"{item.name}: {plural(len(item.unseen), 'required test')} that no result holds. Who runs them?"
        for each in item.candidates:
            if each.harmless:
                yield f"{item.name}: {each.capability} would hurt nobody who passes. Shall it become required?"
