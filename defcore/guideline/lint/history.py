"""Walks the history of a repository's guidelines and checks what became of each after it was approved."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, cast

from defcore.errors import InputError
from defcore.guideline.lint.model import Finding, Looks, Stage, Subject
from defcore.guideline.lint.rules import ALL
from defcore.guideline.lint.rules.linter import BROKEN_COMMIT
from defcore.guideline.load import load_bytes
from defcore.guideline.model import Status
from defcore.strictjson import lines_of, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.guideline.lint.git import Version
    from defcore.guideline.lint.model import HistoryCheck

SHORT = 10
"""Digits of a commit that are shown."""


def lint_history(versions: Iterable[Version]) -> tuple[Finding, ...]:
    """Check the versions of a repository's guidelines, oldest first.

    The file of a finding is ``path@commit``. A version that cannot be read is a finding, once for each way of being
    unreadable, and passed over: what follows it is compared with the last one that could be read.
    """
    tree: dict[str, Subject] = {}
    broken: dict[str, str] = {}
    findings: list[Finding] = []
    for _, group in groupby(versions, key=lambda version: version.commit):
        before = dict(tree)
        changed: list[tuple[Version, Subject | None]] = []
        for version in group:
            new = None
            if version.content is not None:
                try:
                    new = Subject(load_bytes(version.content, _file(version)))
                except InputError as error:
                    if broken.get(version.path) != error.what:
                        broken[version.path] = error.what
                        findings.append(_broken(version, error))
                    continue
            broken.pop(version.path, None)
            changed.append((version, new))
            tree.pop(version.path, None)
            if new is not None:
                tree[version.path] = new
        for version, new in changed:
            old = before.get(version.path) or _moved(new, before, tree)
            stage = Stage(version.moment, old, new, tuple(tree.values()), tuple(before.values()))
            findings += _check(stage, _file(version))
    return tuple(findings)


def _file(version: Version) -> str:
    return f"{version.path}@{version.commit[:SHORT]}"


def _moved(new: Subject | None, before: dict[str, Subject], tree: dict[str, Subject]) -> Subject | None:
    """Return what a new path held under another one before, if the file was moved."""
    gone = [item for path, item in before.items() if path not in tree]
    return next((item for item in gone if new and item.guideline.id == new.guideline.id), None)


def _broken(version: Version, error: InputError) -> Finding:
    file = _file(version)
    line = (error.where or "").rpartition(":")[2]
    message = f"commit of {version.moment[:10]}: {error.what}"
    severity = BROKEN_COMMIT.severity(Status.APPROVED)
    if severity is None:  # pragma: no cover - the rule has one
        raise AssertionError
    return Finding(BROKEN_COMMIT.id, severity, file, message, file, "$", int(line) if line.isdigit() else 0)


def _check(stage: Stage, file: str) -> list[Finding]:
    subject = stage.new or stage.old
    if subject is None:
        return []
    found = [
        (rule, hit, subject.place(hit.path))
        for rule, check in ALL
        if rule.looks is Looks.HISTORY and rule.binds(subject.month)
        for hit in cast("HistoryCheck", check)(stage)
    ]
    lines = lines_of(subject.source.provenance.content.decode(), [path for _, _, path in found])
    return [
        Finding(rule.id, severity, hit.subject, hit.message, file, show(path), line)
        for (rule, hit, path), line in zip(found, lines, strict=True)
        if (severity := rule.severity(subject.guideline.status)) is not None
    ]
