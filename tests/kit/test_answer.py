"""What a test may say of an answer, and how it is told when that does not hold."""

from __future__ import annotations

import os
import shlex
import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from defcore.cloud.target import Target
from defcore.kit.answer import Answer, CheckFailedError, curl

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange


@pytest.fixture
def answer(exchange: Callable[..., Exchange]) -> Callable[..., Answer]:
    """Make answers."""
    return lambda *words, **more: Answer(exchange(*words, **more))


def test_what_holds_can_be_chained(answer: Callable[..., Answer]) -> None:
    """A test reads like a sentence only when each check gives the answer back."""
    found = answer(201, {"ETag": "abc"}, b'{"a": [1]}')
    chained = found.status(200, 201).success().header("etag", "abc").header("X-No", None).body(b'{"a": [1]}')
    assert chained.shape({"a": [int]}).require("a", 1, 1).check(lambda one: one.status(201)) is found
    assert (found.text, found.content, found.get("ETAG"), found.json()) == (
        '{"a": [1]}',
        b'{"a": [1]}',
        "abc",
        {"a": [1]},
    )


@pytest.mark.parametrize(
    ("check", "place", "expected", "actual"),
    [
        (lambda a: a.status(200, 204), "status", "200 or 204", "404"),
        (lambda a: a.success(), "status", "a 2xx code", "404"),
        (lambda a: a.header("X-One", "2"), "header X-One", "'2'", "'1'"),
        (lambda a: a.header("X-One", None), "header X-One", "no such header", "'1'"),
        (lambda a: a.header("X-Two", "2"), "header X-Two", "'2'", "no such header"),
        (lambda a: a.body(b"b\nc\n"), "body", "4 bytes", "5 bytes that differ from byte 3 on"),
        (lambda a: a.body(b"b\na\n!"), "body", "5 bytes", "5 bytes that differ from byte 5 on"),
        (lambda a: a.json(), "body", "JSON", r"'b\na\nx'"),
        (lambda a: a.shape({}), "body", "JSON", r"'b\na\nx'"),
        (lambda a: a.listing(["a", "b"]), "body", "['a', 'b']", "['b', 'a', 'x']"),
        (lambda a: a.listing(["a", "b"], ours=["a", "b", "c"]), "body", "['a', 'b']", "['b', 'a']"),
        (lambda a: a.require("the sum", 3, 4), "the sum", "3", "4"),
        (lambda a: a.check(lambda one: one.status(1)), "status", "1", "404"),
    ],
)
def test_what_does_not_hold_is_told_with_its_place(
    answer: Callable[..., Answer], check: Callable[[Answer], Any], place: str, expected: str, actual: str
) -> None:
    """Who has to mend the cloud must read where, what was expected, and what came."""
    found = answer(404, {"X-One": "1"}, b"b\na\nx")
    with pytest.raises(CheckFailedError) as caught:
        check(found)
    error = caught.value
    assert (error.place, error.expected, error.actual) == (place, expected, actual)
    assert error.exchange is found.exchange
    assert str(error) == f"{place}: expected {expected}, got {actual}"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_the_clouds_failure(answer: Callable[..., Answer], body: bytes) -> None:
    """An HTML page instead of JSON, or one nested without end, is a failed test and not an error of ours."""
    with pytest.raises(CheckFailedError):
        answer(200, {}, body).json()


def test_a_shape_that_does_not_fit_names_its_first_place(answer: Callable[..., Answer]) -> None:
    """One clear place is worth more than a list of consequences."""
    with pytest.raises(CheckFailedError, match=r"^\$\.a: expected a text, got 1$"):
        answer(200, {}, b'{"a": 1, "b": 2}').shape({"a": str, "b": str})


def test_lines_are_split_at_newlines_only(answer: Callable[..., Answer]) -> None:
    """A name that holds another separator of Unicode would be taken for two."""
    assert answer(200, {}, "a\u2028b\nc\x0bd\n".encode()).lines == ["a\u2028b", "c\x0bd"]


def test_a_listing_passes_over_what_others_own(answer: Callable[..., Answer]) -> None:
    """A project in use holds containers of others, which must not fail our tests."""
    answer(200, {}, b"a\nz\nb\n").listing(["a", "b"], ours=["a", "b"])


