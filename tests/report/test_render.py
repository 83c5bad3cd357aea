"""Tests of the room's front door."""

from __future__ import annotations

import pytest

from defcore.errors import InputError
from defcore.report import FORMATS, ReportView, render

from .builders import VIEWS


@pytest.mark.parametrize("fmt", list(FORMATS))
def test_every_format_ends_with_one_newline_and_is_repeatable(fmt: str) -> None:
    """If it fails, two reports on the same facts differ, and cannot be compared byte by byte."""
    first, second = (render(fmt, VIEWS["mixed"]()) for _ in range(2))
    assert first == second
    assert first.endswith("\n")
    assert not first.endswith("\n\n")


def test_an_unknown_format_is_one_clear_line() -> None:
    """If it fails, a misspelt format is a traceback."""
    view: ReportView = VIEWS["empty"]()
    with pytest.raises(InputError, match="no report format 'pdf'") as caught:
        render("pdf", view)
    assert caught.value.hint == "one of: html, md, junit, json, csv, in-toto, text"
