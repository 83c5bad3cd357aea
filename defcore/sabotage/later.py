"""Faults that show in later answers: what was read, changed, made or deleted is told as it was before.

``before`` holds the earlier exchanges, as the cloud answered them, the oldest first.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from requests.structures import CaseInsensitiveDict

from defcore.sabotage.reading import (
    document,
    good,
    known,
    listing,
    object_listing,
    path,
    resources,
    same,
    with_body,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.cloud.http import Exchange

_READS = frozenset({"GET", "HEAD"})
_MOVING = frozenset({"links", "updated_at", "updated"})


def stale_read(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Answer as the same request was answered the first time."""
    del on
    if now.method not in _READS or not good(now):
        return now
    first = next((item for item in before if (item.method, item.url) == (now.method, now.url) and good(item)), None)
    return _as(now, first) if first and not same(first, now) else now


def lost_update(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Tell of a thing as it was before it was changed."""
    if "/action" in on or on.startswith("DELETE"):
        return now
    return _first(now, before, on, lambda earlier, change: _unchanged(now, earlier, path(change)))


def action_not_done(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Tell of a thing as it was before an action that was accepted."""
    if "/action" not in on:
        return now
    return _first(
        now, before, on, lambda earlier, change: _unchanged(now, earlier, path(change).removesuffix("/action"))
    )


def not_created(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Know nothing of a thing that was made: it is not found, and not in lists."""
    if "/action" in on or not good(now):
        return now
    return _first(now, before, on, lambda earlier, change: _never_made(now, earlier, change))


def delete_not_done(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Still have a thing whose deletion was accepted: it is found, and in lists."""
    if not on.startswith("DELETE"):
        return now
    return _first(now, before, on, lambda earlier, change: _kept(now, earlier, change))


def _first(
    now: Exchange,
    before: Sequence[Exchange],
    on: str,
    tell: Callable[[Sequence[Exchange], Exchange], Exchange],
) -> Exchange:
    """Undo in a read the newest change by an operation, of those that the cloud accepted, that shows in it."""
    if now.method not in _READS:
        return now
    for number in range(len(before) - 1, -1, -1):
        item = before[number]
        if item.operation == on and good(item) and item.method not in _READS:
            found = tell(before[:number], item)
            if found is not now:
                return found
    return now


def _never_made(now: Exchange, earlier: Sequence[Exchange], change: Exchange) -> Exchange:
    place = path(change)
    if change.method == "PUT":
        new = not any(path(item) == place for item in earlier)
        return _missing(now) if new and path(now) == place else now
    identity = next((str(item["id"]) for item in resources(document(change)) if "id" in item), None)
    if identity is None or identity in place:
        return now
    if path(now).endswith(f"/{identity}"):
        return _missing(now)
    found = listing(now)
    if not found or found.plain:
        return now
    left = [item for item in found.items if item.get("id") != identity]
    return found.write(left) if len(left) < len(found.items) else now


def _kept(now: Exchange, earlier: Sequence[Exchange], change: Exchange) -> Exchange:
    place = path(change)
    parent, _, last = place.rpartition("/")
    if path(now) == place and now.status == 404:  # noqa: PLR2004 - HTTP
        return _still_there(now, earlier, place, last)
    found = listing(now)
    if not found or path(now) not in {parent, f"{parent}/detail"}:
        return now
    name = unquote(last)
    if found.plain:
        # Whether a filter or a page would hide it is not known; without a query it must be listed.
        return found.write(sorted([*found.items, name])) if name not in found.items and "?" not in now.url else now
    item = known(earlier, name)
    there = any(name in (one.get("id"), one.get("name")) for one in found.items)
    return found.write([*found.items, item]) if item and not there and not object_listing(now) else now


def _still_there(now: Exchange, earlier: Sequence[Exchange], place: str, last: str) -> Exchange:
    for item in reversed(earlier):
        if path(item) == place and good(item) and item.method == now.method:
            return _as(now, item)
    found = known(earlier, last)
    body = json.dumps(found or {}).encode() if now.method == "GET" else b""
    return replace(with_body(now, body), status=200)


def _unchanged(now: Exchange, earlier: Sequence[Exchange], place: str) -> Exchange:
    if not good(now):
        return now
    if path(now) == place:
        for item in reversed(earlier):
            if (item.method, item.url) == (now.method, now.url) and good(item):
                return now if same(item, now) else _as(now, item)
    last = place.rpartition("/")[2]
    value, old = document(now), known(earlier, last)
    if old is None or value is None:
        return now
    for one in resources(value):
        if one.get("id") == last:
            one |= {key: old[key] for key in one.keys() & old.keys() - _MOVING}
    return written(now, value) if value != document(now) else now


def _as(now: Exchange, other: Exchange) -> Exchange:
    """Answer as another exchange was answered."""
    return replace(now, status=other.status, headers=other.headers.copy(), body=other.body)


def _missing(now: Exchange) -> Exchange:
    body: Any = b"" if now.method == "HEAD" else b'{"error": {"code": 404, "message": "not found"}}'
    headers = CaseInsensitiveDict({"Content-Type": "application/json", "Content-Length": str(len(body))})
    return replace(now, status=404, headers=headers, body=body)