def test_curl_repeats_the_request_without_its_secrets(exchange: Callable[..., Exchange]) -> None:
    """An operator pastes the line into a shell, and the line into a ticket."""
    found = exchange(
        method="PUT",
        url="http://me:pw@cloud/v1/a/it's?temp_url_sig=planted&format=json",
        request_headers={
            "X-Auth-Token": "planted",
            "X-Account-Meta-Temp-URL-Key": "planted",
            "X-Container-Meta-Color": "it's red",
            "Accept": "*/*",
            "X-OpenStack-Request-ID": "req-1",
        },
        request_body=b"abc",
    )
    line = curl(found)
    assert "planted" not in line
    assert '"X-Auth-Token: $TOKEN"' in line
    assert shlex.split(line) == [
        *("head", "-c", "3", "/dev/zero", "|"),
        *("curl", "-i", "-X", "PUT", "-g", "-H", "X-Auth-Token: $TOKEN", "-H", "X-Account-Meta-Temp-URL-Key: [hidden]"),
        *("-H", "X-Container-Meta-Color: it's red", "-H", "Content-Type:", "--data-binary", "@-"),
        "http://cloud/v1/a/it's?temp_url_sig=[hidden]&format=json",
    ]


def test_curl_asks_for_headers_as_curl_does(exchange: Callable[..., Exchange]) -> None:
    """``curl -X HEAD`` waits for a body that never comes."""
    assert curl(exchange(method="HEAD")) == "curl -I http://cloud/v1/a"


def remove(container: str, token: str) -> None:
    """Leave nothing behind for the tests that come after."""
    headers = {"X-Auth-Token": token}
    for name in requests.get(container, headers=headers, timeout=20).text.splitlines():
        requests.delete(f"{container}/{quote(name)}", headers=headers, timeout=20)
    requests.delete(container, headers=headers, timeout=20).raise_for_status()


@pytest.mark.parametrize(
    ("request_of", "status"),
    [
        (lambda url: {"method": "PUT", "url": f"{url}/c"}, "202"),
        (lambda url: {"method": "POST", "url": f"{url}/c", "request_headers": {"X-Container-Meta-Colour": ""}}, "204"),
        (lambda url: {"method": "HEAD", "url": f"{url}/c"}, "204"),
        (lambda url: {"method": "GET", "url": f"{url}/c?prefix=a[1]{{2}}&format=json"}, "200"),
        (lambda url: {"method": "PUT", "url": f"{url}/c/it's%20$TOKEN", "request_body": b"abc"}, "201"),
        (lambda url: {"method": "PUT", "url": f"{url}/c/empty"}, "201"),
        (lambda url: {"method": "GET", "url": f"{url}/c/a/../b"}, "404"),
        (
            lambda url: {
                "method": "PUT",
                "url": f"{url}/c/json",
                "request_body": b'{"name": "it is"}',
                "request_headers": {"Content-Type": "application/json"},
            },
            "201",
        ),
        (lambda url: {"method": "DELETE", "url": f"{url}/c/gone"}, "404"),
    ],
)
def test_the_line_works_when_it_is_pasted(
    exchange: Callable[..., Exchange],
    credentials: dict[str, Credential],
    request_of: Callable[[str], dict[str, Any]],
    status: str,
    request: pytest.FixtureRequest,
) -> None:
    """A line that curl or the shell stumbles over costs the trust in all the others."""
    target = Target(credentials["main"])
    url, token = target.endpoint("object-store"), target.token()
    requests.put(f"{url}/c", headers={"X-Auth-Token": token}, timeout=20)
    request.addfinalizer(partial(remove, f"{url}/c", token))
    words = request_of(str(url))
    words["request_headers"] = {"X-Auth-Token": token} | words.get("request_headers", {})
    line = curl(exchange(**words))
    assert token not in line
    found = subprocess.run(
        ["sh", "-c", line], env={**os.environ, "TOKEN": token}, capture_output=True, text=True, timeout=20, check=False
    )
    assert found.returncode == 0, (line, found.stderr)
    assert found.stdout.split()[1] == status, (line, found.stdout)


def test_the_line_for_a_second_token_names_it(exchange: Callable[..., Exchange]) -> None:
    """Who asks about a token needs two of them, and neither may stand in the line."""
    found = exchange(request_headers={"X-Auth-Token": "planted", "X-Subject-Token": "planted"})
    assert curl(found) == (
        'curl -i -X GET -H "X-Auth-Token: $TOKEN" -H "X-Subject-Token: $SUBJECT_TOKEN" http://cloud/v1/a'
    )


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (403, b'{"forbidden": {"message": "Quota exceeded for instances"}}', "403 (the quota is full)"),
        (409, b'{"NeutronError": {"type": "OverQuota"}}', "409 (the quota is full)"),
        (413, b"VolumeLimitExceeded: quota", "413 (the quota is full)"),
        (403, b"policy does not allow it", "403"),
        (500, b"quota", "500"),
    ],
)
def test_a_full_quota_is_told_from_a_denial(
    exchange: Callable[..., Exchange], status: int, body: bytes, told: str
) -> None:
    """Who has no room left would look for wrong rights, as the status says no more."""
    answer = Answer(exchange(status, body=body))
    for check in (partial(answer.status, 202), answer.success):
        with pytest.raises(CheckFailedError) as caught:
            check()
        assert caught.value.actual == told
