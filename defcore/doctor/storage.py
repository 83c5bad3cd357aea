"""The object store: can its account be read, is there room, and what does the cluster announce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import note, ok, problem
from defcore.doctor.reader import content, dig, number
from defcore.doctor.room import answered, missing
from defcore.kit.names import PREFIX, parse

if TYPE_CHECKING:
    from defcore.cloud.http import Exchange
    from defcore.doctor.model import Finding, Wanted
    from defcore.doctor.reader import Reader

ROOM = 1024 * 1024
"""Bytes that the storage tests may have stored at once: they use a few kilobytes each."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a HEAD on an account tells. ``quota`` in bytes where one is set; ``marks`` counts its metadata."""

    containers: int
    used: int
    quota: int | None
    marks: int


def account(exchange: Exchange) -> Account:
    """Read the headers of an account."""
    headers = exchange.headers
    return Account(
        containers=number(headers.get("X-Account-Container-Count")) or 0,
        used=number(headers.get("X-Account-Bytes-Used")) or 0,
        quota=number(headers.get("X-Account-Meta-Quota-Bytes")),
        marks=sum(name.lower().startswith("x-account-meta-") for name in headers),
    )


def look(
    url: str, reader: Reader, anonymous: Reader, wanted: Wanted, entry: str, now: float
) -> tuple[list[Finding], set[str] | None]:
    """Judge the object store whose account is ``url``; return also what ``/info`` announces, None where nothing.

    ``reader`` shows our token and ``anonymous`` none; ``entry`` is ours in ``clouds.yaml``, ``now`` UNIX seconds.
    """
    exchange = reader.head(url)
    findings = answered("object-store", exchange, json=False)
    if findings:
        return findings, None
    told = account(exchange)
    left = None if told.quota is None else told.quota - told.used
    if left is not None and left < ROOM:
        what = f"{max(left, 0)} bytes are left of the account's quota of {told.quota}, and the tests need {ROOM}"
        findings.append(problem("no-room", "object-store", what))
    else:
        words = "no quota" if told.quota is None else f"{left} of {told.quota} bytes left"
        what = f"{told.containers} containers, {told.used} bytes used, {words}"
        findings.append(ok("room", "object-store", what))
    findings += _leftovers(url, reader, entry, now)
    more, announced = _announced(url, anonymous, wanted)
    return findings + more, announced


def _leftovers(url: str, reader: Reader, entry: str, now: float) -> list[Finding]:
    listing = reader.get(url, {"prefix": PREFIX, "limit": "1000"}).body.decode("utf-8", "replace")
    ours = [name for line in listing.splitlines() if (name := parse(line))]
    expired = sum(name.expires < now for name in ours)
    if not expired:
        return []
    what = f"{len(ours)} containers of other runs are there, {expired} of them longer than they should be"
    return [note("leftovers", "object-store", what, entry=entry)]


def _announced(url: str, anonymous: Reader, wanted: Wanted) -> tuple[list[Finding], set[str] | None]:
    exchange = anonymous.get(f"{root(url)}/info")
    body = content(exchange)
    if exchange.status != 200 or not isinstance(body, dict):  # noqa: PLR2004 - HTTP
        told = exchange.error or f"status {exchange.status}"
        return [note("no-info", "object-store", f"{clean_url(exchange.url)} tells nothing: {told}")], None
    version = dig(body, "swift", "version")
    product = f"Swift {version}" if isinstance(version, str) else "an object store"
    names = {str(name) for name in body}
    findings = [ok("service", "object-store", f"{product} answers at {clean_url(url)}")]
    return findings + missing("object-store", names, wanted), names


def root(account_url: str) -> str:
    """Return what stands before ``/v1/ACCOUNT``; some clouds have no account in the URL, and any may have a prefix."""
    ends = account_url.rfind("/v1/")
    return account_url[:ends] if ends >= 0 else account_url.removesuffix("/v1")
