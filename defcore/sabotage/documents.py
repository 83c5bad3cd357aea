"""Faults in the resources that an answer describes: a member missing, of another name, type or value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from defcore.sabotage.reading import VERSIONS, document, foreseen, good, listing, pick, resources, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from defcore.cloud.http import Exchange

_STATES = frozenset(["ACTIVE", "SHUTOFF", "VERIFY_RESIZE", "available", "in-use", "active", "DOWN"])
_PENDING = {"active": "queued", "available": "creating", "in-use": "attaching"}
_METADATA = frozenset({"metadata", "properties", "tags"})


def _each(
    now: Exchange,
    on: str,
    kind: str,
    change: Callable[[dict[str, Any], str], None],
    *,
    null: bool,
    may: Callable[[dict[str, Any]], Collection[str]] = lambda item: item,
) -> Exchange:
    """Change the one member that is picked for the operation, of those that it ``may`` be, in each resource.

    An id in an answer to a POST is left alone: who is told a wrong one can no longer tidy up. Without ``null`` members
    that have no value are left alone too.
    """
    value = document(now)
    if not good(now) or value is None:
        return now
    for item in resources(value):
        allowed = may(item)
        usual = (
            name
            for name, held in item.items()
            if not (name == "id" and now.method == "POST") and (null or held is not None) and name in allowed
        )
        name = pick(usual, on, kind)
        if name is not None:
            change(item, name)
    return written(now, value) if value != document(now) else now


def missing_member(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Leave out one member of a resource."""
    del before

    def change(item: dict[str, Any], name: str) -> None:
        del item[name]

    return _each(now, on, "missing-member", change, null=True)


def extra_member(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Add a member to a resource, where a microversion says which ones there are."""
    del before
    if not any(name in now.headers for name in VERSIONS):
        return now

    def change(item: dict[str, Any], name: str) -> None:
        del name
        item["surplus"] = "surplus"

    return _each(now, on, "extra-member", change, null=True)


def renamed_member(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one member of a resource another name."""
    del before

    def change(item: dict[str, Any], name: str) -> None:
        item[f"{name}_renamed"] = item.pop(name)

    return _each(now, on, "renamed-member", change, null=True)


def wrong_type(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one member of a resource a value of another type."""
    del before

    def change(item: dict[str, Any], name: str) -> None:
        item[name] = _other_type(item[name])

    return _each(now, on, "wrong-type", change, null=False)


def _other_type(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, dict) else {"items": value}


def null_member(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one member of a resource no value."""
    del before

    def change(item: dict[str, Any], name: str) -> None:
        item[name] = None

    return _each(now, on, "null-member", change, null=False)


def wrong_value(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one member of a resource, of those that the client knows, another value of the same type."""

    def change(item: dict[str, Any], name: str) -> None:
        item[name] = other_value(item[name])

    def may(item: dict[str, Any]) -> set[str]:
        return foreseen(now, before, item)

    return _each(now, on, "wrong-value", change, null=False, may=may)


def other_value(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    """Return a different value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return type(value)() if value else {"surplus": "surplus"} if isinstance(value, dict) else ["surplus"]


def endless_state(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Tell of a state that is still being reached, for ever."""
    del before, on
    value = document(now)
    if now.method != "GET" or not good(now) or value is None:
        return now
    for item in resources(value):
        if isinstance(item.get("status"), str) and item["status"] in _STATES:
            item["status"] = _PENDING.get(item["status"], "BUILD")
    return written(now, value) if value != document(now) else now


def lost_metadata(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Forget metadata, properties and tags: in the document, and in headers with ``-Meta-`` of a read."""
    del before, on
    if not good(now):
        return now
    headers = now.headers.copy()
    for name in list(headers):
        if "-meta-" in name.lower() and now.method in {"GET", "HEAD"}:
            del headers[name]
    found = replace(now, headers=headers)
    value = document(now)
    return written(found, _emptied(value)) if value is not None and _emptied(value) != value else found


def _emptied(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {
            key: type(item)() if key in _METADATA and isinstance(item, dict | list) else _emptied(item)
            for key, item in value.items()
        }
    return [_emptied(item) for item in value] if isinstance(value, list) else value


def name_truncated(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Cut the last character off every name."""
    del before, on
    found = listing(now)
    if found and found.plain:
        return found.write([line[:-1] or "x" for line in found.items])
    value = document(now)
    if not good(now) or value is None:
        return now
    for item in resources(value):
        if isinstance(item.get("name"), str) and item["name"]:
            item["name"] = item["name"][:-1]
    return written(now, value) if value != document(now) else now


def non_ascii_mangled(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Put question marks in the place of characters beyond ASCII."""
    del before, on
    if not good(now):
        return now
    value = document(now)
    if value is not None:
        return written(now, _mangled(value)) if _mangled(value) != value else now
    found = listing(now)
    return found.write([_mangled(line) for line in found.items]) if found and found.plain else now


def _mangled(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, str):
        return value.encode("ascii", "replace").decode()
    if isinstance(value, dict):
        return {_mangled(key): _mangled(item) for key, item in value.items()}
    return [_mangled(item) for item in value] if isinstance(value, list) else value
