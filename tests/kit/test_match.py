"""Shapes: what fits, what does not, and how a mismatch is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.kit import match
from defcore.kit.match import (
    Each,
    Either,
    Every,
    Match,
    Maybe,
    Mismatch,
    Only,
    cidr,
    exactly,
    fits,
    ip_address,
    mac,
    mismatches,
    show,
    url,
    uuid,
    words,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
FAR = "Fri, 20 Nov 2026 10:00:00 +" + "9" * 20
MATCHES = [value for value in vars(match).values() if isinstance(value, Match)]
FACTORIES = [match.one_of(1, "a"), match.containing("a"), match.between(1, 2)]


@given(JSON)
def test_every_value_fits_itself(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """A check against the very value that came back must hold, or healthy clouds fail."""
    assert list(mismatches(value, value)) == []


@given(JSON)
def test_every_value_is_exactly_itself(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """A thing that is told of as before must never count as changed."""
    assert list(mismatches(exactly(value), value)) == []


@pytest.mark.parametrize("other", [{"a": [{"b": 1, "c": 2}]}, {"a": [{}]}, {"a": [{"b": 1}], "d": None}, {"a": []}])
def test_exactly_has_no_member_more_or_less(other: dict[str, Any]) -> None:
    """A change of something deep inside, or something added there, would pass for the same."""
    assert list(mismatches(exactly({"a": [{"b": 1}]}), other))


@given(JSON, JSON)
def test_a_mismatch_is_told_in_words_and_never_raises(expected: Any, actual: Any) -> None:  # noqa: ANN401
    """Whatever a cloud answers, the user gets a place, an expectation and what came instead."""
    for item in mismatches(expected, actual):
        assert item.path.startswith("$")
        assert item.expected
        assert len(item.actual) <= 200


@pytest.mark.parametrize("condition", [*MATCHES, *FACTORIES], ids=lambda item: item.name[:30])
@given(value=JSON)
def test_conditions_bear_any_value(condition: Match, value: Any) -> None:  # noqa: ANN401
    """A value of an unexpected type is the cloud's failure, not an error of ours."""
    assert fits(condition, value) in (True, False)


@pytest.mark.parametrize(
    ("condition", "good", "bad"),
    [
        (match.anything, [None, 1, ""], []),
        (match.nonempty, ["a"], ["", 1, None]),
        (match.digits, ["0", "12"], ["", "1a", "-1", "1\n", "\u0663", 1]),
        (match.timestamp, ["1.5", "10"], ["1.", ".5", "x", 1.5]),
        (match.http_date, ["Fri, 20 Nov 2026 10:00:00 GMT"], ["soon", "", 5, None, FAR]),
        (match.iso_time, ["2026-11-20T10:00:00.123456"], ["20 Nov", "", 5, None]),
        (match.hex_id, ["a-B_9"], ["", "a b", "a/b"]),
        (match.url, ["http://x", "https://x/y"], ["x", "ftp://x", "http://"]),
        (match.count, [0, 5], [-1, 1.5, "1", True]),
        (match.one_of(1, "a"), [1, "a"], [2, None]),
        (match.containing("b"), ["abc", ["b"]], ["xyz", [], None, 5]),
        (match.between(1, 2), [1, 1.5, 2], [0.9, 2.1, "1", True, None]),
    ],
)  # fmt: skip
def test_conditions_hold_for_what_their_name_says(condition: Match, good: list[Any], bad: list[Any]) -> None:
    """A condition that is wider than its name passes clouds that should fail, a narrower one fails good ones."""
    assert [value for value in good if not fits(condition, value)] == []
    assert [value for value in bad if fits(condition, value)] == []


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({"a": int}, {"a": 1, "b": 2}, []),
        ({"a": int}, {}, [Mismatch("$.a", "a whole number", "nothing")]),
        ({"a": {"b": str}}, {"a": {"b": 1}}, [Mismatch("$.a.b", "a text", "1")]),
        ({"a": 1}, [1], [Mismatch("$", "an object", "[1]")]),
        ([int, str], [1, "a"], []),
        ([int], ["a"], [Mismatch("$[0]", "a whole number", "'a'")]),
        ([1], [1, 2], [Mismatch("$", "[1]", "[1, 2]")]),
        (Each({"n": int}), [{"n": 1}, {"n": "x"}], [Mismatch("$[1].n", "a whole number", "'x'")]),
        (Each(int, least=2), [1], [Mismatch("$", "at least 2 items", "1 items")]),
        (Each(int), {"a": 1}, [Mismatch("$", "a list", "{'a': 1}")]),
        (bool, 1, [Mismatch("$", "true or false", "1")]),
        (int, True, [Mismatch("$", "a whole number", "True")]),
        (1, True, [Mismatch("$", "1", "True")]),
        (True, 1, [Mismatch("$", "True", "1")]),
        (float, 1.5, []),
        (float, "x", [Mismatch("$", "float", "'x'")]),
        (match.digits, "x", [Mismatch("$", "a whole number", "'x'")]),
    ],
)
def test_the_place_of_a_mismatch_is_named(expected: Any, actual: Any, found: list[Mismatch]) -> None:  # noqa: ANN401
    """Whoever has to mend a cloud must be pointed to the member that is wrong."""
    assert list(mismatches(expected, actual)) == found


