"""Tests: their ids and the flags on them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Hit, Looks, Rule, Severity, Subject
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.guideline.lint.model import Check
    from defcore.guideline.model import Capability, Flag, Test

_CODE = re.compile(r"\[?D40[0-6]\b")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
TENSION = "D2.1 lets flags be added at any time, D312 wants none at approval: the two rules disagree"


def unproven(subject: Subject) -> Iterator[Hit]:
    """Tests that decide have noticed something."""
    if subject.proof is None:
        return
    for item in subject.required:
        for test in item.tests:
            noticed, faults = subject.proof.get(test.id, (0, 0))
            if test.flag is None and not noticed:
                found = f"noticed none of {faults} faults" if faults else "is not proven"
                path = ("capabilities", item.name, "tests", test.name)
                yield Hit(test.id, f"{test.name.rpartition('.')[2]} of {item.name} must pass, and {found}", path)


def nameless(subject: Subject) -> Iterator[Hit]:
    """Tests have ids."""
    names = {test.name for item in subject.guideline.capabilities for test in item.tests if test.by_name}
    if names:
        yield Hit("ids", f"{len(names)} tests are known by their names only, which do not last", ("capabilities",))


def doubled(subject: Subject) -> Iterator[Hit]:
    """An id is one test's."""
    homes: dict[str, list[tuple[Capability, Test]]] = defaultdict(list)
    for item in subject.guideline.capabilities:
        for test in item.tests:
            homes[test.id].append((item, test))
    for key, found in homes.items():
        names = {test.name for _, test in found}
        capabilities = [item.name for item, _ in found]
        if len(names) < 2 or (len(set(capabilities)) == len(capabilities) and _aliases(test for _, test in found)):  # noqa: PLR2004
            continue
        item, test = found[-1]
        shown = ", ".join(sorted(".".join(name.split(".")[-2:]) for name in names))
        path = ("capabilities", item.name, "tests", test.name, "idempotent_id")
        yield Hit(key, f"the id stands on {len(names)} names: {shown}", path)


def _aliases(tests: Iterator[Test]) -> bool:
    """Tell whether the names of an id are known to be those of one test, which was renamed."""
    first, *rest = tests
    known = {first.name, *first.aliases}
    return all(known & {item.name, *item.aliases} for item in rest)


def changed(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Hit]]:
    """A test keeps its id."""
    ids: dict[str, dict[str, list[tuple[Subject, Capability, Test]]]] = defaultdict(lambda: defaultdict(list))
    for subject in subjects:
        for item in subject.guideline.capabilities:
            for test in item.tests:
                if not test.by_name:
                    for name in (test.name, *test.aliases):
                        ids[name][test.id].append((subject, item, test))
    for name, by_id in ids.items():
        if len(by_id) > 1:
            yield from _changed(name, by_id)


def _changed(name: str, by_id: dict[str, list[tuple[Subject, Capability, Test]]]) -> Iterator[tuple[Subject, Hit]]:
    order = sorted(by_id, key=lambda key: min(subject.month or "9999" for subject, _, _ in by_id[key]))
    first = by_id[order[0]][0][0].guideline.id
    for key in order[1:]:
        seen: set[int] = set()
        for subject, item, test in by_id[key]:
            if id(subject) in seen:
                continue
            seen.add(id(subject))
            short = ".".join(name.split(".")[-2:])
            message = f"{short} has the id {key} here and {order[0]} in {first}: one of them is another test's"
            path = ("capabilities", item.name, "tests", test.name, "idempotent_id")
            yield subject, Hit(name, message, path)


def incomplete(subject: Subject) -> Iterator[Hit]:
    """A flag says why, what next and since when."""
    for item, test, flag in _flags(subject):
        lacks = [key for key in ("reason", "action", "date") if not getattr(flag, key).strip()]
        if not lacks and not _DAY.fullmatch(flag.date):
            lacks = [f"a day for its date ({flag.date!r})"]
        if lacks:
            yield Hit(test.name, f"its flag lacks {', '.join(lacks)}", _path(item, test))


