"""Tests of the scorecard as text. Snapshots: see ``test_text_snapshot``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.report import render

from .builders import VIEWS, huge_cases, view_of
from .hostile import hostile_view

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("name", ["green", "mixed", "dead", "empty", "imported"])
def test_text_snapshot(name: str, snapshot: Callable[[str, str], None]) -> None:
    """If it fails, the text changed: read it, then store it with DEFCORE_WRITE_SNAPSHOTS=1 pytest tests/report."""
    snapshot(f"{name}.txt", render("text", VIEWS[name]()))


def test_verdicts_stand_alone_on_their_lines() -> None:
    """If it fails, somebody who greps for ``interop: pass`` finds nothing."""
    lines = render("text", VIEWS["green"]()).splitlines()
    assert "interop: pass" in lines
    assert "mark:    undetermined" in lines


def test_long_groups_are_cut_with_a_count() -> None:
    """If it fails, one cause scrolls the verdict off the screen."""
    assert "    - and 10 more" in render("text", view_of(huge_cases()))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_no_text_reaches_the_terminal_as_a_command(text: str) -> None:
    """If it fails, an answer of the cloud can recolour, clear or forge what stands on the terminal."""
    shown = render("text", hostile_view(text))
    assert not {char for char in shown if ord(char) < 32 and char != "\n"}
    assert not {"\x7f", "\x9b", "\u202e"} & set(shown)
