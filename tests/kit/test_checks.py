"""What answers of several services are held to alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.checks import at_version, explained, holding, in_json, leading_to, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def answer(exchange: Callable[..., Exchange]) -> Callable[..., Answer]:
    """Make answers."""
    return lambda *words, **more: Answer(exchange(*words, **more))


@pytest.mark.parametrize("told", ["application/json", "application/json; charset=UTF-8", "application/json ;x=y"])
def test_json_may_say_more(answer: Callable[..., Answer], told: str) -> None:
    """A parameter of the media type is allowed, and would fail an honest cloud otherwise."""
    found = answer(200, {"content-type": told})
    assert in_json(found) is found


@pytest.mark.parametrize("told", ["text/html", "application/json-home", ""])
def test_what_is_not_json_is_said(answer: Callable[..., Answer], told: str) -> None:
    """A client that goes by the media type would not read the body at all."""
    with pytest.raises(CheckFailedError, match="header Content-Type"):
        in_json(answer(200, {"Content-Type": told}))


def test_the_version_is_told(answer: Callable[..., Answer]) -> None:
    """An answer as of another version than the one that was asked for must not pass for it."""
    found = answer(200, {"openstack-api-version": "volume 3.0"})
    assert found.check(at_version("volume 3.0")) is found
    for headers in ({}, {"OpenStack-API-Version": "volume 3.1"}):
        with pytest.raises(CheckFailedError, match="header OpenStack-API-Version"):
            answer(200, headers).check(at_version("volume 3.0"))


def test_a_refusal_says_why(answer: Callable[..., Answer]) -> None:
    """Whoever shows a user nothing but the message of a refusal must find one; more details may stand beside it."""
    body = json.dumps({"itemNotFound": {"code": 404, "message": "no plum", "details": "none at all"}}).encode()
    found = answer(404, JSON, body)
    assert refused(found, 404) is found


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"badRequest": {"code": 400, "message": "no"}}),
        (404, {"itemNotFound": {"code": 400, "message": "no"}}),
        (404, {"itemNotFound": {"code": 404, "message": ""}}),
        (404, {"badRequest": {"code": 404, "message": "no"}}),
        (404, {}),
    ],
)
def test_another_refusal_is_none(answer: Callable[..., Answer], status: int, body: dict[str, Any]) -> None:
    """A refusal of another kind, or without a word, must not count as the one that is promised."""
    with pytest.raises(CheckFailedError):
        refused(answer(status, JSON, json.dumps(body).encode()), 404)


def test_why_may_be_said_in_any_form(answer: Callable[..., Answer]) -> None:
    """Where no form is promised, a page for people is as good as JSON, and either status that is allowed."""
    found = answer(404, {}, b"<html>no such plum</html>")
    assert explained(found, 401, 404) is found


@pytest.mark.parametrize(("status", "body"), [(404, b""), (404, b" \n"), (400, b"no"), (200, b"no")])
def test_a_refusal_without_a_word_is_said(answer: Callable[..., Answer], status: int, body: bytes) -> None:
    """A user who is refused and not told why can but guess."""
    with pytest.raises(CheckFailedError):
        explained(answer(status, {}, body), 404)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("http://x/cloud/v3/plums/1", True),
        ("/v3/plums/1/", True),
        ("https://x/v3/plums/1?a=b", True),
        ("http://x/v3/plums/1-nowhere", False),
        ("http://x/?/v3/plums/1", False),
        (None, False),
        (["/v3/plums/1"], False),
    ],
)
def test_where_a_link_leads(link: object, leads: bool) -> None:  # noqa: FBT001 - a parameter
    """A link below a prefix of the cloud's own is right; one to another thing, or none at all, leads nowhere."""
    assert leading_to("/v3/plums/1").holds(link) is leads


def test_what_is_known_is_held_in_any_order(answer: Callable[..., Answer]) -> None:
    """An honest cloud may list roles or tags in another order, and tell more than is known."""
    found = answer(200)
    known = {"roles": [{"id": "1"}, {"id": "2", "name": "b"}], "tags": ["a", "b"], "size": 1}
    told = {"roles": [{"id": "2", "name": "b", "x": 1}, {"id": "1"}], "tags": ["b", "a"], "size": 1, "more": None}
    assert holding(found, "$", known, told) is found


@pytest.mark.parametrize(
    "told", [{"tags": ["a"]}, {"tags": ["a", "c"]}, {"tags": ["a", "b", "b"]}, {"tags": None}, {}, []]
)
def test_what_is_known_must_be_told(answer: Callable[..., Answer], told: object) -> None:
    """A value that was sent and comes back otherwise is lost data."""
    with pytest.raises(CheckFailedError):
        holding(answer(200), "$", {"tags": ["a", "b"]}, told)
