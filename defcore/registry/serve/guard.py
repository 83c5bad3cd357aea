"""What keeps one visitor from being everybody's trouble: a rate for each address, a size and a time for each body."""

from __future__ import annotations

import ipaddress
from collections import Counter, OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio

from defcore.registry.serve.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

MAX_BODY = 16_000_000
"""Bytes: fifty reports of platform size with their public ones."""
A_SUBMISSION = 250_000
"""Bytes that count as one more submission: judging takes longer for them."""
BODY_SECONDS = 30.0
AT_ONCE = 2
"""Submissions of one address that are under way at a time."""
ADDRESSES = 10_000
"""Addresses that are remembered; the one that was quiet for longest is forgotten first."""


@dataclass
class Rate:
    """A bucket of ``burst`` for each address, which fills again by ``per_second``. ``tick`` counts seconds."""

    per_second: float
    burst: int
    tick: Callable[[], float]
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def check(self, address: str, cost: int = 1) -> None:
        """Take so many from the bucket. Raises ProblemError (429) when it is empty; it may go below that once."""
        left = self.charge(address, 0)
        if left < 1:
            wait = int((1 - left) / self.per_second) + 1
            detail = f"too many requests from your address; try again in {wait} s"
            raise ProblemError(429, "too-many-requests", detail, {"Retry-After": str(wait)})
        self.charge(address, cost)

    def charge(self, address: str, cost: int) -> float:
        """Take so many, whatever is left; return how many were left before."""
        now = self.tick()
        left, since = self._left.pop(address, (float(self.burst), now))
        left = min(float(self.burst), left + (now - since) * self.per_second)
        self._left[address] = (left - cost, now)
        if len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        return left


@dataclass
class Queue:
    """Who is at the desk: no address more than ``AT_ONCE`` times."""

    _there: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Take a place for a while. Raises ProblemError (429)."""
        if self._there[address] >= AT_ONCE:
            detail = f"{AT_ONCE} submissions of your address are under way; wait for their answers"
            raise ProblemError(429, "too-many-at-once", detail, {"Retry-After": "2"})
        self._there[address] += 1
        try:
            yield
        finally:
            self._there[address] -= 1
            if not self._there[address]:
                del self._there[address]


def address_of(request: Request) -> str:
    """Return whom to count a request to: the address, or of IPv6 the network of 64 bits that one household has."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))  # noqa: PLR2004


async def body_of(request: Request) -> bytes:
    """Read a JSON body within its size and time. Raises ProblemError (408, 411, 413, 415)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError(415, "content-type", f"the body must be application/json, not {kind or 'unnamed'}")
    # Nothing is ever unpacked, so nothing can be a bomb.
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError(415, "content-encoding", "send the body as it is: compressed ones are not taken")
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BODY:
        raise _too_large()
    found = bytearray()
    with anyio.move_on_after(BODY_SECONDS) as scope:
        async for chunk in request.stream():
            found += chunk
            if len(found) > MAX_BODY:
                raise _too_large()
    if scope.cancelled_caught:
        raise ProblemError(408, "too-slow", f"the body did not come within {BODY_SECONDS:.0f} s")
    return bytes(found)


def _too_large() -> ProblemError:
    detail = f"the body is larger than {MAX_BODY} bytes: submit fewer files at a time"
    return ProblemError(413, "too-large", detail, {"Connection": "close"})
