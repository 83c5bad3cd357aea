"""What faults read in an exchange: its JSON, the resources in it, its list; and how one is written back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from defcore.cloud.http import Exchange

MIXED = frozenset(
    ["date", "x-trans-id", "x-openstack-request-id", "x-compute-request-id", "openstack-request-id", "connection"]
)
"""Headers that differ from answer to answer, and those of the connection."""


VERSIONS = ("OpenStack-API-Version", "X-OpenStack-Nova-API-Version")
"""Headers in which an answer tells its microversion."""


def good(exchange: Exchange) -> bool:
    """Say whether an answer is a success; so is the 300 with which block storage lists its versions."""
    return 200 <= exchange.status <= 300  # noqa: PLR2004 - HTTP


def refused(exchange: Exchange) -> bool:
    """Say whether an answer is a refusal: a 4xx."""
    return 400 <= exchange.status < 500  # noqa: PLR2004 - HTTP


def is_json(exchange: Exchange) -> bool:
    """Say whether an answer calls itself JSON."""
    return "json" in exchange.headers.get("Content-Type", "")


def document(exchange: Exchange) -> Any:  # noqa: ANN401 - a JSON value
    """Return the JSON of an answer, or None."""
    if not exchange.body or not is_json(exchange):
        return None
    try:
        return json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None


def written(exchange: Exchange, value: Any) -> Exchange:  # noqa: ANN401 - a JSON value
    """Put another JSON document into an answer."""
    return with_body(exchange, json.dumps(value).encode())


def with_body(exchange: Exchange, body: bytes) -> Exchange:
    """Put other bytes into an answer; its length follows."""
    headers = exchange.headers.copy()
    if "Content-Length" in headers:
        headers["Content-Length"] = str(len(body))
    return replace(exchange, body=body, headers=headers)


def path(exchange: Exchange) -> str:
    """Return the path of a request, as it was sent."""
    return urlsplit(exchange.url).path.rstrip("/")


def query(exchange: Exchange) -> dict[str, str]:
    """Return the parameters of a request, the last of each."""
    return {key: items[-1] for key, items in parse_qs(urlsplit(exchange.url).query, keep_blank_values=True).items()}


def pick(names: Iterable[str], *words: str) -> str | None:
    """Pick one of some names: by chance, but the same one each time for the same ``words``, whatever else is there."""
    return max(names, key=lambda name: hashlib.sha256("|".join((*words, name)).encode()).digest(), default=None)


def object_listing(exchange: Exchange) -> bool:
    """Say whether a request asks for a listing of the object store: an account's or a container's."""
    return exchange.operation in {"GET /v1/{account}", "GET /v1/{account}/{container}"}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in an answer: its items (JSON values, or the lines of a plain one), and how to write other items."""

    key: str
    items: list[Any]
    plain: bool
    write: Callable[[list[Any]], Exchange]


def listing(now: Exchange) -> Listing | None:
    """Find the list that a request was about, or None."""
    if now.method != "GET" or not good(now) or (now.operation.endswith("}") and not object_listing(now)):
        return None
    if object_listing(now) and not is_json(now):
        lines = [line for line in now.body.decode("utf-8", "surrogateescape").split("\n") if line]
        return Listing(
            "",
            lines,
            True,  # noqa: FBT003 - plain
            lambda items: with_body(now, "".join(f"{item}\n" for item in items).encode("utf-8", "surrogateescape")),
        )
    value = document(now)
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return Listing("", value, False, lambda items: written(now, items))  # noqa: FBT003 - not plain
    if not isinstance(value, dict):
        return None
    for key, found in value.items():
        if isinstance(found, list) and not key.endswith("links") and all(isinstance(item, dict) for item in found):
            return Listing(key, found, False, lambda items, key=key: written(now, value | {key: items}))  # type: ignore[misc]  # noqa: FBT003
    return None


def resources(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a JSON value
    """Return the resources that a document is about, to be changed in place: one, or each item of a list."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if not isinstance(value, dict):
        return []
    if len(value) == 1:
        inner = next(iter(value.values()))
        return resources(inner) if isinstance(inner, dict | list) and inner else [value]
    for key, found in value.items():
        if isinstance(found, list) and found and not key.endswith("links") and _rows(found, value):
            return [item for item in found if isinstance(item, dict)]
    return [value]


def _rows(found: list[Any], value: dict[str, Any]) -> bool:
    """Say whether a list is what its document is about, and no member of a resource."""
    return "id" not in value and all(isinstance(item, dict) for item in found)


def known(before: Sequence[Exchange], identity: str) -> dict[str, Any] | None:
    """Return what earlier answers told last of the thing with that id or name, or None."""
    for exchange in reversed(before):
        if good(exchange):
            for item in _dicts(document(exchange)):
                if identity in (item.get("id"), item.get("name")) and len(item) > 2:  # noqa: PLR2004 - more than a link
                    return item
    return None


def _dicts(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _dicts(item)


def foreseen(exchange: Exchange, before: Sequence[Exchange], item: dict[str, Any]) -> set[str]:
    """Return the members of a resource whose values a client knows: it sent them, or was told them before."""
    found = known(before, str(item.get("id", item.get("name", "")))) or {}
    asked = _inner(_sent(exchange))
    return {name for name, value in item.items() if value in [one[name] for one in (found, asked) if name in one]}


def _inner(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    """Return what a request is about: the object inside, below what only gives it its name."""
    while isinstance(value, dict) and len(value) == 1 and isinstance(inner := next(iter(value.values())), dict):
        value = inner
    return value if isinstance(value, dict) else {}


def _sent(exchange: Exchange) -> Any:  # noqa: ANN401 - a JSON value
    try:
        return json.loads(exchange.request_body or b"null")
    except (ValueError, RecursionError):
        return None


def same(one: Exchange, other: Exchange) -> bool:
    """Say whether two answers tell the same."""
    return (one.status, one.body, told(one)) == (other.status, other.body, told(other))


def told(exchange: Exchange) -> dict[str, str]:
    """Return the headers that tell something, by their names in lower case."""
    return {name.lower(): value for name, value in exchange.headers.items() if name.lower() not in MIXED}
