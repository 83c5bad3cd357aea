"""A proxy in front of a real cloud that breaks one promise of one operation.

Each address of the cloud gets a port of its own here, so that paths stay as they are (a temporary URL signs its path),
and what the cloud tells of its addresses is rewritten to them. What is altered, and how, is ``Fault.alter``.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from defcore.cloud.http import MAX_BODY, Exchange
from defcore.errors import InputError
from defcore.sabotage.reading import is_json, with_body
from defcore.sabotage.replay import Answered, Asked, OffScriptError, Recording, Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from defcore.cloud.target import Target
    from defcore.sabotage.kinds import Fault
    from defcore.sabotage.recognise import Recogniser

REMEMBERED = 500
"""Exchanges that faults may look back on; of larger bodies than ``LARGEST`` bytes none is remembered."""
LARGEST = 1 << 20
_OF_THE_HOP = frozenset(
    ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host", "expect"]
)
_TIMEOUT = (10, 120)
OFF_SCRIPT = 598
"""The status of an answer that a script lacks; no cloud has it."""


def origin(url: str) -> str:
    """Return scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def asked(exchange: Exchange) -> Asked:
    """Return what makes another request the same as that of an exchange."""
    headers = ((name.lower(), value) for name, value in exchange.request_headers.items())
    return Asked(exchange.method, exchange.url, frozenset(headers), exchange.request_body)


def scripted(exchanges: Iterable[Exchange]) -> Script:
    """Make a script of what a cloud has answered."""
    answers = [Answered(asked(item), item.status, tuple(item.headers.items()), item.body) for item in exchanges]
    return Script(Recording(answers=answers))


def addresses(target: Target) -> list[str]:
    """Return the addresses that a client of a cloud is told of."""
    return [target.auth_url, *(item.url for item in target.access().endpoints), *target.catalogue().values()]


