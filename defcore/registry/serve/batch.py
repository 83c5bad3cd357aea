"""Many files at once: which belong together. A public report cites the sha256 of its full one, so nobody has to say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from defcore.attest import bundle
from defcore.attest.canonical import printable, sha256_hex
from defcore.errors import DefcoreError, InputError
from defcore.registry.admission import entry_of
from defcore.registry.examine import BY_CODE
from defcore.registry.model import Finding, Submission
from defcore.registry.take import MAX_FILES, read

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Item:
    """What is judged for itself: the files that it came in, and what they hold, or why they cannot be sorted."""

    files: tuple[str, ...]
    submission: Submission = field(default_factory=Submission)
    fault: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Report:
    name: str
    data: bytes
    digest: str
    """The sha256 of the full report: of a public one, that which it cites."""


def sort(files: Iterable[tuple[str, bytes]]) -> tuple[Item, ...]:
    """Sort files (name, content) into items: acts first, so that what they admit is admitted; then each report.

    A file that cannot be sorted is an item of its own, with its fault. Raises InputError for too many files.
    """
    faults: list[Item] = []
    full: dict[str, _Report] = {}
    public: dict[bytes, _Report] = {}
    acts: dict[bytes, str] = {}
    trust: tuple[bytes, ...] = ()
    for number, (given, content) in enumerate(files, start=1):
        if number > MAX_FILES:
            raise InputError("too-many", f"holds more than {MAX_FILES} files", hint="submit fewer at a time")
        name = printable(given)[:LONGEST_NAME]
        try:
            found = read(name, content)
            trust = bundle.longer(trust, found.trust, name)
        except DefcoreError as error:
            rule = BY_CODE.get(error.code, "readable")
            faults.append(Item((name,), fault=Finding(rule, error.where or name, error.what)))
            continue
        for act in found.acts:
            acts.setdefault(act, name)
        if found.full is not None:
            full.setdefault(sha256_hex(found.full), _Report(name, found.full, sha256_hex(found.full)))
        if found.public is not None:
            entry = entry_of(Submission(public=found.public))
            public.setdefault(found.public, _Report(name, found.public, entry.digest if entry else ""))
    items = [Item(tuple(dict.fromkeys(acts.values())), Submission(acts=tuple(acts)))] if acts else []
    items += _pairs(list(public.values()), full)
    if not items and not faults:
        hint = "name report.dsse.json and report.public.dsse.json, a bundle, or acts"
        raise InputError("nothing", "there is nothing to submit", hint=hint)
    return tuple(replace(item, submission=replace(item.submission, trust=trust)) for item in items) + tuple(faults)


def _pairs(public: list[_Report], full: dict[str, _Report]) -> list[Item]:
    cited = {item.digest for item in public}
    left = [item for item in full.values() if item.digest not in cited]
    lonely = [item for item in public if item.digest not in full]
    # One of each that do not match were meant to: the rule on pairs says what is wrong better than two halves would.
    odd = left.pop() if len(left) == len(lonely) == 1 else None
    items = []
    for item in public:
        mate = full.get(item.digest) or odd
        names = (mate.name, item.name) if mate else (item.name,)
        items.append(Item(tuple(dict.fromkeys(names)), Submission(full=mate.data if mate else None, public=item.data)))
    return items + [Item((item.name,), Submission(full=item.data)) for item in left]
