"""What answers of compute are held to beside their members."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.compute.checks import done, linked, once, speaks, told
from defcore.kit.outcomes import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange

DATED = {"OpenStack-API-Version": "compute 2.1", "X-OpenStack-Nova-API-Version": "2.1"}
JSON = DATED | {"Content-Type": "application/json"}


@pytest.fixture
def answer(exchange: Callable[..., Exchange]) -> Callable[..., Answer]:
    """Make answers."""
    return lambda *words, **more: Answer(exchange(*words, **more))


def test_what_is_told_whole_is_let_through(answer: Callable[..., Answer]) -> None:
    """An honest cloud would fail each of these tests otherwise."""
    found = answer(200, JSON, b'{"plum": 1}')
    assert told(found, {"plum": int}) is found
    assert done(answer(202, DATED), 202).content == b""


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (201, JSON, b"{}"),
        (200, DATED | {"Content-Type": "text/html"}, b"{}"),
        (200, JSON | {"OpenStack-API-Version": "compute 2.2"}, b"{}"),
        (200, JSON | {"X-OpenStack-Nova-API-Version": "2.2"}, b"{}"),
        (200, JSON, b"[]"),
    ],
)
def test_what_is_told_otherwise_is_said(
    answer: Callable[..., Answer], status: int, headers: dict[str, str], body: bytes
) -> None:
    """A cloud that answers as of another version, or no JSON, would be certified."""
    with pytest.raises(CheckFailedError):
        told(answer(status, headers, body), {})


def test_what_is_done_says_nothing_more(answer: Callable[..., Answer]) -> None:
    """An error in the body of an answer that calls itself a success would go unnoticed."""
    with pytest.raises(CheckFailedError, match="body"):
        done(answer(202, JSON, b'{"error": 1}'), 202)


def test_each_thing_has_both_links(answer: Callable[..., Answer]) -> None:
    """A client that follows a link would come to another thing, or to none."""
    self_, lasting = "https://cloud/nova/v2.1/plums/1", "https://cloud/nova/plums/1"
    good = {"id": "1", "links": [{"rel": "self", "href": self_}, {"rel": "bookmark", "href": lasting}]}
    found = answer(200)
    assert linked(found, good, "plums") is found
    for bad in (good["links"][:1], [{"rel": "self", "href": f"{self_}0"}, {"rel": "bookmark", "href": lasting}]):
        with pytest.raises(CheckFailedError, match="links"):
            linked(found, good | {"links": bad}, "plums")


def test_what_is_listed_once_is_as_it_was_told(answer: Callable[..., Answer]) -> None:
    """A list that leaves something out, repeats it or tells of it otherwise would pass; others in it decide nothing."""
    plum, pear = {"id": "1", "name": "plum"}, {"id": "2", "name": "pear"}
    found = answer(200, JSON, json.dumps([plum, pear]).encode())
    assert once(found, "$", plum, [pear, plum]) is found
    assert once(found, "$", {"name": "plum"}, [{"name": "plum"}]) is found
    for items in ([pear], [plum, pear, plum], [plum | {"name": "plu"}]):
        with pytest.raises(CheckFailedError, match="'1'"):
            once(found, "$", plum, items)


def test_a_version_that_nobody_speaks_is_no_failure(answer: Callable[..., Answer]) -> None:
    """An older cloud would fail for what it never said it had."""
    with pytest.raises(UnsupportedError, match=r"2\.99, which has plums"):
        speaks(answer(406), "2.99", "plums")
    other = answer(500)
    assert speaks(other, "2.99", "plums") is other
