"""Tests of the guidelines that an added suite brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.suite.added import guideline_word

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bringing(tmp_path: Path) -> Path:
    """Make a suite that brings one guideline, its exceptions beside it."""
    folder = tmp_path / "suite" / "guidelines"
    folder.mkdir(parents=True)
    (folder / "own.2027.01.json").write_text("{}")
    (folder / "own.2027.01.exceptions.json").write_text("{}")
    return folder.parent


def test_the_one_guideline_of_an_added_suite_is_used_without_a_word(bringing: Path) -> None:
    """If it fails, a foundation's program has to be named again and again, or another one is run."""
    file = str(bringing / "guidelines" / "own.2027.01.json")
    assert guideline_word(None, [bringing]) == file
    assert guideline_word("own.2027.01", [bringing]) == file
    assert guideline_word("2026.11", [bringing]) == "2026.11"


def test_without_one_nothing_changes(tmp_path: Path) -> None:
    """If it fails, adding tests alone changes which guideline a cloud is judged by."""
    assert guideline_word(None, []) is None
    assert guideline_word(None, [tmp_path]) is None


def test_several_have_to_be_told_apart(bringing: Path) -> None:
    """If it fails, which guideline is used depends on the order of the words."""
    (bringing / "guidelines" / "own.2027.07.json").write_text("{}")
    with pytest.raises(InputError, match="bring several guidelines") as caught:
        guideline_word(None, [bringing])
    assert caught.value.hint == "choose with --guideline: own.2027.01, own.2027.07"