def uncoded(subject: Subject) -> Iterator[Hit]:
    """A reason begins with a code."""
    found: dict[str, list[tuple[Capability, Test, Flag]]] = defaultdict(list)
    for item, test, flag in _flags(subject):
        if flag.reason.strip() and not _CODE.match(flag.reason.strip()):
            found[item.name].append((item, test, flag))
    for name, flags in found.items():
        item, test, _ = flags[0]
        oldest = min(flag.date for _, _, flag in flags)
        number = "a flag" if len(flags) == 1 else f"{len(flags)} flags"
        yield Hit(name, f"{number} without a code D400 to D406, the oldest of {oldest}", _path(item, test))


def at_approval(subject: Subject) -> Iterator[Hit]:
    """No flags at approval."""
    flags = [each for each in _flags(subject) if _DAY.fullmatch(each[2].date)]
    if subject.guideline.status in (Status.REVIEW, Status.ADVISORY):
        found = flags
        when = "while it is up for approval"
    else:
        day = approval_day(subject)
        found = [each for each in flags if day is not None and each[2].date <= day]
        when = "when it was approved"
    if found:
        item, test, flag = min(found, key=lambda each: each[2].date)
        number = "a test was" if len(found) == 1 else f"{len(found)} tests were"
        message = f"{number} flagged {when}, the oldest since {flag.date}. {TENSION}"
        yield Hit("flags", message, _path(item, test))


def approval_day(subject: Subject) -> str | None:
    """Return the day up to which a flag certainly stood before approval; of a month only its eve is certain."""
    target = subject.guideline.target_approval or ""
    if _DAY.fullmatch(target):
        return target
    return f"{subject.month.replace('.', '-')}-00" if subject.month else None


def _flags(subject: Subject) -> Iterator[tuple[Capability, Test, Flag]]:
    # A flag of schema 1.2 is a mere name: the format has no place for more.
    for item in subject.guideline.capabilities:
        for test in item.tests:
            if test.flag is not None and subject.guideline.schema != "1.2":
                yield item, test, test.flag


def _path(item: Capability, test: Test) -> tuple[str, ...]:
    return ("capabilities", item.name, "tests", test.name, "flagged")


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "test-without-id",
            "A test has an identifier that outlives renames and moves.",
            "A2.4",
            editions.EVERY,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
            note="Schema 1.2 has no place for ids.",
        ),
        nameless,
    ),
    (
        Rule(
            "id-shared",
            "An id is that of one test.",
            "A2.4",
            editions.EVERY,
            Looks.FILE,
            note="Names that are known as aliases of each other are one test.",
        ),
        doubled,
    ),
    (
        Rule(
            "id-changed",
            "A test keeps its id from guideline to guideline.",
            "A2.4",
            editions.EVERY,
            Looks.SET,
        ),
        changed,
    ),
    (
        Rule(
            "flag-incomplete",
            "A flag says why the test is excused, what will end that, and since when.",
            "D307",
            editions.HACKING,
            Looks.FILE,
        ),
        incomplete,
    ),
    (
        Rule(
            "flag-without-code",
            "The reason of a flag begins with its code, D400 to D406.",
            "D309",
            editions.HACKING,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        uncoded,
    ),
    (
        Rule(
            "flags-at-approval",
            "A guideline that is proposed for approval has no flags.",
            "D312",
            editions.HACKING,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
            draft=None,
            since="2015.08",
            note=f"From July 2015, held against what was approved later. {TENSION}; HACKING ranks below the process.",
        ),
        at_approval,
    ),
    (
        Rule(
            "test-unproven",
            "A test that must pass has noticed a fault of a cloud that lies.",
            "docs/sabotage.md",
            editions.OURS,
            Looks.FILE,
            note="Asked for with `--proof FILE`, the strength.json of `defcore suite prove`.",
        ),
        unproven,
    ),
)
