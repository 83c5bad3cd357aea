"""Runs the rules over what they look at, and gives findings with their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from defcore.guideline.lint.match import matches
from defcore.guideline.lint.model import Finding, Looks, Pair, Subject
from defcore.guideline.lint.rules import ALL
from defcore.strictjson import lines_of, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from defcore.guideline.lint.model import FileCheck, Hit, PairCheck, Rule, SetCheck
    from defcore.guideline.model import GuidelineFile


def lint(source: GuidelineFile, previous: GuidelineFile | None = None) -> tuple[Finding, ...]:
    """Check one guideline, and what it changes since ``previous``, in the order of the rules."""
    subject = Subject(source)
    found = list(_file(subject))
    if previous is not None:
        found += _pair(Subject(previous), subject)
    return _placed(subject, found)


def lint_all(
    sources: Sequence[GuidelineFile],
    previous: GuidelineFile | None = None,
    proof: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[Finding, ...]:
    """Check guidelines each by itself, each against the one that it replaces (or ``previous``), and all together.

    With a ``proof`` (faults noticed and applied, by test id) tests that must pass are held to it.
    """
    subjects = [Subject(item, proof) for item in sources]
    by_id = {item.guideline.id: item for item in subjects}
    together = [
        (rule, *hit) for rule, check in ALL if rule.looks is Looks.SET for hit in cast("SetCheck", check)(subjects)
    ]
    findings: list[Finding] = []
    for subject in subjects:
        found = list(_file(subject))
        before = Subject(previous) if previous else by_id.get(subject.guideline.replaces or "")
        if before is not None and before is not subject:
            found += _pair(before, subject)
        found += [(rule, hit) for rule, other, hit in together if other is subject]
        findings += _placed(subject, found)
    return tuple(findings)


def _file(subject: Subject) -> Iterator[tuple[Rule, Hit]]:
    for rule, check in ALL:
        if rule.looks is Looks.FILE:
            yield from ((rule, hit) for hit in cast("FileCheck", check)(subject))


def _pair(old: Subject, new: Subject) -> Iterator[tuple[Rule, Hit]]:
    pair = Pair(old, new, matches(old.guideline, new.guideline))
    for rule, check in ALL:
        if rule.looks is Looks.PAIR:
            yield from ((rule, hit) for hit in cast("PairCheck", check)(pair))


def _placed(subject: Subject, found: Iterable[tuple[Rule, Hit]]) -> tuple[Finding, ...]:
    """Give the hits that count for this guideline their severity, path and line; the file is read once for all."""
    kept = []
    for rule, hit in found:
        severity = rule.severity(subject.guideline.status)
        if severity is not None and rule.binds(subject.month):
            kept.append((rule, severity, hit, subject.place(hit.path)))
    lines = lines_of(subject.source.provenance.content.decode(), [path for _, _, _, path in kept])
    return tuple(
        Finding(
            rule.id,
            severity,
            hit.subject,
            hit.message,
            subject.file,
            hit.repair.path if hit.repair else show(path),
            hit.repair.line if hit.repair else line,
        )
        for (rule, severity, hit, path), line in zip(kept, lines, strict=True)
    )
