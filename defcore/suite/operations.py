"""Which API operations each test is about, as a run on a real cloud has shown it.

``operations.json`` beside the tests is made from the evidence of runs, and by nobody's hand: what a test sends once it
judges, not what prepares it or tidies up. A test of tests compares it with a run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.run.evidence import read
from defcore.run.latency import PROBE
from defcore.run.record import Outcome, TestId, Wire
from defcore.strictjson import first_wrong, loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from defcore.run.record import RunRecord
    from defcore.suite.collect import SuiteTest

FILE = "operations.json"
_LIMIT = 4_000_000
_HINT = "'defcore suite record' makes it anew"


class Entry(Wire):
    """The operations of one test, sorted, as they were seen of that revision of it."""

    revision: int = Field(ge=1)
    operations: tuple[str, ...]


class Operations(Wire):
    """What each test is about, and ``beside``, what is also sent to prepare or to tidy up (be it judged or not)."""

    format: Literal["defcore-operations/1"] = "defcore-operations/1"
    tests: dict[TestId, Entry] = Field(default_factory=dict)
    beside: tuple[str, ...] = ()


def load(folder: Path) -> Operations:
    """Read what is recorded beside a suite; nothing, if there is no such file. Raises InputError."""
    path = folder / FILE
    if not path.exists():
        return Operations()
    value = loads(read_bytes(path, _LIMIT, "bad-operations", _HINT), str(path))
    try:
        return Operations.model_validate(value)
    except ValidationError as error:
        what = f"is no record of operations: {first_wrong(error)}"
        raise InputError("bad-operations", what, where=str(path), hint=_HINT) from error


def known_names(found: Operations) -> tuple[str, ...]:
    """Return every operation that tests are about, or that is sent beside, sorted."""
    return tuple(sorted({*found.beside, *(name for entry in found.tests.values() for name in entry.operations)}))


def dump(found: Operations) -> bytes:
    """Return the bytes of the file, which depend on nothing but what is in it."""
    return json.dumps(found.model_dump(mode="json"), indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def seen(run: Path, record: RunRecord) -> Operations:
    """Read from the evidence of a run what its passed tests were about. Raises InputError for evidence of old."""
    about: dict[str, set[str]] = {}
    beside: set[str] = set()
    for test_id, kept in read(run):
        if kept.stage is None:
            hint = "run the tests once more"
            raise InputError("old-evidence", "does not tell what a test judges", where=str(run), hint=hint)
        if kept.operation == PROBE or kept.error is not None:
            continue
        if kept.stage == "test":
            about.setdefault(test_id, set()).add(kept.operation)
        else:
            beside.add(kept.operation)
    passed = {item.id: item.revision for item in record.results if item.outcome is Outcome.PASSED}
    tests = {
        test_id: Entry(revision=passed[test_id], operations=tuple(sorted(found)))
        for test_id, found in about.items()
        if test_id in passed
    }
    return Operations(tests=tests, beside=tuple(sorted(beside)))


def merged(old: Operations, new: Iterable[Operations], suite: Mapping[str, SuiteTest]) -> Operations:
    """Put new records in the place of old ones; tests that the suite no longer has, in that revision, are left out."""
    tests, beside = dict(old.tests), set(old.beside)
    for item in new:
        tests |= item.tests
        beside |= set(item.beside)
    kept = {key: entry for key, entry in tests.items() if key in suite and suite[key].meta.revision == entry.revision}
    return Operations(tests=kept, beside=tuple(sorted(beside)))
