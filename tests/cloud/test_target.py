"""Logging in: what a cloud that is broken, or a credential that is wrong, is told as."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.credential import Credential
from defcore.cloud.http import Policy
from defcore.cloud.target import Target
from defcore.errors import CloudError, DefcoreError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.refcloud import Cloud
    from tests.conftest import Server

ENDPOINT = {"interface": "public", "region_id": "r1", "region": "r1", "id": "e"}
CATALOGUE = [
    {"type": "object-store", "name": "swift", "id": "s", "endpoints": [ENDPOINT | {"url": "http://swift/v1/AUTH_p/"}]},
    {"type": "compute", "name": "nova", "id": "n", "endpoints": [ENDPOINT | {"region_id": "r2", "region": "r2"}]},
]


def credential(url: str, more: dict[str, Any] | None = None) -> Credential:
    """Return a credential for a Keystone at ``url``."""
    auth = {
        "auth_url": f"{url}/v3",
        "username": "me",
        "password": "planted-password",
        "project_name": "p",
        "user_domain_name": "d",
        "project_domain_name": "d",
    }
    words: dict[str, Any] = {"auth_type": "v3password", "region": "r1", "interface": "public", "verify": True}
    return Credential(**({"name": "x", "auth": auth, "endpoints": {}, "cert": None} | words | (more or {})))


@pytest.fixture
def keystone(server: Callable[..., Server], respond: Callable[..., bytes]) -> Server:
    """Start a server that hands out tokens: one more with each log-in."""
    token = {
        "methods": ["password"],
        "user": {"id": "u-1", "name": "me", "domain": {"id": "d", "name": "d"}},
        "project": {"id": "p-1", "name": "p", "domain": {"id": "d", "name": "d"}},
        "expires_at": "2999-01-01T00:00:00.000000Z",
        "issued_at": "2026-01-01T00:00:00.000000Z",
        "catalog": CATALOGUE,
    }
    body = json.dumps({"token": token}).encode()
    kinds = ("Content-Type: application/json",)
    return server(*(respond("201 Created", body, f"X-Subject-Token: token-{n}", *kinds) for n in (1, 2)))


def test_a_log_in_gives_token_project_user_and_catalogue(keystone: Server) -> None:
    """Everything that a test does starts from these."""
    target = Target(credential(keystone.url))
    assert target.token() == "token-1"
    assert (target.project_id, target.user_id) == ("p-1", "u-1")
    assert target.catalogue() == {"object-store": "http://swift/v1/AUTH_p/"}
    assert target.endpoint("object-store") == "http://swift/v1/AUTH_p"
    assert target.endpoint("compute") is None
    assert target.identity_url() == f"{keystone.url}/v3"
    assert target.secrets() == ("planted-password", "token-1")
    assert len(keystone.requests) == 1


def test_a_token_is_renewed_when_asked(keystone: Server) -> None:
    """A run longer than a token's life would end in 401s."""
    target = Target(credential(keystone.url))
    assert [target.token(), target.renew(), target.token()] == ["token-1", "token-2", "token-2"]


def test_an_override_takes_the_place_of_the_catalogue(keystone: Server) -> None:
    """A service behind another address than the catalogue says is tested where the user says."""
    found = credential(keystone.url, {"endpoints": {"identity": "http://k/v3/"}})
    target = Target(found)
    assert (target.endpoint("identity"), target.identity_url()) == ("http://k/v3", "http://k/v3")


def test_an_override_is_filled_in(keystone: Server) -> None:
    """One line of clouds.yaml serves several projects, as it does for openstacksdk."""
    url = "http://o/%(project_id)s/%(user_id)s/"
    target = Target(credential(keystone.url, {"endpoints": {"dns": url}}))
    assert target.endpoint("dns") == "http://o/p-1/u-1"
    assert target.catalogue() == {"dns": "http://o/p-1/u-1", "object-store": "http://swift/v1/AUTH_p/"}


def test_access_tells_what_the_token_tells(keystone: Server) -> None:
    """The doctor judges rights, clocks and catalogue by it."""
    access = Target(credential(keystone.url)).access()
    assert (access.scope, access.project_id, access.user_id, access.roles) == ("project", "p-1", "u-1", ())
    assert access.issued == datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert access.regions == ("r1", "r2")
    assert [(item.kind, item.region, item.interface, item.url) for item in access.endpoints] == [
        ("object-store", "r1", "public", "http://swift/v1/AUTH_p/"),
        ("compute", "r2", "public", ""),
    ]


def refusal(found: Credential, timeout: float = 30) -> DefcoreError:
    """Return what is said when the log-in does not work."""
    with pytest.raises(DefcoreError) as caught:
        Target(found, timeout=timeout).token()
    assert "\n" not in str(caught.value)
    assert "planted" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(("status", "words"), [("400 Bad", "does not take the log-in"), ("404 No", "lead to Keystone")])
