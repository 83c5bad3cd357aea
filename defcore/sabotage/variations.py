"""What honest clouds do differently: no test may fail for it. Each is a pure function, as faults are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

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
    query,
    resources,
    with_body,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.cloud.http import Exchange

LATE = 3.0
"""Seconds that an eventually consistent read is behind; within five it has settled (``kit.session.SETTLE``)."""
_USED = re.compile("used|in_use|reserved", re.IGNORECASE)
_COUNTS = frozenset({"HEAD /v1/{account}", "HEAD /v1/{account}/{container}"})


@dataclass(frozen=True, slots=True)
class Variation:
    """An allowed difference. It is applied to every answer that it changes of those that a test judges.

    ``slow`` is in seconds. With ``lasting`` it is applied in preparation too: what was made so stays so.
    """

    id: str
    says: str
    vary: Callable[[Exchange, Sequence[Exchange]], Exchange]
    slow: float = 0
    lasting: bool = False


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
    """Add a member to what a test has made, where neither a microversion nor the request says which ones there are.

    From its creation on: a thing that gets a member later would be a fault.
    """
    value = document(now)
    closed = any(name in now.headers for name in VERSIONS) or "fields" in query(now)
    if not good(now) or value is None or closed:
        return now
    made = {_id(item) for other in (*before, now) if other.method == "POST" for item in resources(document(other))}
    for item in resources(value):
        if _id(item) in made - {None}:
            item["x_surplus"] = "surplus"
    return written(now, value) if value != document(now) else now


def _id(item: Any) -> str | None:  # noqa: ANN401 - a resource
    return str(item["id"]) if "id" in item else None


def other_json(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Write the same JSON with other spaces, and members in another order."""
    del before
    value = document(now)
    # Signed and hashed bodies of the object store are what was stored.
    if value is None or now.operation.endswith("{object}"):
        return now
    return with_body(now, json.dumps(value, sort_keys=True, indent=1).encode())


def other_order(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Turn around a list for which no order is promised; of versions, a published test wants the oldest first."""
    del before
    found = listing(now)
    return found.write(found.items[::-1]) if found and found.key != "versions" and not promised(now) else now


def late_counts(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Let listings and counts of the object store, and quotas, know nothing of the changes of ``LATE`` seconds."""
    if not (object_listing(now) or now.operation in _COUNTS or _of_quotas(now)):
        return now
    changes = [item for item in before if item.method not in {"GET", "HEAD"} and now.started - item.started < LATE]
    if not changes:
        return now
    if any((item.method, item.url) == (now.method, now.url) for item in before):
        return stale_read(now, before, now.operation)
    new = {unquote(path(item).rpartition("/")[2]) for item in changes if item.method == "PUT"}
    found = listing(now)
    return found.write([item for item in found.items if _name(item) not in new]) if found else now


def _name(item: Any) -> str:  # noqa: ANN401 - an item of a list
    return str(item.get("name")) if isinstance(item, dict) else str(item)


def other_quotas(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Raise each limit of a project."""
    del before
    value = document(now)
    return written(now, _raised(value)) if good(now) and _of_quotas(now) and value is not None else now


def _of_quotas(now: Exchange) -> bool:
    return "quota" in now.operation or now.operation.endswith("/limits")


def _raised(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {
            key: item if re.search("used|in_use|reserved", key, re.IGNORECASE) else _raised(item)
            for key, item in value.items()
        }
    return value + 7 if isinstance(value, int) and not isinstance(value, bool) and value > 0 else value


def newer_versions(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Announce microversions that nobody knows yet; those that are known stay."""
    del before
    value = document(now)
    return written(now, _newer(value)) if good(now) and value is not None and _newer(value) != value else now


def _newer(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        if value.get("min_version") and "links" in value:
            newest = {
                name: re.sub(r"\d+$", "999", value[name]) for name in ("version", "max_version") if value.get(name)
            }
            return value | newest
        return {key: _newer(item) for key, item in value.items()}
    return [_newer(item) for item in value] if isinstance(value, list) else value


def same_answer(now: Exchange, before: Sequence[Exchange]) -> Exchange:
    """Answer the same."""
    del before
    return now


_TABLE = (
    Variation("more-headers", "answers have headers that nobody asked for", more_headers),
    Variation("small-headers", "names of headers are in lower case", small_headers),
    Variation(
        "more-members",
        "what a test makes has a member that nobody knows, but for microversions",
        more_members,
        lasting=True,
    ),
    Variation("other-json", "JSON has other spaces, and members in another order", other_json),
    Variation("other-order", "a list for which no order is promised is turned around", other_order),
    Variation("late-counts", "object listings, their counts and quotas are late by three seconds", late_counts),
    Variation("other-quotas", "limits are other ones", other_quotas),
    Variation("newer-versions", "microversions are announced that nobody knows yet", newer_versions),
    Variation("slow", "each answer takes a quarter of a second longer", same_answer, 0.25),
)
VARIATIONS = {item.id: item for item in _TABLE}
