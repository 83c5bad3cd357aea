"""Trials without a cloud: a test runs again on the answers that it was given when it ran clean.

What a fault alters is an answer, on its way to the test; the cloud behind it never knows. So a test that is answered
as it was, but for the fault, does what it would do on the cloud, as long as it sends what it sent then. With its first
other request the replay is over (``OffScriptError``), and the trial has to be done on the cloud.

For that to be so, time and chance are recorded as well as the answers: names and random ids are the same again, and
waiting costs nothing.
"""

from __future__ import annotations

import io
import os
import random
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from requests import PreparedRequest, Response

READS = frozenset({"GET", "HEAD"})
_UNIQUE = frozenset({"x-openstack-request-id"})
_SEND = HTTPAdapter.send
_URANDOM = os.urandom
_MONOTONIC = time.monotonic


class OffScriptError(Exception):
    """A test sent something else than when it ran clean: what the cloud would answer is not known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes two requests the same: all but the id that each has of its own."""

    method: str
    url: str
    headers: frozenset[tuple[str, str]]
    body: bytes

    @property
    def reads(self) -> bool:
        """Say whether it changes nothing; nor does logging in, which a worker does but once."""
        return self.method in READS or (self.method == "POST" and self.url.endswith("/auth/tokens"))

    @classmethod
    def of(cls, request: PreparedRequest) -> Asked:
        """Take a request as it is sent."""
        headers = ((name.lower(), str(value)) for name, value in request.headers.items())
        kept = frozenset(item for item in headers if item[0] not in _UNIQUE)
        body = request.body or b""
        return cls(
            request.method or "", request.url or "", kept, body.encode() if isinstance(body, str) else bytes(body)
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A request, and what came back."""

    asked: Asked
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(slots=True)
class Recording:
    """A clean run of a test: its answers in their order, what it drew by chance (by size), what it was lent (by key).

    ``began`` is in UNIX seconds. What tests share is made once and is not in it.
    """

    began: float = field(default_factory=time.time)
    answers: list[Answered] = field(default_factory=list)
    drawn: dict[int, list[bytes]] = field(default_factory=dict)
    lent: dict[str, list[Any]] = field(default_factory=dict)


@contextmanager
def recorded(recording: Recording, keep: Callable[[], bool]) -> Iterator[None]:
    """Record what is sent and drawn inside, whenever ``keep`` says so."""

    def send(adapter: HTTPAdapter, request: PreparedRequest, **more: Any) -> Response:  # noqa: ANN401 - as in requests
        response = _SEND(adapter, request, **more)
        if not keep():
            return response
        body = response.raw.read(decode_content=False)
        headers = tuple(response.raw.headers.items())
        found = Answered(Asked.of(request), response.status_code, headers, body)
        recording.answers.append(found)
        return _response(adapter, request, found)

    def draw(size: int) -> bytes:
        found = _URANDOM(size)
        if keep():
            recording.drawn.setdefault(size, []).append(found)
        return found

    with _instead((HTTPAdapter, "send", send), (os, "urandom", draw), (random, "_urandom", draw)):
        yield


@contextmanager
def replayed(recording: Recording) -> Iterator[Script]:
    """Answer from a recording what is sent inside; time and chance are those of it, and nobody has to sleep."""
    script = Script(recording)
    drawn = {size: iter(found) for size, found in recording.drawn.items()}
    began = _MONOTONIC()
    slept = 0.0

    def send(adapter: HTTPAdapter, request: PreparedRequest, **_: Any) -> Response:  # noqa: ANN401 - as in requests
        return _response(adapter, request, script.answer(Asked.of(request)))

    def draw(size: int) -> bytes:
        return next(drawn.get(size, iter(())), None) or _URANDOM(size)

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += max(seconds, 0)

    def monotonic() -> float:
        return _MONOTONIC() + slept

    with _instead(
        (HTTPAdapter, "send", send),
        (os, "urandom", draw),
        (random, "_urandom", draw),
        (time, "sleep", sleep),
        (time, "monotonic", monotonic),
        (time, "time", lambda: recording.began + monotonic() - began),
    ):
        yield script


class Script:
    """Answers requests from a recording; ``left`` says that one was sent to which it has no answer."""

    def __init__(self, recording: Recording) -> None:
        """Begin at its beginning."""
        self.left = False
        self._answers = recording.answers
        self._next = 0

    def answer(self, asked: Asked) -> Answered:
        """Return what was answered then. Raises OffScriptError.

        Fewer reads than then change nothing; a read that is repeated is answered as before, if nothing was changed
        since.
        """
        for number in range(self._next, len(self._answers)):
            found = self._answers[number]
            if found.asked == asked:
                self._next = number + 1
                return found
            if not found.asked.reads:
                break
        for found in reversed(self._answers[: self._next]):
            if not found.asked.reads:
                break
            if found.asked == asked:
                return found
        self.left = True
        message = f"{asked.method} {asked.url} was not sent when the test ran clean"
        raise OffScriptError(message)


def _response(adapter: HTTPAdapter, request: PreparedRequest, found: Answered) -> Response:
    raw = HTTPResponse(
        body=io.BytesIO(found.body),
        headers=HTTPHeaderDict(found.headers),
        status=found.status,
        preload_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, raw)


@contextmanager
def _instead(*places: tuple[Any, str, Any]) -> Iterator[None]:
    """Let something else stand in these places (of a module or class, by name), until the block ends."""
    with ExitStack() as stack:
        for where, name, value in places:
            stack.callback(setattr, where, name, getattr(where, name))
            setattr(where, name, value)
        yield