def test_a_log_in_that_is_not_understood(
    status: str, words: str, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A forgotten domain is no wrong password, and an address without Keystone neither."""
    code = int(status.partition(" ")[0])
    body = json.dumps({"error": {"code": code, "message": "domain", "title": "x"}}).encode()
    found = refusal(credential(server(respond(status, body, "Content-Type: application/json")).url))
    assert isinstance(found, InputError)
    assert words in str(found)


def test_wrong_credentials_are_the_users_mistake(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A typo in a password must not be told as a broken cloud."""
    body = json.dumps({"error": {"code": 401, "message": "no", "title": "Unauthorized"}}).encode()
    found = refusal(credential(server(respond("401 No", body, "Content-Type: application/json")).url))
    assert isinstance(found, InputError)
    assert "refuses the log-in" in str(found)
    assert "cloud x" in str(found)


@pytest.mark.parametrize("kind", ["dead", "unavailable", "hanging"])
def test_a_cloud_that_does_not_answer_is_the_clouds_fault(
    kind: str, server: Callable[..., Server], respond: Callable[..., bytes], dead_port: int
) -> None:
    """A script must be able to tell "try again later" (3) from "correct your file" (2)."""
    over = threading.Event()
    steps: dict[str, Any] = {"unavailable": respond("503 Down"), "hanging": lambda _: over.wait(5)}
    url = server(steps[kind]).url if kind in steps else f"http://127.0.0.1:{dead_port}"
    began = time.monotonic()
    found = refusal(credential(url), timeout=0.3)
    over.set()
    assert isinstance(found, CloudError)
    assert found.exit_code == 3
    assert url in str(found)
    assert ("takes too long" in str(found)) is (kind == "hanging")
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("trouble", ["429 Slow", "503 Busy", "502 Bad", "reset"])
def test_a_log_in_is_tried_again_and_tells_of_it(keystone: Server, respond: Callable[..., bytes], trouble: str) -> None:
    """One lost packet in a log-in would cost a test its result; a retry in silence would hide a flaky Keystone."""
    keystone.script.insert(0, _reset if trouble == "reset" else respond(trouble, b"", "Retry-After: 0"))
    told: list[str] = []
    target = Target(credential(keystone.url), policy=Policy(backoff=0.001), tell=told.append)
    assert target.token() == "token-1"
    assert len(keystone.requests) == 2
    found = "ConnectFailure" if trouble == "reset" else f"status {trouble[:3]}"
    assert told == [f"the log-in of x was tried again, attempt 2: {found}"]


def test_a_keystone_that_stays_busy_is_no_wrong_address(
    server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """Told to check his auth_url, the user would look for a mistake that he did not make."""
    busy = server(respond("429 Slow", b"", "Retry-After: 0"))
    with pytest.raises(CloudError):
        Target(credential(busy.url), policy=Policy(backoff=0.001)).token()
    assert len(busy.requests) == 3


def _reset(connection: socket.socket) -> None:
    """Break a connection as a machine that restarts does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"{}", b'{"token": []}', b"[1]"])
def test_what_is_no_keystone_is_told_as_that(
    server: Callable[..., Server], respond: Callable[..., bytes], body: bytes
) -> None:
    """An auth_url that leads to a dashboard is the commonest mistake of all."""
    found = refusal(credential(server(respond("200 OK", body, "Content-Type: application/json")).url))
    assert isinstance(found, InputError)
    assert "auth_url" in str(found)


@pytest.mark.parametrize("url", ["nowhere", "http://[::1", "http://" + "x" * 70 + ".invalid", "ftp://127.0.0.1"])
def test_an_address_that_is_none_is_one_line(url: str) -> None:
    """A broken address must not end in a traceback."""
    assert url in str(refusal(credential(url)))


def test_an_untrusted_certificate_says_how_to_trust_it(refcloud_odd: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private cloud nearly always has a CA of its own, and its user must learn which line is missing."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    url = refcloud_odd.entries["odd"]["auth"]["auth_url"].removesuffix("/v3")
    found = refusal(credential(url))
    assert isinstance(found, CloudError)
    assert "cacert" in str(found)


def test_a_ca_file_that_is_gone_is_one_line(refcloud_odd: Cloud, tmp_path: Path) -> None:
    """A wrong path of the CA is the user's mistake, told with the path."""
    url = refcloud_odd.entries["odd"]["auth"]["auth_url"].removesuffix("/v3")
    assert "gone.pem" in str(refusal(credential(url, {"verify": str(tmp_path / "gone.pem")})))


@pytest.mark.parametrize("words", [{"auth_type": "v3nonsense"}, {"auth": {"auth_url": "http://k"}}])
def test_a_credential_that_cannot_log_in_is_refused(words: dict[str, Any]) -> None:
    """What is missing in ``clouds.yaml`` must be named before anything is sent."""
    found = credential("http://k", words)
    with pytest.raises(InputError) as caught:
        Target(found)
    assert "cloud x" in str(caught.value)
