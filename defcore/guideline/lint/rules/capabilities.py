"""Which capabilities are required, and by what right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Hit, Looks, Pair, Rule, Severity, Subject, tests_of
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.lint.model import Check

_MONTH = re.compile(r"\d{4}\.\d{2}")


def added(pair: Pair) -> Iterator[Hit]:
    """Required only after advisory, by test ids."""
    known = tests_of(pair.old.named(State.REQUIRED, State.ADVISORY), flagged=True)
    for capability in pair.new.required:
        tests = tests_of([capability], flagged=False)
        fresh = [item for item in tests if not pair.matches.get(item, frozenset()) & set(known)]
        if fresh:
            old = f"a required or advisory capability of {pair.old.guideline.id}"
            if len(fresh) == len(tests):
                message = f"is required, but none of its {len(tests)} must-pass tests was in {old}"
            else:
                message = f"requires {len(fresh)} more tests (it has {len(tests)}), which were not in {old}"
                message += f": {', '.join(sorted(tests[key].name.rpartition('.')[2] for key in fresh))}"
            yield Hit(capability.name, message, ("capabilities", capability.name))


def removed(pair: Pair) -> Iterator[Hit]:
    """Removed only after deprecated, by test ids."""
    kept = tests_of(pair.new.named(State.REQUIRED, State.ADVISORY, State.DEPRECATED), flagged=True)
    kept_old = {old for new in kept for old in pair.matches.get(new, ())}
    for capability in pair.old.required:
        tests = tests_of([capability], flagged=False)
        if tests and not set(tests) & kept_old:
            message = (
                f"was required in {pair.old.guideline.id} and is gone with all of its {len(tests)} tests, "
                "without having been deprecated"
            )
            yield Hit(capability.name, message, ("components",))


def dropped(pair: Pair) -> Iterator[Hit]:
    """Single tests that are gone though nobody flagged them."""
    gone = pair.gone
    for capability in pair.old.required:
        tests = tests_of([capability], flagged=False)
        lost = [test for key, test in tests.items() if key in gone]
        if lost and len(lost) < len(tests):
            message = (
                f"lost {len(lost)} of its {len(tests)} must-pass tests since {pair.old.guideline.id}, which were not "
                f"flagged: {', '.join(sorted(test.name.rpartition('.')[2] for test in lost))}"
            )
            yield Hit(capability.name, message, ("capabilities", capability.name))


def since(subject: Subject) -> Iterator[Hit]:
    """A required capability says since when."""
    if subject.guideline.schema == "1.2":
        return
    month = subject.month
    for item in subject.required:
        path = ("capabilities", item.name, "required_since")
        if not item.required_since:
            yield Hit(item.name, "is required but does not say since which guideline", path)
        elif not _MONTH.fullmatch(item.required_since):
            yield Hit(item.name, f"is required since {item.required_since!r}, which is no guideline", path)
        elif month is not None and item.required_since > month:
            yield Hit(item.name, f"is required since {item.required_since}, after this guideline", path)


def admin(subject: Subject) -> Iterator[Hit]:
    """Nothing for administrators is required."""
    for item in subject.required:
        if item.admin:
            path = ("capabilities", item.name, "admin")
            yield Hit(item.name, "is required and marked as one for administrators, which is a veto", path)


def untested(subject: Subject) -> Iterator[Hit]:
    """A required capability has a test."""
    for item in subject.required:
        if not item.tests:
            yield Hit(item.name, "is required and has no test at all", ("capabilities", item.name, "tests"))


def all_flagged(subject: Subject) -> Iterator[Hit]:
    """A required capability has an unflagged test."""
    for item in subject.required:
        if item.tests and all(test.flag for test in item.tests):
            number = "its only test is" if len(item.tests) == 1 else f"all {len(item.tests)} tests are"
            path = ("capabilities", item.name, "tests")
            yield Hit(item.name, f"is required, but {number} flagged, so nothing decides it", path)


def advisory_untested(subject: Subject) -> Iterator[Hit]:
    """An advisory capability has a test."""
    for item in subject.named(State.ADVISORY):
        if all(test.flag for test in item.tests):
            what = "has flagged tests only" if item.tests else "has no test"
            path = ("capabilities", item.name, "tests")
            yield Hit(item.name, f"is advisory and {what}, so nobody can try it", path)


def homeless(subject: Subject) -> Iterator[Hit]:
    """Every capability is in a component."""
    for item in subject.guideline.capabilities:
        if item.name not in subject.states and item.tests:
            number = "its only test is" if len(item.tests) == 1 else f"its {len(item.tests)} tests are"
            message = f"is in no component, so {number} never asked for"
            yield Hit(item.name, message, ("capabilities", item.name))


def unresolved(subject: Subject) -> Iterator[Hit]:
    """A component of another file is there."""
    for item in subject.references:
        if item.at_hand and item.component is None:
            message = f"component {item.name!r} is taken from {item.source}, but {item.problem}"
            yield Hit(f"{item.program}: {item.name}", message, item.path)


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "required-unannounced",
            "A capability becomes required only if it was advisory in the guideline before: vendors are warned.",
            "A4.6, A2.3",
            editions.EVERY,
            Looks.PAIR,
            note="Judged by test ids: a new name or another grouping of the same tests adds nothing.",
        ),
        added,
    ),
    (
        Rule(
            "removed-unannounced",
            "A capability is removed only if it was deprecated in the guideline before: users are warned.",
            "A4.5, A2.3",
            editions.EVERY,
            Looks.PAIR,
            note="Judged by test ids. Becoming advisory or deprecated is no removal.",
        ),
        removed,
    ),
    (
        Rule(
            "tests-dropped",
            "A required capability does not quietly lose tests: one that should go is flagged first, then removed.",
            "A4.5, A2.3, D302",
            editions.EVERY | editions.HACKING,
            Looks.PAIR,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        dropped,
    ),
    (
        Rule(
            "required-since",
            "A required capability names the guideline that first required it.",
            "D304",
            editions.HACKING | editions.FORMAT_1_3,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        since,
    ),
    (
        Rule(
            "required-admin",
            "What only an administrator can do is not for interoperability: such a capability is never required.",
            "non-admin",
            editions.CRITERIA,
            Looks.FILE,
        ),
        admin,
    ),
    (
        Rule(
            "capability-without-test",
            "A required capability has at least one test.",
            "at least one test a capability",
            editions.SPEC,
            Looks.FILE,
        ),
        untested,
    ),
    (
        Rule(
            "capability-all-flagged",
            "A required capability has at least one test that is not flagged, or nothing proves it.",
            "at least one test a capability; C3.4",
            editions.SPEC | editions.UNTIL_2015B,
            Looks.FILE,
            note="C3.4 forbade vendors to ask for flags on all tests of a capability; 2016A no longer says so.",
        ),
        all_flagged,
    ),
    (
        Rule(
            "advisory-without-test",
            "Capabilities with no or too few tests are published, so that somebody writes them.",
            "A6.3",
            editions.EVERY,
            Looks.FILE,
            approved=Severity.INFO,
            review=Severity.WARNING,
        ),
        advisory_untested,
    ),
    (
        Rule(
            "capability-homeless",
            "A capability with tests belongs to a component, or nobody is ever asked for it.",
            "components",
            editions.FORMAT,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        homeless,
    ),
    (
        Rule(
            "reference-dangling",
            "A component that is taken from another file exists there.",
            "components",
            editions.FORMAT_2_0,
            Looks.FILE,
            note="Only when that file is beside this one, or ships with defcore; nothing is fetched.",
        ),
        unresolved,
    ),
)
