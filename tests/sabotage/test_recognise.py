"""Requests are recognised by what anybody can see of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.sabotage.recognise import UNKNOWN, Recogniser
from defcore.suite import suite_dir
from defcore.suite.operations import known_names, load

NAMES = known_names(load(suite_dir()))
ALL = Recogniser(NAMES)


@pytest.mark.parametrize(
    ("method", "path", "body", "operation"),
    [
        ("GET", "/v2.1/servers", b"", "GET /servers"),
        ("GET", "/compute/v2.1/servers/detail", b"", "GET /servers/detail"),
        ("GET", "/v2.1/servers/5f", b"", "GET /servers/{server_id}"),
        ("POST", "/v2.1/servers/5f/action", b'{"reboot": {}}', "POST /servers/{server_id}/action (reboot)"),
        ("POST", "/v2.1/servers/5f/action", b"nonsense", UNKNOWN),
        ("GET", "/v1/AUTH_p/c/servers", b"", "GET /v1/{account}/{container}/{object}"),
        ("GET", "/v1/AUTH_p/c/a/b/", b"", "GET /v1/{account}/{container}/{object}"),
        ("GET", "/v3/p/volumes", b"", "GET /v3/{project_id}/volumes"),
        ("GET", "/v3/volumes/v/metadata", b"", "GET /v3/{project_id}/volumes/{volume_id}/metadata"),
        ("GET", "/v3/volumes/", b"", "GET /v3/{project_id}/volumes"),
        ("DELETE", "/v3/volumes/", b"", "DELETE /v3/{project_id}/volumes/{volume_id}"),
        ("GET", "/", b"", "GET /"),
        ("BREW", "/pot", b"", UNKNOWN),
    ],
)
def test_a_request_is_recognised(method: str, path: str, body: bytes, operation: str) -> None:
    """A proxy that takes one operation for another breaks the wrong promise."""
    assert ALL.name(method, path, body) == operation


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_is_recognised(name: str) -> None:
    """A fault of an operation that is never recognised would seem to be one that nobody notices."""
    method, _, rest = name.partition(" ")
    path, _, action = rest.partition(" (")
    filled = "/".join("x1" if part.startswith("{") else part for part in path.split("/"))
    body = f'{{"{action.rstrip(")")}": null}}'.encode() if action else b""
    assert ALL.name(method, filled, body) == name


@given(st.text(max_size=30), st.binary(max_size=20))
def test_nothing_upsets_it(path: str, body: bytes) -> None:
    """A request that nobody foresaw must pass through the proxy like any other."""
    assert ALL.name("GET", path, body) in {UNKNOWN, *NAMES}


def test_a_wrong_operation_is_refused() -> None:
    """A damaged operations.json must be told, not half believed."""
    with pytest.raises(ValueError, match="no operation"):
        Recogniser(["nonsense"])
