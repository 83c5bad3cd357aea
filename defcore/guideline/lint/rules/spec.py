"""What a test must be like, as far as a guideline shows it, and how the file itself is written."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Hit, Looks, Rule, Severity, Subject
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import RepairKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.lint.model import Check
    from defcore.guideline.model import Repair

_PINNED = re.compile(r"[0-9a-f]{7,40}|v?\d+(?:\.\d+)+|refs/tags/.+|\d+")
_GOVERNED = re.compile(r"[/:](?:openstack|x)/")
_ADMIN = re.compile(r"\.admin\.")


def many_capabilities(subject: Subject) -> Iterator[Hit]:
    """An API test exercises one capability."""
    homes: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for item in subject.guideline.capabilities:
        for test in item.tests:
            names[test.id] = test.name
            if item.name not in homes[test.id]:
                homes[test.id].append(item.name)
    shared: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, found in homes.items():
        if len(found) > 1 and ".scenario." not in names[key]:
            shared[tuple(found)].append(key)
    for together, keys in shared.items():
        tests = f"test {keys[0]} stands" if len(keys) == 1 else f"{len(keys)} tests stand"
        message = f"{tests} under {' and '.join(together)}; a program counts each once"
        yield Hit(" + ".join(together), message, ("capabilities", together[-1], "tests"))


def governance(subject: Subject) -> Iterator[Hit]:
    """Tests are under technical governance."""
    for item in subject.guideline.test_repositories:
        if not _GOVERNED.search(item.repository):
            message = f"the tests of {item.name} come from {item.repository}, which is not under technical governance"
            yield Hit(item.name, message, ("test_repositories", item.name))


def no_repository(subject: Subject) -> Iterator[Hit]:
    """The tests are somewhere."""
    if not subject.guideline.test_repositories and subject.guideline.schema != "1.2":
        yield Hit("repositories", "no test repository is named, so nobody knows where the tests are", ())


def unpinned(subject: Subject) -> Iterator[Hit]:
    """A repository is pinned."""
    for item in subject.guideline.test_repositories:
        if not _PINNED.fullmatch(item.reference):
            message = f"the tests of {item.name} are those of {item.reference!r}, which moves: name a commit or a tag"
            yield Hit(item.name, message, ("test_repositories", item.name))


def administrators(subject: Subject) -> Iterator[Hit]:
    """No test needs an administrator."""
    for item in subject.required:
        for test in item.tests:
            if test.flag is None and _ADMIN.search(test.name):
                path = ("capabilities", item.name, "tests", test.name)
                yield Hit(test.name, "must be passed, and its name says that it needs an administrator", path)


def slips(subject: Subject) -> Iterator[Hit]:
    """The file is written as its schema says."""
    found: dict[str, list[Repair]] = defaultdict(list)
    for item in subject.source.provenance.repairs:
        if item.kind is RepairKind.SLIP:
            found[item.message].append(item)
    for message, repairs in found.items():
        places = "in one place" if len(repairs) == 1 else f"in {len(repairs)} places"
        yield Hit(message, places, repair=repairs[0])


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "test-in-many-capabilities",
            "An API test exercises one capability; a scenario test may use several.",
            "one capability a test",
            editions.SPEC,
            Looks.FILE,
            approved=Severity.INFO,
            review=Severity.INFO,
            draft=Severity.INFO,
        ),
        many_capabilities,
    ),
    (
        Rule(
            "test-for-administrators",
            "A must-pass test needs no administrator and no special credentials.",
            "no admin",
            editions.SPEC,
            Looks.FILE,
        ),
        administrators,
    ),
    (
        Rule(
            "test-governance",
            "Tests are under the governance of the technical committee.",
            "A2.5",
            editions.EVERY,
            Looks.FILE,
            note="Judged by the name of the repository.",
        ),
        governance,
    ),
    (
        Rule(
            "repository-missing",
            "A guideline says where its tests are kept.",
            "test_repositories",
            editions.FORMAT_1_3,
            Looks.FILE,
        ),
        no_repository,
    ),
    (
        Rule(
            "repository-unpinned",
            "A guideline names the revision of the tests that it was made with.",
            "test_repositories",
            editions.FORMAT_1_3,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        unpinned,
    ),
    (
        Rule(
            "slip",
            "A file is written as its schema says: nothing has to be guessed.",
            "the closed table of repairs",
            editions.FORMAT,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
        ),
        slips,
    ),
)
