"""A proxy in front of a cloud that makes trouble, and a tarpit. It reads requests whole and answers whole.

It leads its clients to itself: the cloud's own addresses in what Keystone says are replaced by those of proxies.
"""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

STALL = 2.0
"""Seconds of a stall."""
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class Trouble(StrEnum):
    """What can happen to a request on its way."""

    NONE = "none"
    LOST = "reset before the cloud saw it"
    UNHEARD = "reset after the cloud carried it out"
    BUSY = "503"
    SLOW_DOWN = "429"
    STALL = "stall"


@dataclass(frozen=True, slots=True)
class Message:
    """A request and its response. ``path`` holds the query too."""

    method: str
    path: str
    sent: Mapping[str, str]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Dice:
    """Draws a trouble for each request: of each sort one in ``one_in``."""

    seed: int
    one_in: int = 100
    counts: Counter[Trouble] = field(default_factory=Counter)
    met: list[tuple[float, Trouble, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin the row."""
        self._random = random.Random(self.seed)  # noqa: S311 - trouble, no secret
        self._lock = threading.Lock()

    def __call__(self, request: str) -> Trouble:
        """Draw for a request (``METHOD PATH``)."""
        with self._lock:
            place = self._random.randrange(2 * self.one_in)
            # A reset is as likely before as after the cloud has heard the request.
            row = (
                Trouble.LOST,
                Trouble.UNHEARD,
                *2 * (Trouble.BUSY,),
                *2 * (Trouble.SLOW_DOWN,),
                *2 * (Trouble.STALL,),
            )
            found = row[place] if place < len(row) else Trouble.NONE
            self.counts[found] += 1
            if found is not Trouble.NONE:
                self.met.append((time.time(), found, request))
            return found


class Proxy:
    """Listens on a port of this machine in the place of ``upstream`` (a base URL without a path).

    ``trouble`` is drawn for each request, ``change`` may alter each response; ``leads`` maps addresses of the cloud to
    those that clients are to use.
    """

    def __init__(
        self,
        upstream: str,
        *,
        trouble: Callable[[str], Trouble] = lambda _: Trouble.NONE,
        change: Callable[[Message], Message] = lambda message: message,
    ) -> None:
        """Start to listen."""
        self.leads: dict[str, str] = {}
        self.trouble = trouble
        self.change = change
        parts = urlsplit(upstream)
        self.upstream = (parts.hostname or "", parts.port or 80)
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.leads[upstream.rstrip("/")] = self.url
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> Self:
        """Serve."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Close without the farewell that would come before a reset."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver has it
        """Say nothing of clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as object has it
        """Serve any method."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *words: object) -> None:
        """Log nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trouble = self.owner.trouble(f"{self.command} {self.path}")
        if trouble is Trouble.LOST:
            self._reset()
        elif trouble in (Trouble.BUSY, Trouble.SLOW_DOWN):
            headers = (("Retry-After", "1"),) if trouble is Trouble.SLOW_DOWN else ()
            self._answer(Message(self.command, self.path, {}, int(trouble.value), headers, b"trouble"))
        else:
            if trouble is Trouble.STALL:
                time.sleep(STALL)
            found = self._fetch(body)
            if trouble is Trouble.UNHEARD:
                self._reset()
            else:
                self._answer(self.owner.change(found))

    def _fetch(self, body: bytes) -> Message:
        connection = http.client.HTTPConnection(*self.owner.upstream, timeout=120)
        sent = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        with contextlib.closing(connection):
            connection.request(self.command, self.path, body or None, sent)
            response = connection.getresponse()
            content = response.read()
        for real, ours in self.owner.leads.items():
            content = content.replace(real.encode(), ours.encode())
        length = response.headers.get("Content-Length")
        headers = tuple((name, value) for name, value in response.headers.items() if name.lower() not in HOP)
        if self.command == "HEAD" and length is not None:
            headers += (("Content-Length", length),)
        return Message(self.command, self.path, sent, response.status, headers, content)

    def _answer(self, found: Message) -> None:
        if self.command != "HEAD" and found.status not in (204, 304):
            found = replace(found, headers=(*found.headers, ("Content-Length", str(len(found.body)))))
        self.send_response_only(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and found.status not in (204, 304):
            self.wfile.write(found.body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


class Tarpit:
    """Accepts every connection and never answers."""

    def __init__(self) -> None:
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._held: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._held.append(self._listener.accept()[0])

    def __enter__(self) -> Self:
        """Hold."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        for item in (self._listener, *self._held):
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()
