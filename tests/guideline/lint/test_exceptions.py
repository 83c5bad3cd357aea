"""Justified exceptions: with a reason and an end, and none that serves nothing."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.errors import InputError
from defcore.guideline.lint import Finding, Severity, apply_exceptions, read_exceptions
from defcore.guideline.lint.exceptions import FORMAT, beside

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 20)
ENTRY = {"rule": "score-below", "subject": "volumes", "reason": "until the review", "end": "2026-11-20"}
ERROR = Finding("score-below", Severity.ERROR, "volumes", "is below", "2026.11.json", "$.x", 3)


def write(path: Path, *entries: dict[str, Any], **more: Any) -> Path:  # noqa: ANN401 - whatever somebody writes
    """Write a file of exceptions."""
    path.write_text(json.dumps({"format": FORMAT, "exceptions": list(entries), **more}))
    return path


def test_what_is_justified_is_silent_until_its_last_day(tmp_path: Path) -> None:
    """A7.2 lets a group pass over a rule if it says why; the day is part of what it says."""
    known = [read_exceptions(write(tmp_path / "e.json", ENTRY))]
    outcome = apply_exceptions((ERROR,), known, TODAY)
    assert (outcome.findings, outcome.failed) == ((), False)
    ((finding, entry),) = outcome.excepted
    assert (finding, entry.reason) == (ERROR, "until the review")


def test_one_that_is_over_silences_nothing(tmp_path: Path) -> None:
    """An exception without an end in practice is a change of the rules by the back door."""
    known = [read_exceptions(write(tmp_path / "e.json", ENTRY))]
    outcome = apply_exceptions((ERROR,), known, TODAY + dt.timedelta(days=1))
    assert [(item.rule, item.severity) for item in outcome.findings] == [
        ("score-below", Severity.ERROR),
        ("exception-expired", Severity.ERROR),
    ]
    assert outcome.findings[1].message == "the exception ended on 2026-11-20"


def test_one_that_silences_nothing_is_a_finding(tmp_path: Path) -> None:
    """What was mended must not leave a licence behind."""
    known = [read_exceptions(write(tmp_path / "e.json", ENTRY))]
    (found,) = apply_exceptions((), known, TODAY).findings
    assert (found.rule, found.severity, found.subject) == ("exception-unused", Severity.WARNING, "score-below: volumes")
    assert (found.file, found.path) == (str(tmp_path / "e.json"), "$.exceptions[0]")


@pytest.mark.parametrize("change", [{"rule": "score-stale"}, {"subject": "volumes-v3"}])
def test_only_what_is_named_is_silenced(tmp_path: Path, change: dict[str, str]) -> None:
    """An exception for one thing must not hide another."""
    known = [read_exceptions(write(tmp_path / "e.json", {**ENTRY, **change}))]
    assert ERROR in apply_exceptions((ERROR,), known, TODAY).findings


def test_exceptions_beside_a_file_are_for_that_file(tmp_path: Path) -> None:
    """What one guideline was allowed another one was not."""
    path = write(tmp_path / "e.json", ENTRY)
    mine, other = (read_exceptions(path, name) for name in ("2026.11.json", "2027.05.json"))
    assert apply_exceptions((ERROR,), [mine], TODAY).findings == ()
    assert ERROR in apply_exceptions((ERROR,), [other], TODAY).findings


def test_where_they_lie(tmp_path: Path) -> None:
    """The command finds them without being told."""
    guideline = tmp_path / "dns.2026.11.json"
    assert beside(guideline) is None
    path = write(tmp_path / "dns.2026.11.exceptions.json", ENTRY)
    assert beside(guideline) == path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "reason: String should have at least 1 character"),
        ({"reason": "   "}, "reason: String should have at least 1 character"),
        ({"end": None}, "end: Input should be a valid string"),
        ({"end": "2026-11"}, "end: String should match pattern"),
        ({"end": "2026-13-01"}, "end: month must be in 1..12"),
        ({"rule": "score"}, "rule: no rule is called 'score'"),
        ({"until": "x"}, "until: Extra inputs are not permitted"),
    ],
)
def test_a_bad_exception_is_refused(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    """An exception that nobody can read silences nobody knows what."""
    path = write(tmp_path / "e.json", {**ENTRY, **change})
    with pytest.raises(InputError) as caught:
        read_exceptions(path)
    assert f"$.exceptions[0].{words}" in caught.value.what
    assert (caught.value.code, caught.value.where) == ("bad-exceptions", str(path))


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A guideline in the place of its exceptions is a mistake to be told."""
    with pytest.raises(InputError, match=r"\$\.format"):
        read_exceptions(write(tmp_path / "e.json", ENTRY, format="other"))
    with pytest.raises(InputError, match="cannot be read"):
        read_exceptions(tmp_path / "none.json")
