"""A cloud of a few lines that can be wrong in any way, and tests that a program might want."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from defcore.cloud.credential import Credential
from defcore.doctor import Wanted
from defcore.kit.change import Change
from defcore.kit.meta import TestMeta
from defcore.suite import SuiteTest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defcore.doctor import Diagnosis, Finding

PROJECT, USER = "a" * 32, "b" * 32


def moment(seconds: float) -> str:
    """Write UNIX seconds as Keystone does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Fake:
    """A cloud that logs everybody in and answers as told.

    ``answers`` maps ``METHOD PATH`` to a status, headers and a body; what is not there is 404.
    """

    roles: tuple[str, ...] = ("member",)
    lives: float = 86400
    ahead: float = 0
    hangs: str = ""
    scope: dict[str, Any] = field(
        default_factory=lambda: {"project": {"id": PROJECT, "name": "p", "domain": {"id": "d"}}}
    )
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Begin to serve: identity, and an object store with an empty account."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                fake.serve(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self.store = f"{self.url}/v1/AUTH_{PROJECT}"
        self.endpoints |= {"identity": f"{self.url}/v3", "object-store": self.store}
        self.says("GET /v3", {"version": {"id": "v3.99"}})
        self.says("GET /info", {"swift": {"version": "9.9"}, "slo": {}})
        self.answers[f"HEAD /v1/AUTH_{PROJECT}"] = (204, {}, b"")
        self.answers[f"GET /v1/AUTH_{PROJECT}"] = (200, {}, b"")

    def says(self, what: str, value: Any, status: int = 200) -> None:  # noqa: ANN401 - a JSON value
        """Answer a request with JSON."""
        self.answers[what] = (status, {"Content-Type": "application/json"}, json.dumps(value).encode())

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        path = urlsplit(handler.path).path
        word = f"{handler.command} {path}"
        self.requests.append(word)
        body_length = int(handler.headers.get("Content-Length") or 0)
        handler.rfile.read(body_length)
        if self.hangs and path.startswith(self.hangs):
            self.over.wait(30)
        status, headers, body = self.answers.get(word, (404, {}, b""))
        if word == "POST /v3/auth/tokens":
            status, headers, body = self.answers.get(word, (201, {"X-Subject-Token": "planted-token"}, self._token()))
        handler.send_response_only(status)
        for name, value in {"Date": formatdate(time.time() + self.ahead, usegmt=True), **headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    def _token(self) -> bytes:
        now = time.time() + self.ahead
        catalogue = [
            {"type": kind, "name": kind, "id": kind, "endpoints": [_endpoint(url)]}
            for kind, url in self.endpoints.items()
        ]
        token = {
            "methods": ["password"],
            "user": {"id": USER, "name": "me", "domain": {"id": "d", "name": "d"}},
            "roles": [{"id": name, "name": name} for name in self.roles],
            "issued_at": moment(now),
            "expires_at": moment(now + self.lives),
            **self.scope,
        }
        if self.scope:
            token["catalog"] = catalogue
        return json.dumps({"token": token}).encode()

    def credential(self, **words: Any) -> Credential:  # noqa: ANN401 - of Credential
        """Give a credential for it."""
        auth = {
            "auth_url": f"{self.url}/v3",
            "username": "me",
            "password": "planted-password",
            "project_name": "p",
            "user_domain_name": "d",
            "project_domain_name": "d",
        }
        usual: dict[str, Any] = {"name": "x", "auth_type": "v3password", "auth": auth, "region": "r1"}
        return Credential(**(usual | {"interface": "public", "verify": True, "cert": None, "endpoints": {}} | words))

    def close(self) -> None:
        """End it."""
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def _endpoint(url: str) -> dict[str, str]:
    return {"interface": "public", "region_id": "r1", "region": "r1", "id": "e", "url": url}


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Give a fake cloud in which nothing is wrong yet."""
    cloud = Fake()
    yield cloud
    cloud.close()


def suite_test(number: int = 1, **words: Any) -> SuiteTest:  # noqa: ANN401 - of TestMeta
    """Make a test that a program might want."""
    usual: dict[str, Any] = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "service": "object-store",
        "reference": "https://r",
        "fails_if": Change(on="GET /", status=500),
    }
    return SuiteTest(TestMeta(**(usual | words)), f"store/test_it.py::test_{number}", "It does.")


@pytest.fixture
def wanted() -> Callable[..., Wanted]:
    """Make what a run wants: tests, all of them required, unless told otherwise."""

    def make(*tests: SuiteTest, **words: Any) -> Wanted:  # noqa: ANN401 - of Wanted
        chosen = tests or (suite_test(),)
        return Wanted(chosen, **({"required": frozenset(item.meta.id for item in chosen)} | words))

    return make


def kinds(found: Diagnosis | list[Finding]) -> dict[str, str]:
    """Map the kinds of findings that are not ok to severity and text."""
    findings = found if isinstance(found, list) else found.findings
    return {item.kind: f"{item.severity} {item.where}: {item.what}" for item in findings if item.severity != "ok"}
