"""The one error: what people read, and what the command line ends with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import CloudError, DefcoreError, InputError, RefusedError


@pytest.mark.parametrize(
    ("where", "hint", "line"),
    [
        (None, None, "it broke"),
        ("a.json:3", None, "a.json:3: it broke"),
        (None, "mend it", "it broke (mend it)"),
        ("a.json:3", "mend it", "a.json:3: it broke (mend it)"),
    ],
)
def test_says_where_what_and_what_to_do(where: str | None, hint: str | None, line: str) -> None:
    """Without all three parts in this order, a user knows that something broke, and not how to go on."""
    assert str(DefcoreError("broken", "it broke", where=where, hint=hint)) == line


@pytest.mark.parametrize(
    ("kind", "code"),
    [(DefcoreError, 2), (InputError, 2), (CloudError, 3), (RefusedError, 1)],
    ids=str,
)
def test_exit_codes(kind: type[DefcoreError], code: int) -> None:
    """A script tells a wrong word from a broken cloud and a refused claim by the exit code alone."""
    error = kind("some-code", "it broke", where="there", hint="mend it")
    assert (error.exit_code, error.code, error.what, error.where, error.hint) == (
        code,
        "some-code",
        "it broke",
        "there",
        "mend it",
    )


def test_an_exit_code_of_ones_own() -> None:
    """A caller that knows better than the class must be able to say so."""
    assert DefcoreError("x", "y", exit_code=7).exit_code == 7


@settings(deadline=None)
@given(what=st.text(), where=st.text(), hint=st.text())
def test_is_one_printable_line(what: str, where: str, hint: str) -> None:
    """Words out of a hostile file must not move the cursor, colour the screen or break the encoding."""
    line = str(InputError("x", what, where=where, hint=hint))
    assert line.isprintable()
    assert line.encode().decode() == line


def test_escapes_are_shown() -> None:
    """What was left out of the line silently could not be found in the file."""
    assert str(InputError("x", "key \x1b[2J\u202e and\nmore")) == "key \\x1b[2J\\u202e and more"
