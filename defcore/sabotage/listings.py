"""Faults in lists: what they leave out, repeat, or should not show, and in which order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from defcore.sabotage.documents import other_value
from defcore.sabotage.reading import document, good, known, listing, object_listing, query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.cloud.http import Exchange
    from defcore.sabotage.reading import Listing

_NO_FILTER = frozenset(
    [
        "limit",
        "marker",
        "end_marker",
        "sort",
        "sort_key",
        "sort_dir",
        "reverse",
        "page_reverse",
        "format",
        "fields",
        "offset",
        "with_count",
    ]
)
_OWNERS = ("project_id", "tenant_id", "owner", "os-vol-tenant-attr:tenant_id")
STRANGER = "somebody-elses"


def list_emptied(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """List nothing."""
    del before, on
    found = listing(now)
    return found.write([]) if found and found.items else now


def page_drops(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Leave the first item out of a page."""
    del before, on
    found = listing(now)
    return found.write(found.items[1:]) if found and found.items and _paged(now) else now


def page_repeats(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Begin a page with the item that the page before it ended with."""
    del on
    found, marker = listing(now), query(now).get("marker")
    if not found or not marker:
        return now
    item = marker if found.plain else known(before, marker)
    return found.write([item, *found.items]) if item else now


def limit_ignored(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one more item than was asked for."""
    del before, on
    found, limit = listing(now), query(now).get("limit", "")
    if not found or not found.items or str(len(found.items)) != limit:
        return now
    return found.write([*found.items, _stranger(found.items[-1])])


def filter_ignored(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """List something that the filter of the request excludes."""
    del on
    found = listing(now)
    filters = [name for name in query(now) if name.lower() not in _NO_FILTER]
    if not found or not filters:
        return now
    if found.plain:
        return found.write(sorted([*found.items, STRANGER]))
    sample = _sample(found, before)
    if sample is None:
        return now
    stranger = _stranger(sample)
    for name in filters:
        if stranger.get(name) is not None and name != "name":
            stranger[name] = other_value(stranger[name])
    return found.write(_placed(now, found, stranger))


def foreign_visible(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """List something of another project, and say so."""
    del before, on
    found = listing(now)
    if not found or found.plain or not found.items:
        return now
    stranger = _stranger(found.items[0])
    owners = [name for name in _OWNERS if stranger.get(name)]
    for name in owners:
        stranger[name] = uuid.uuid5(uuid.NAMESPACE_OID, STRANGER).hex
    return found.write(_placed(now, found, stranger)) if owners else now


def wrong_order(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Turn around a list whose order is promised."""
    del before, on
    found = listing(now)
    return found.write(found.items[::-1]) if found and promised(now) else now


def promised(now: Exchange) -> bool:
    """Say whether the order of a list is promised: it was asked for, or listings of the service have one."""
    return object_listing(now) or bool(query(now).keys() & {"sort", "sort_key", "sort_dir"}) or _paged(now)


def _paged(now: Exchange) -> bool:
    return bool(query(now).keys() & {"limit", "marker"})


def _sample(found: Listing, before: Sequence[Exchange]) -> dict[str, Any] | None:
    if found.items:
        return dict(found.items[0])
    for exchange in reversed(before):
        value = document(exchange) if good(exchange) else None
        if not isinstance(value, dict):
            continue
        for key in (found.key, found.key.removesuffix("s")):
            held = value.get(key)
            item = held[0] if isinstance(held, list) and held else held
            if isinstance(item, dict):
                return item
    return None


def _stranger(item: Any) -> Any:  # noqa: ANN401 - an item of a list
    """Return an item that nobody made: the same one, but for its id and name."""
    if not isinstance(item, dict):
        return f"{item}-{STRANGER}"
    other = dict(item)
    if "id" in other:
        other["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, str(other["id"])))
    if "name" in other:
        other["name"] = STRANGER
    return other


def _placed(now: Exchange, found: Listing, item: dict[str, Any]) -> list[Any]:
    items = [*found.items, item]
    return sorted(items, key=lambda one: str(one.get("name", one.get("subdir")))) if object_listing(now) else items
