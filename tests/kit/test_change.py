"""Declared changes: exactly one thing is altered, really, and where it was declared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.kit import change as changes
from defcore.kit.change import Change, Changer

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange

ON = "GET /v1/{account}"


@pytest.mark.parametrize("words", [{}, {"status": 500, "header": ("A", "b")}, {"status": 1, "body": changes.flipped}])
def test_a_change_alters_exactly_one_thing(words: dict[str, Any]) -> None:
    """A change of two things would not show which of them the test noticed."""
    with pytest.raises(ValueError, match="exactly one"):
        Change(on=ON, **words)


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ({"status": 500}, "status", 500),
        ({"header": ("ETag", "b")}, "headers", {"ETag": "b", "X": "1"}),
        ({"header": ("etag", None)}, "headers", {"X": "1"}),
        ({"header": ("New", "n")}, "headers", {"ETag": "a", "X": "1", "New": "n"}),
        ({"body": changes.flipped}, "body", b"one\ntwn"),
    ],
)
def test_a_change_leaves_everything_else_as_it_was(
    exchange: Callable[..., Exchange], words: dict[str, Any], field: str, value: object
) -> None:
    """What else changed could be what the test fails for."""
    real = exchange(200, {"ETag": "a", "X": "1"}, b"one\ntwo")
    altered = Change(on=ON, **words).apply(real)
    assert altered.altered
    assert getattr(altered, field) == value
    for name in {"status", "headers", "body", "request_id", "url"} - {field}:
        assert getattr(altered, name) == getattr(real, name)
    assert (real.status, dict(real.headers), real.body) == (200, {"ETag": "a", "X": "1"}, b"one\ntwo")


@pytest.mark.parametrize(
    "words", [{"status": 200}, {"header": ("ETag", "a")}, {"header": ("No", None)}, {"body": lambda body: body}]
)
def test_a_change_of_nothing_is_an_error(exchange: Callable[..., Exchange], words: dict[str, Any]) -> None:
    """A test that passes under a change that changes nothing would be blamed for it."""
    with pytest.raises(ValueError, match=r"changes nothing|already is"):
        Change(on=ON, **words).apply(exchange(200, {"ETag": "a"}, b"x"))


def test_only_the_declared_operation_is_altered_from_the_nth_on(exchange: Callable[..., Exchange]) -> None:
    """A change that hits the preparation would fail the test for another reason than the declared one."""
    changer = Changer(Change(on=ON, nth=2, status=500))
    seen = [changer(exchange(operation=word)).status for word in (ON, "PUT /x", ON, ON)]
    assert (seen, changer.applied) == ([200, 200, 500, 500], 2)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (changes.without("b"), b"abcb", b"ac"),
        (changes.without_last_line, b"a\nb\n", b"a\n"),
        (changes.without_first_line, b"a\nb\n", b"b\n"),
        (changes.without_lines("^a"), b"a1\nb\na2\n", b"b\n"),
        (changes.without_lines("b$"), b"a\nb\n", b"a\n"),
        (changes.replaced("a", "z"), b"aba", b"zbz"),
        (changes.with_line("c"), b"a\n", b"a\nc\n"),
        (changes.flipped, b"", b"x"),
    ],
)
def test_changes_of_a_body_do_what_they_are_called(
    change: Callable[[bytes], bytes], before: bytes, after: bytes
) -> None:
    """A declaration is read as documentation of what a test notices."""
    assert change(before) == after


def test_one_member_of_a_document_is_set() -> None:
    """The rest of the answer must stay what the cloud said."""
    changed = changes.with_json("a.b", 5)(b'{"a": {"b": 1, "c": 2}, "d": 3}')
    assert json.loads(changed) == {"a": {"b": 5, "c": 2}, "d": 3}


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (changes.with_list("a.b", lambda items: items[1:]), [{"n": "y"}]),
        (changes.with_item("a.b", n="z"), [{"n": "xx", "m": 1}, {"n": "y"}, {"n": "z", "m": 1}]),
        (changes.without_items("a.b", "n", "x"), [{"n": "y"}]),
    ],
)
def test_one_list_of_a_document_is_changed(change: Callable[[bytes], bytes], after: list[object]) -> None:
    """A filter that lets another one through, or loses one, is what a test of a list must notice."""
    before = {"a": {"b": [{"n": "xx", "m": 1}, {"n": "y"}]}, "c": 3}
    assert json.loads(change(json.dumps(before).encode())) == {"a": {"b": after}, "c": 3}


def test_an_item_is_added_to_an_empty_list_too() -> None:
    """A test that finds nothing must notice what should not be there."""
    assert json.loads(changes.with_item("a", n="z")(b'{"a": []}')) == {"a": [{"n": "z"}]}


@given(st.binary())
def test_flipped_is_always_another_body_of_that_length(body: bytes) -> None:
    """A body that happens to stay the same would make its test of tests fail by chance."""
    assert changes.flipped(body) != body
    assert len(changes.flipped(body)) == max(len(body), 1)