class Proxy:
    """Answers for the addresses of a cloud. ``altered`` counts the answers that the fault has changed.

    Without a fault it tells the truth, but for its own addresses.
    """

    def __init__(
        self,
        addresses: Iterable[str],
        fault: Fault | None,
        recogniser: Recogniser,
        *,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        told: Callable[[str], None] = lambda _: None,
        port: int = 0,
    ) -> None:
        """Listen for each origin among ``addresses`` on 127.0.0.1, from ``port`` on (0: any). Raises InputError."""
        self.altered = 0
        self._fault = fault
        self._script: Script | None = None
        self._recogniser = recogniser
        self._verify, self._cert = verify, cert
        self._told = told
        self._lock = threading.Lock()
        self._history: deque[Exchange] = deque(maxlen=REMEMBERED)
        self._servers: list[_Listener] = []
        self.places: dict[str, str] = {}
        for number, upstream in enumerate(sorted({origin(item) for item in addresses})):
            try:
                server = _Listener(port + number if port else 0, self, upstream)
            except OSError as error:
                self.close()
                hint = "name another --port"
                raise InputError("port-taken", f"cannot listen: {error.strerror}", hint=hint) from error
            self._servers.append(server)
            self.places[upstream] = f"http://127.0.0.1:{server.server_address[1]}"

    def here(self, url: str) -> str:
        """Return the address here in the place of one of the cloud's."""
        return self.places.get(origin(url), origin(url)) + url[len(origin(url)) :]

    def arm(self, fault: Fault | None, before: Iterable[Exchange] = (), script: Script | None = None) -> None:
        """Tell another lie from now on, or none, as if ``before`` were all that has been answered; count anew.

        With a script its answers are given, and the cloud is not asked; what it lacks is answered with ``OFF_SCRIPT``.
        """
        with self._lock:
            self._fault, self._script, self.altered = fault, script, 0
            self._history = deque(before, maxlen=REMEMBERED)

    @property
    def history(self) -> list[Exchange]:
        """What the cloud has answered, unaltered, the latest last."""
        with self._lock:
            return list(self._history)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer for as long as the block runs."""
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield
        finally:
            for server in self._servers:
                server.shutdown()
            self.close()

    def close(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.server_close()

    def answer(self, upstream: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange:
        """Ask the cloud, lie if the fault says so, and rewrite the cloud's addresses."""
        clean = (self._recite if self._script else self._ask)(upstream, method, target, headers, body)
        if clean.status == OFF_SCRIPT:
            return clean
        with self._lock:
            fault, before = self._fault, list(self._history)
            if len(clean.body) <= LARGEST:
                self._history.append(clean)
        found = fault.alter(clean, before) if fault else clean
        if fault and found.altered:
            with self._lock:
                self.altered += 1
            self._told(f"{fault.kind}: {method} {urlsplit(clean.url).path}: {clean.status} -> {found.status}")
        # What users stored is theirs, whatever it looks like; and what is JSON stays so, whatever a lie calls it.
        return self._rewritten(found, body_too=is_json(clean) and not clean.operation.endswith("{object}"))

    def _sent(self, upstream: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange:
        sent = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_HOP}
        operation = self._recogniser.name(method, urlsplit(target).path, body)
        return Exchange(str(uuid.uuid4()), operation, method, upstream + target, sent, body, time.time(), 0, 1)

    def _recite(self, *words: Any) -> Exchange:  # noqa: ANN401 - as _ask has them
        clean = self._sent(*words)
        assert self._script  # noqa: S101 - it is recited from
        with self._lock:
            try:
                found = self._script.answer(asked(clean))
            except OffScriptError:
                return replace(clean, status=OFF_SCRIPT)
        return replace(clean, status=found.status, headers=CaseInsensitiveDict(found.headers), body=found.body)

    def _ask(self, upstream: str, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Exchange:
        clean = self._sent(upstream, method, target, headers, body)
        # A session each: several clients may ask at once, and none may get another's cookies.
        with requests.Session() as session:
            session.trust_env = False
            # Faults read bodies as they are meant, not as they are packed.
            whole = {**clean.request_headers, "Accept-Encoding": "identity"}
            came = session.request(
                method,
                clean.url,
                headers={"User-Agent": "", **whole},
                data=body or None,
                timeout=_TIMEOUT,
                allow_redirects=False,
                verify=self._verify,
                cert=self._cert,
            )
        kept = {name: value for name, value in came.headers.items() if name.lower() not in _OF_THE_HOP}
        return replace(clean, status=came.status_code, headers=CaseInsensitiveDict(kept), body=came.content)

    def _rewritten(self, found: Exchange, *, body_too: bool) -> Exchange:
        headers, body = found.headers.copy(), found.body
        for upstream, here in self.places.items():
            for name, value in headers.items():
                headers[name] = value.replace(upstream, here)
            if body_too:
                body = body.replace(upstream.encode(), here.encode())
        found = replace(found, headers=headers)
        return with_body(found, body) if body != found.body else found


class _Listener(ThreadingHTTPServer):
    """Stands for one address of the cloud."""

    daemon_threads = True

    def __init__(self, port: int, proxy: Proxy, upstream: str) -> None:
        self.proxy, self.upstream = proxy, upstream
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Takes one connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # An answer in one piece: in two, the second waits until a client has confirmed the first.
    server: _Listener

    def answer(self) -> None:
        """Answer one request."""
        body = self.body()
        if body is None:
            self.send_error(411)
            return
        try:
            sent = dict(self.headers.items())
            found = self.server.proxy.answer(self.server.upstream, self.command, self.path, sent, body)
        except requests.RequestException as error:
            self.send_error(502, type(error).__name__)
            return
        self.send_response_only(found.status)
        bare = self.command == "HEAD"
        for name, value in found.headers.items():
            if bare or name.lower() != "content-length":
                self.send_header(name, value)
        if not bare and found.status != 204:  # noqa: PLR2004 - HTTP
            self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        if not bare and found.status != 204:  # noqa: PLR2004 - HTTP
            self.wfile.write(found.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_COPY = do_OPTIONS = answer  # noqa: N815 - so asked

    def body(self) -> bytes | None:
        """Read what was sent, in chunks or in one piece; None for what cannot be read."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return _chunks(self.rfile)
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            return None
        return self.rfile.read(int(length))

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: ``told`` hears of what matters."""


def _chunks(stream: Any) -> bytes | None:  # noqa: ANN401 - a binary stream
    """Read a chunked body (RFC 9112, 7.1), its trailers passed over."""
    found = bytearray()
    while True:
        try:
            size = int(stream.readline(100).split(b";")[0], 16)
        except ValueError:
            return None
        if size < 0 or len(found) + size > MAX_BODY:
            return None
        if not size:
            while stream.readline(8192).strip():
                pass
            return bytes(found)
        found += stream.read(size)
        stream.readline(10)
