"""A bare list of tests as a guideline: what private lists, cut out of the last published guideline, look like.

One test a line: its id, its name, or its name with id and tags in brackets, as Tempest prints it; ``#`` begins
a comment.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.ids import bare_id, identify
from defcore.guideline.model import (
    Authority,
    Capability,
    Component,
    ComponentRef,
    Guideline,
    Kind,
    Program,
    Scoring,
    State,
    Status,
    Test,
    slug,
)
from defcore.guideline.write import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)+(?:[\[(][^\s]*[\])])?")
COMPONENT = "test_list"
NOBODY = "none: a bare list of tests"
LABEL = "A bare list of tests: no guideline stands behind it, and no mark is granted."


def names(content: bytes, file: str) -> Iterator[tuple[int, str]]:
    """Yield the tests of a list as they are spelled, each with its line (from 1).

    Raises InputError, with the line, for what names no test.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not-a-list", "is no text in UTF-8", where=file, hint="one test a line") from error
    for number, line in enumerate(text.splitlines(), 1):
        word = re.sub(r"(^|\s)#.*", "", line).strip()
        if not word:
            continue
        if not bare_id(word) and not _NAME.fullmatch(word):
            hint = "one test a line: its id, its name, or its name with [id-…]"
            raise InputError("not-a-list", "is no line of a list of tests", where=f"{file}:{number}", hint=hint)
        yield number, word


def as_guideline(content: bytes, path: Path) -> bytes:
    """Return the guideline, schema 2.0, that requires every test of the list ``content``; ``path`` names it.

    The modules that hold the tests are its capabilities. It is a draft of nobody: it can be judged by, but gives no
    mark. The same list gives the same bytes. Raises InputError for what is no list, and for a test that stands for two.
    """
    ids: dict[str, str] = {}
    tests: dict[str, Test] = {}
    for number, word in names(content, str(path)):
        test = Test(*identify(word))
        if ids.setdefault(test.id, test.name) != test.name or tests.setdefault(test.name, test).id != test.id:
            what = "names a test that has another name, or another id, further up"
            raise InputError("doubled-test", what, where=f"{path}:{number}", hint="keep the one that is meant")
    if not tests:
        raise InputError("empty-list", "names no test", where=str(path), hint="one test a line")
    groups: dict[str, list[Test]] = {}
    for test in tests.values():
        groups.setdefault(_group(test), []).append(test)
    digest = hashlib.sha256(content).hexdigest()
    return dump(_guideline(path.stem, f"test list {path.name}, sha256 {digest}", groups))


def _group(test: Test) -> str:
    """Name the module that holds a test: what precedes class and function."""
    parts = re.split(r"[\[(]", test.name)[0].split(".")
    return ".".join(parts[:-2] or parts[:-1]) or "tests"


def _guideline(name: str, source: str, groups: Mapping[str, Sequence[Test]]) -> Guideline:
    program = f"Test list {name}"
    return Guideline(
        id=name,
        schema="2.0",
        status=Status.DRAFT,
        source=source,
        reference="",
        replaces=None,
        releases=(),
        target_approval=None,
        authority=Authority(name=NOBODY, mark="none: no mark is granted", label=LABEL, process="none"),
        scoring=Scoring(cutoff=None, criteria=()),
        programs=(
            Program(slug(program), program, Kind.PLATFORM, "Every test of the list.", (ComponentRef(COMPONENT),)),
        ),
        components=(Component(COMPONENT, ((State.REQUIRED, tuple(groups)),), ()),),
        capabilities=tuple(
            Capability(group, "The listed tests of this module.", "tests", (), False, None, tuple(tests))  # noqa: FBT003 - admin
            for group, tests in groups.items()
        ),
        designated_sections=(),
        test_repositories=(),
    )
