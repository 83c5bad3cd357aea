"""The engine over guidelines at random, and the files that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from defcore.errors import InputError
from defcore.guideline import Guideline, dump, load_bytes
from defcore.guideline.lint import Severity, lint, lint_all
from defcore.guideline.lint.files import gather
from defcore.guideline.lint.model import Subject
from defcore.guideline.lint.rules import linter
from defcore.guideline.lint.rules.linter import nothing
from tests.guideline.builders import guidelines, text_of
from tests.guideline.old_files import EVERY, every

from .builders import clean

if TYPE_CHECKING:
    from pathlib import Path


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(guidelines(), guidelines())
def test_any_guideline_can_be_checked(one: Guideline, other: Guideline) -> None:
    """Whatever the reader takes the linter must take: a crash on an odd file is no finding."""
    first, second = (load_bytes(dump(item), f"{item.id}.json") for item in (one, other))
    for item in (*lint(first, second), *lint_all([first, second])):
        assert item.path.startswith("$")
        assert item.line >= 1
        assert item.message


@pytest.mark.parametrize("name", EVERY)
def test_every_dialect_can_be_checked(name: str) -> None:
    """A path of schema 2.0 that does not exist in an older file must still give a line."""
    source = load_bytes(text_of(every(name)).encode(), "g.json")
    assert all(item.line >= 1 for item in lint(source, load_bytes(text_of(clean()).encode(), "old.json")))


def test_findings_of_a_file_are_told_apart() -> None:
    """An exception names a rule and a subject; two findings of one name could not be told apart."""
    for name in EVERY:
        found = [(item.rule, item.subject) for item in lint(load_bytes(text_of(every(name)).encode(), "g.json"))]
        assert len(set(found)) == len(found)


def test_the_rules_of_the_linter_itself_find_nothing_in_a_guideline() -> None:
    """They stand among the rules to be documented; a finding of theirs is made where a file or exception is read."""
    subject = Subject(load_bytes(text_of(clean()).encode(), "g.json"))
    assert [tuple(nothing(subject)) for _ in linter.RULES] == [()] * 4


def test_files_and_folders(tmp_path: Path) -> None:
    """A folder's broken file is a finding beside the others; each file is read once."""
    (tmp_path / "2018.02.json").write_text(text_of(clean()))
    (tmp_path / "2018.11.json").write_text("{\n,")
    (tmp_path / "package.json").write_text("{")
    sources, unreadable = gather([tmp_path, tmp_path / "2018.02.json"])
    assert [item.guideline.id for item in sources] == ["2018.02"]
    (found,) = unreadable
    assert (found.rule, found.severity, found.subject, found.line) == (
        "file-unreadable",
        Severity.ERROR,
        "2018.11.json",
        2,
    )


def test_a_large_file_of_a_folder_has_no_line(tmp_path: Path) -> None:
    """What is refused as a whole has no line to go to."""
    (tmp_path / "2018.11.json").write_bytes(b" " * 4_000_001)
    assert gather([tmp_path])[1][0].line == 0


def test_a_named_file_must_be_readable(tmp_path: Path) -> None:
    """Who names a file wants to hear of it, not that nothing was found."""
    (tmp_path / "2018.11.json").write_text("{")
    with pytest.raises(InputError, match="is not valid JSON"):
        gather([tmp_path / "2018.11.json"])


def test_a_folder_without_guidelines(tmp_path: Path) -> None:
    """A mistyped folder must not pass as clean."""
    with pytest.raises(InputError, match="holds no guideline"):
        gather([tmp_path])
