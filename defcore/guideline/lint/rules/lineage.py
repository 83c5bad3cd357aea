"""Where a guideline comes from, what it is called, how many stand at once."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.guideline.find import is_guideline_name
from defcore.guideline.lint.model import Hit, Looks, Pair, Rule, Severity, Subject
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from defcore.guideline.lint.model import Check

AT_ONCE = 2
"""No more guidelines than this are approved at a time (process C6)."""
_DATED = re.compile(r"(?:[a-z][\w-]*\.)*\d{4}\.(?:0[1-9]|1[0-2])")
_NEXT = re.compile(r"(?:[\w-]+\.)*next")
_TARGET = re.compile(r"\d{4}[.-](?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?")
_STATUS = ("metadata", "os_trademark_approval", "status")


def name_of_draft(subject: Subject) -> Iterator[Hit]:
    """A draft is called next."""
    guideline = subject.guideline
    if guideline.status is Status.DRAFT and not _NEXT.fullmatch(guideline.id):
        yield Hit(guideline.id, f"a draft is called next, not {guideline.id!r}", ("metadata", "id"))


def name_of_approved(subject: Subject) -> Iterator[Hit]:
    """What is approved is called by year and month."""
    guideline = subject.guideline
    if subject.decided and not _DATED.fullmatch(guideline.id):
        message = f"{guideline.id!r} is {guideline.status.value}, but its id is not the year and month of its approval"
        yield Hit(guideline.id, message, ("metadata", "id"))


def date_of_approval(subject: Subject) -> Iterator[Hit]:
    """The id is the month of approval."""
    guideline = subject.guideline
    target = guideline.target_approval
    if target is None:
        return
    path = ("metadata", "os_trademark_approval", "target_approval")
    if not _TARGET.fullmatch(target):
        yield Hit(guideline.id, f"the target of approval {target!r} is neither a day nor a month", path)
    elif _DATED.fullmatch(guideline.id) and guideline.id[-7:].replace(".", "-") != target[:7].replace(".", "-"):
        yield Hit(guideline.id, f"the id says {guideline.id[-7:]}, the target of approval {target}", path)


def file_name(subject: Subject) -> Iterator[Hit]:
    """The file is called by the id."""
    stem = Path(subject.file).stem
    if is_guideline_name(stem) and stem != subject.guideline.id:
        message = f"the file is called {stem!r}, the guideline in it {subject.guideline.id!r}"
        yield Hit(subject.guideline.id, message, ("metadata", "id"))


def source_name(subject: Subject) -> Iterator[Hit]:
    """The source is that of this file."""
    stem = subject.guideline.source.rpartition("/")[2].removesuffix(".json")
    if is_guideline_name(stem) and stem != subject.guideline.id:
        message = f"the source is that of {stem!r}, the guideline is {subject.guideline.id!r}"
        yield Hit(subject.guideline.id, message, ("metadata", "source"))


def releases(subject: Subject) -> Iterator[Hit]:
    """The releases are listed."""
    guideline = subject.guideline
    if not guideline.releases:
        path = ("metadata", "os_trademark_approval", "releases")
        yield Hit(guideline.id, "no release is listed, so it applies to none", path)


def follows(pair: Pair) -> Iterator[Hit]:
    """A guideline starts from the one before it."""
    old, new = pair.old.guideline, pair.new.guideline
    path = ("metadata", "os_trademark_approval", "replaces")
    if new.replaces != old.id:
        said = f"it says that it replaces {new.replaces}" if new.replaces else "it does not say what it replaces"
        yield Hit(new.id, f"{said}; the guideline before it is {old.id}", path)
    if not pair.old.decided:
        yield Hit(
            f"{new.id} on {old.id}",
            f"it starts from {old.id}, which is {old.status.value} and was never approved",
            path,
        )


def skips(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Hit]]:
    """A guideline replaces the latest before it."""
    for new in subjects:
        replaced = new.guideline.replaces
        month = new.month
        if replaced is None or month is None:
            continue
        between = [
            item.guideline.id
            for item in subjects
            if item.series == new.series
            and item.decided
            and replaced < item.guideline.id
            and (item.month or "") < month
            if item is not new
        ]
        if between:
            path = ("metadata", "os_trademark_approval", "replaces")
            yield new, Hit(new.guideline.id, f"it replaces {replaced}, but {max(between)} was approved since", path)


def at_once(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Hit]]:
    """Two at a time."""
    for series, found in approved(subjects).items():
        if len(found) > AT_ONCE:
            names = ", ".join(item.guideline.id for item in found)
            what = f"of {series} " if series else ""
            message = f"{len(found)} guidelines {what}are approved at once ({names}); two count at a time"
            for late in found[:-AT_ONCE]:
                yield late, Hit(late.guideline.id, f"{message}, so this one is superseded", _STATUS)


def approved(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    """Return the approved guidelines of each series, oldest first."""
    found: dict[str, list[Subject]] = defaultdict(list)
    for item in sorted(subjects, key=lambda item: item.guideline.id):
        if item.guideline.status is Status.APPROVED:
            found[item.series].append(item)
    return found


def doubled(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Hit]]:
    """An id names one guideline."""
    first: dict[str, Subject] = {}
    for item in subjects:
        other = first.setdefault(item.guideline.id, item)
        if other is not item:
            message = f"the id is that of {Path(other.file).name} too"
            yield item, Hit(item.guideline.id, message, ("metadata", "id"))


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "draft-name",
            "While it is worked on, a guideline goes by the name next, so that nobody takes it for one in force.",
            "A1.2",
            editions.FROM_2015B,
            Looks.FILE,
            note="2015A said year.next, which is taken as well.",
        ),
        name_of_draft,
    ),
    (
        Rule(
            "approved-name",
            "A guideline is named after the year and month in which it was approved.",
            "D4.1",
            editions.EVERY,
            Looks.FILE,
            draft=None,
            review=None,
        ),
        name_of_approved,
    ),
    (
        Rule(
            "approval-date",
            "The target of approval is a date, and the id is its year and month.",
            "D4.1",
            editions.EVERY,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        date_of_approval,
    ),
    (
        Rule(
            "file-name",
            "A guideline's file is called by its id: the file, the id and the status are changed together.",
            "D304",
            editions.HACKING,
            Looks.FILE,
        ),
        file_name,
    ),
    (
        Rule(
            "source-name",
            "A guideline's source says where this very file is kept, not another one.",
            "header",
            editions.FORMAT,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        source_name,
    ),
    (
        Rule(
            "releases-missing",
            "A guideline applies to the releases that it lists and to no others, so it lists some.",
            "D1.4",
            editions.EVERY,
            Looks.FILE,
        ),
        releases,
    ),
    (
        Rule(
            "lineage",
            "A new guideline starts from the approved one before it, and says so.",
            "A1.1",
            editions.EVERY,
            Looks.PAIR,
        ),
        follows,
    ),
    (
        Rule(
            "lineage-skipped",
            "What a guideline replaces is the latest approved one, none is passed over.",
            "A1.1",
            editions.EVERY,
            Looks.SET,
        ),
        skips,
    ),
    (
        Rule(
            "approved-at-once",
            "Two approved guidelines count at a time, the latest; the older ones are superseded.",
            "C6",
            editions.FROM_2015B,
            Looks.SET,
            since="2015.01",
            note="Held against whatever is still approved, however old it is. Add-ons are counted apart.",
        ),
        at_once,
    ),
    (
        Rule("id-doubled", "An id names one guideline.", "D4.1", editions.EVERY, Looks.SET),
        doubled,
    ),
)
