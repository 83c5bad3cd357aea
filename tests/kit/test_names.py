"""The names of what a run creates: a ``reap`` reads nothing else, so they must be read exactly."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from defcore.kit.names import Name, fresh, parse

NOW = 1795171384.5
RUN = "0123456789abcdef"
WORDS = st.from_regex(r"([a-z0-9]+(-[a-z0-9]+)*)?", fullmatch=True)
TIMES = st.floats(36**4 * 60, 36**5 * 60 - 60)


@given(st.text("0123456789abcdef", min_size=16, max_size=16), TIMES, WORDS)
def test_what_is_made_is_read_back(run: str, expires: float, word: str) -> None:
    """If it fails, a reap leaves what it should end, or ends it too early."""
    name = fresh(run, expires, word)
    found = parse(name)
    assert found is not None
    assert (found.run, found.word, str(found)) == (run[:8], word, name)
    assert expires <= found.expires < expires + 60


@given(st.text(string.ascii_lowercase + string.digits + "-_ \n", max_size=40).map(lambda tail: "defcore-" + tail))
@example("defcore-0123abcd-hta58-89abcdef\n")
@example("defcore-0123abcd-hta58-89abcdef-")
@example("defcore-0123abcd-hta58-89abcdef--a")
@example("defcore-0123abcd-0ta58-89abcdef")
@example("defcore-0123ABCD-hta58-89abcdef")
@example("defcore-0123abcd-hta581-89abcdef")
@example("defcore-0123abcd-89abcdef")
def test_whatever_is_read_is_exactly_a_name_of_ours(text: str) -> None:
    """If it fails, a container that a bystander called defcore-something is deleted."""
    found = parse(text)
    assert found is None or str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        "defcore-backup",
        "defcore-0123abcd-hta58-89abcdef\n",
        "defcore-0123abcd-hta58-89abcdef-",
        "defcore-0123abcd-hta58-89abcdef-Word",
        "defcore-0123abcd-hta58-89abcdef/x",
        "defcore-0123abcd-0ta58-89abcdef",
        "defcore-0123ABCD-hta58-89abcdef",
        "defcore-0123abcd-hta581-89abcdef",
        "defcore-0123abcd-89abcdef",
        "xdefcore-0123abcd-hta58-89abcdef",
        "defcore-0123abcd-hta58-89abcd٣f",
        "",
    ],
)
def test_what_only_begins_like_one_is_none(text: str) -> None:
    """If it fails, a container that a bystander called defcore-something is deleted."""
    assert parse(text) is None


def test_a_name_tells_run_and_expiry() -> None:
    """The figures, once, in plain sight."""
    assert parse("defcore-0123abcd-hta58-89abcdef-a") == Name("0123abcd", 1795178640, "89abcdef", "a")


def test_names_are_fresh() -> None:
    """If it fails, two tests of a run write into one container."""
    assert len({fresh(RUN, NOW) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("expires", [0, -1, 1e12])
def test_a_time_beyond_the_digits_gives_a_name_all_the_same(expires: float) -> None:
    """A machine whose clock is wrong by decades must not be unable to run."""
    assert parse(fresh(RUN, expires)) is not None


@pytest.mark.parametrize(("run", "word"), [("short", ""), ("NOTHEXNOTHEX", ""), (RUN, "Big"), (RUN, "a b"), (RUN, "-")])
def test_what_could_not_be_read_back_is_refused(run: str, word: str) -> None:
    """If it fails, something is created that no reap would ever know."""
    with pytest.raises(ValueError, match="would not be known as ours"):
        fresh(run, NOW, word)
