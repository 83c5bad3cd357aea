"""Justified exceptions: a group may pass over a rule if it says why (process A7.2), and, with us, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import StringConstraints, ValidationError

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.guideline.lint.model import Finding, Severity
from defcore.guideline.lint.rules import BY_ID
from defcore.guideline.lint.rules.linter import EXPIRED, UNUSED
from defcore.guideline.wire import Closed
from defcore.strictjson import first_wrong, loads, show

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "defcore-guideline-exceptions/1"
SUFFIX = ".exceptions.json"
"""The exceptions of ``2026.11.json`` lie beside it in ``2026.11.exceptions.json``."""
LIMIT = 1_000_000
HINT = "exceptions are described in docs/lint-rules.md"
_Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
_Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Entry(Closed):
    """One exception: which rule, for what, why, and until which day (included)."""

    rule: _Text
    subject: _Text
    reason: _Text
    end: _Day


class Document(Closed):
    """A file of exceptions."""

    format: Literal["defcore-guideline-exceptions/1"]
    exceptions: list[Entry]


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The exceptions of a file. ``guideline`` is the file that they are made for; None: for all that are checked."""

    file: str
    entries: tuple[Entry, ...]
    guideline: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left, and what was silenced by which exception."""

    findings: tuple[Finding, ...]
    excepted: tuple[tuple[Finding, Entry], ...]

    @property
    def failed(self) -> bool:
        """Tell whether an error is left."""
        return any(item.severity is Severity.ERROR for item in self.findings)


def read_exceptions(path: Path, guideline: str | None = None) -> Exceptions:
    """Read a file of exceptions. Raises InputError for another shape, an unknown rule and a day that is none."""
    file = str(path)
    raw = loads(read_bytes(path, LIMIT, "exceptions-unreadable", HINT), file)
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        what = first_wrong(error)
        raise InputError("bad-exceptions", what, where=file, hint=HINT) from error
    for index, item in enumerate(document.exceptions):
        place = f"$.exceptions[{index}]"
        if item.rule not in BY_ID:
            raise InputError("bad-exceptions", f"{place}.rule: no rule is called {item.rule!r}", where=file, hint=HINT)
        try:
            dt.date.fromisoformat(item.end)
        except ValueError as error:
            raise InputError("bad-exceptions", f"{place}.end: {error}", where=file, hint=HINT) from error
    return Exceptions(file, tuple(document.exceptions), guideline)


def beside(guideline: Path) -> Path | None:
    """Return the file of exceptions that lies beside a guideline, if there is one."""
    path = guideline.with_name(f"{guideline.stem}{SUFFIX}")
    return path if path.is_file() else None


def apply_exceptions(findings: tuple[Finding, ...], known: list[Exceptions], today: dt.date) -> Outcome:
    """Silence what is justified. An exception that is over, or that silences nothing, is a finding of its own."""
    left, excepted, extra = list(findings), [], []
    for source in known:
        for index, entry in enumerate(source.entries):
            hit = [item for item in left if _meant(item, entry, source)]
            over = dt.date.fromisoformat(entry.end) < today
            path = show(("exceptions", index))
            subject = f"{entry.rule}: {entry.subject}"
            if over:
                message = f"the exception ended on {entry.end}"
                extra.append(Finding(EXPIRED.id, Severity.ERROR, subject, message, source.file, path))
            elif not hit:
                message = "the exception silences nothing: there is no such finding (any more)"
                extra.append(Finding(UNUSED.id, Severity.WARNING, subject, message, source.file, path))
            else:
                left = [item for item in left if item not in hit]
                excepted += [(item, entry) for item in hit]
    return Outcome((*left, *extra), tuple(excepted))


def _meant(finding: Finding, entry: Entry, source: Exceptions) -> bool:
    if source.guideline is not None and finding.file != source.guideline:
        return False
    return (finding.rule, finding.subject) == (entry.rule, entry.subject)
