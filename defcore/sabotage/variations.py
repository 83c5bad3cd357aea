"""What honest clouds do differently: no test may fail for it. Each is a pure function, as faults are."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from requests.structures import CaseInsensitiveDict

from defcore.sabotage.later import stale_read
from defcore.sabotage.listings import promised
from defcore.sabotage.reading import (
    VERSIONS,
    document,
    good,
    listing,
    object_listing,
    path,
    resources,
    with_body,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.cloud.http import Exchange


@dataclass(frozen=True, slots=True)
class Variation:
    """An allowed difference. It is applied to every answer of a test that it changes; ``slow`` is in seconds."""

    id: str
    says: str
    vary: Callable[[Exchange, Sequence[Exchange]], Exchange]
    slow: float = 0


def more_headers(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Add headers of a load balancer and of a browser's kind."""
    del before
    headers = now.headers.copy()
    headers.update({"X-Cache": "MISS", "Via": "1.1 balancer", "Strict-Transport-Security": "max-age=31536000"})
    return replace(now, headers=headers)


def small_headers(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Write the names of headers in lower case, as HTTP/2 does (RFC 9113, 8.2.1)."""
    del before
    return replace(now, headers=CaseInsensitiveDict({name.lower(): value for name, value in now.headers.items()}))


def more_members(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Add a member to each resource, where no microversion says which ones there are."""
    del before
    value = document(now)
    if not good(now) or value is None or any(name in now.headers for name in VERSIONS):
        return now
    for item in resources(value):
        item["x_surplus"] = "surplus"
    return written(now, value)


def other_json(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Write the same JSON with other spaces, and members in another order."""
    del before
    value = document(now)
    # Signed and hashed bodies of the object store are what was stored.
    if value is None or now.operation.endswith("{object}"):
        return now
    return with_body(now, json.dumps(value, sort_keys=True, indent=1).encode())


def other_order(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Turn around a list for which no order is promised."""
    del before
    found = listing(now)
    return found.write(found.items[::-1]) if found and not promised(now) else now


def late_listing(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Let the first read of an object listing after a change tell of the time before it."""
    if not (object_listing(now) or now.operation in {"HEAD /v1/{account}", "HEAD /v1/{account}/{container}"}):
        return now
    changes = [number for number, item in enumerate(before) if item.method not in {"GET", "HEAD"}]
    since = before[changes[-1] :] if changes else ()
    seen = any((item.method, path(item)) == (now.method, path(now)) for item in since)
    return now if seen else stale_read(now, before, now.operation)


def same_answer(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Answer the same."""
    del before
    return now


_TABLE = (
    Variation("more-headers", "answers have headers that nobody asked for", more_headers),
    Variation("small-headers", "names of headers are in lower case", small_headers),
    Variation("more-members", "resources have members that nobody knows, but for microversions", more_members),
    Variation("other-json", "JSON has other spaces, and members in another order", other_json),
    Variation("other-order", "a list for which no order is promised is turned around", other_order),
    Variation("late-listing", "an object listing is late by one read", late_listing),
    Variation("slow", "each answer takes a quarter of a second longer", same_answer, 0.25),
)
VARIATIONS = {item.id: item for item in _TABLE}