def test_a_list_of_shapes_is_told_in_words() -> None:
    """Python's own way to print a condition would tell the user about functions at addresses."""
    assert "0x" not in words([match.digits, int])


def test_text_like_wants_the_whole_text() -> None:
    """A pattern that only has to begin somewhere would pass a date with rubbish after it."""
    condition = match.text_like("three letters", "[a-z]{3}")
    assert [fits(condition, value) for value in ("abc", "abcd", "ab", "abc\n")] == [True, False, False, False]


@given(st.text() | st.lists(st.integers()))
def test_shown_values_are_short_and_one_line(value: Any) -> None:  # noqa: ANN401
    """A failure is shown in one line of a terminal, whatever control characters came back."""
    shown = show(value)
    assert len(shown) <= 200
    assert not re.search(r"[\x00-\x1f\x7f]", shown)


CLOSED = Only({"id": str, "note": Maybe(Either(str, None)), "links": Each({"href": url}, least=1)})


@pytest.mark.parametrize(
    ("actual", "told"),
    [
        ({"id": "a", "links": [{"href": "http://x"}]}, []),
        ({"id": "a", "note": None, "links": [{"href": "http://x", "rel": "self"}]}, []),
        ({"id": "a", "note": 3, "links": [{"href": "http://x"}]}, ["$.note: a text or null, 3"]),
        ({"id": "a", "links": []}, ["$.links: at least 1 items, 0 items"]),
        ({"links": [{"href": "http://x"}]}, ["$.id: a text, nothing"]),
        ({"id": "a", "links": [{"href": "http://x"}], "OS-x:y": 1}, ["$['OS-x:y']: no such member, 1"]),
        ([], ["$: an object, []"]),
    ],
)
def test_an_object_may_be_closed(actual: object, told: list[str]) -> None:
    """A cloud that adds members to what the API closes breaks clients that are strict, and must be told where."""
    found = [f"{item.path}: {item.expected}, {item.actual}" for item in mismatches(CLOSED, actual)]
    assert found == told


@pytest.mark.parametrize(
    ("actual", "told"), [({"a": "x", "b": "y"}, []), ({}, ["$"]), ({"a": 1}, ["$.a"]), (["a"], ["$"]), (None, ["$"])]
)
def test_the_members_of_an_object_may_share_a_shape(actual: object, told: list[str]) -> None:
    """Metadata has keys of the user's own, and values that must all be texts."""
    assert [item.path for item in mismatches(Every(str, least=1), actual)] == told


@pytest.mark.parametrize(
    ("match", "good", "bad"),
    [
        (uuid, ["6f70656e-7374-6163-6b20-342065766572", "6f70656e737461636b20342065766572"], ["6f70656e", "", None, 1]),
        (mac, ["fa:16:3e:00:00:01"], ["fa:16:3e:00:00", "fa-16-3e-00-00-01", 1]),
        (ip_address, ["10.0.0.1", "fe80::1"], ["10.0.0", "10.0.0.0/24", 1]),
        (cidr, ["10.0.0.0/24", "fe80::/64"], ["10.0.0.1/24", "x", 1]),
    ],
)
def test_what_clouds_call_things(match: Match, good: list[object], bad: list[object]) -> None:
    """An id, an address or a range that is none is found by the client who parses it, and not by the test."""
    assert [fits(match, item) for item in good] == [True] * len(good)
    assert [fits(match, item) for item in bad] == [False] * len(bad)
