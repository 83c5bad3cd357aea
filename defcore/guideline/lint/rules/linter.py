"""What the linter itself has to say: files that it cannot read, exceptions that no longer serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Looks, Rule, Severity
from defcore.guideline.lint.rules import editions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.guideline.lint.model import Check, Hit, Subject


def nothing(subject: Subject) -> Iterable[Hit]:
    """Find nothing: the linter reports these itself."""
    del subject
    return ()


UNREADABLE = Rule(
    "file-unreadable",
    "A guideline can be read.",
    "schema",
    editions.FORMAT,
    Looks.LINT,
    draft=Severity.ERROR,
)
BROKEN_COMMIT = Rule(
    "commit-unreadable",
    "A guideline can be read at every commit.",
    "schema",
    editions.FORMAT,
    Looks.LINT,
    approved=Severity.WARNING,
    review=Severity.WARNING,
    note="A commit cannot be mended any more, so it is a warning.",
)
UNUSED = Rule(
    "exception-unused",
    "An exception that silences nothing is taken out again.",
    "A7.2",
    editions.EVERY,
    Looks.LINT,
    approved=Severity.WARNING,
    review=Severity.WARNING,
)
EXPIRED = Rule(
    "exception-expired",
    "An exception ends on its day and silences nothing any more.",
    "A7.2",
    editions.EVERY | editions.OURS,
    Looks.LINT,
    draft=Severity.ERROR,
)
RULES: tuple[tuple[Rule, Check], ...] = tuple((rule, nothing) for rule in (UNREADABLE, BROKEN_COMMIT, UNUSED, EXPIRED))
