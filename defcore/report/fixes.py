"""What to fix: the tests that did not pass, grouped by the one reason that they share."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from defcore.report.model import Evidence, FixGroup, FixSection
from defcore.report.words import EFFECT_WORDS, FIXES, plural
from defcore.score.model import Interop, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.report.model import TestView
    from defcore.score.model import Scorecard


def fix_sections(tests: Sequence[TestView]) -> tuple[FixSection, ...]:
    """Sort what did not pass into sections, worst first; in a section, the group that decides most comes first."""
    sections = []
    for key, (title, about, advice) in FIXES.items():
        chosen = [test for test in tests if (test.flaky if key == "flaky" else test.kind.value == key)]
        if chosen:
            sections.append(FixSection(key, title, about, advice, _groups(key, chosen)))
    return tuple(sections)


def _groups(key: str, tests: Sequence[TestView]) -> tuple[FixGroup, ...]:
    causes: dict[str, list[TestView]] = defaultdict(list)
    for test in tests:
        causes[_attempts_in_words(test) if key == "flaky" else test.cause].append(test)
    groups = [_group(title, found, flaky=key == "flaky") for title, found in causes.items()]
    groups.sort(key=lambda group: (-sum(test.decides for test in group.tests), -len(group.tests), group.title))
    return tuple(groups)


def _attempts_in_words(test: TestView) -> str:
    return ", then ".join(attempt.outcome.word.lower() for attempt in test.attempts).capitalize()


def _group(title: str, found: list[TestView], *, flaky: bool) -> FixGroup:
    found = sorted(found, key=lambda test: (not test.decides, not _detail(test.evidence)))
    deciding = [test for test in found if test.decides]
    effects = {test.effect for test in deciding}
    verb = EFFECT_WORDS["fail" if "fail" in effects else "untested"][len(deciding) > 1]
    effect = verb if len(deciding) == len(found) else f"{plural(len(deciding), 'required test')} of these {verb}"
    if not deciding:
        effect = "does not decide" if len(found) == 1 else "do not decide"
    # A flaky test's evidence stands with its outcome already; here only the change matters.
    sample = Evidence() if flaky else found[0].evidence
    return FixGroup(title, plural(len(found), "test"), effect, bool(deciding), sample, tuple(found))


def _detail(evidence: Evidence) -> bool:
    return bool(evidence.expected or evidence.actual or evidence.request)


def nothing_to_fix(card: Scorecard, sections: Sequence[FixSection]) -> str:
    """Say that there is nothing to do, or nothing that could change the verdict; empty when there is."""
    if any(group.decides for section in sections for group in section.groups):
        return ""
    if card.interop is Interop.PASS:
        rest = " What follows does not decide." if sections else ""
        mark = "" if card.mark is Mark.ELIGIBLE else " What the mark still needs stands with its verdict."
        return f"Every required test passed.{mark}{rest}"
    if not card.tests.required:
        return "No required test counts in this program, so nothing can be fixed in the cloud; choose another program."
    return ""


def to_fix(sections: Sequence[FixSection]) -> str:
    """Say in one sentence how much there is to do; empty when nothing of it decides."""
    groups = [group for section in sections if section.key != "flaky" for group in section.groups if group.decides]
    tests = {test.anchor for group in groups for test in group.tests if test.decides}
    if not groups:
        return ""
    order = " In each part, what decides most comes first." if len(groups) > 1 else ""
    return f"{plural(len(tests), 'required test')} did not pass, for {plural(len(groups), 'reason')}.{order}"
