"""Declared changes: one thing altered in an otherwise real response, under which a test must fail.

A change is declared beside its test (``fails_if=``) and shows that the check is no decoration.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange


@dataclass(frozen=True, slots=True)
class Change:
    """Alter responses to ``on`` (an operation, as in ``GET /v1/{account}``), from the ``nth`` one on.

    Exactly one thing is altered: ``status``, one ``header`` (name, new value or None to drop it), or the ``body`` by a
    function of its bytes.
    """

    on: str
    nth: int = 1
    status: int | None = None
    header: tuple[str, str | None] | None = None
    body: Callable[[bytes], bytes] | None = None

    def __post_init__(self) -> None:
        """Refuse a change of nothing or of several things."""
        given = [item for item in (self.status, self.header, self.body) if item is not None]
        if len(given) != 1:
            message = "a declared change alters exactly one of status, header, body"
            raise ValueError(message)

    def apply(self, exchange: Exchange) -> Exchange:
        """Return the altered exchange; raise ValueError when nothing would be different."""
        headers = exchange.headers.copy()
        if self.header:
            name, value = self.header
            if headers.get(name) == value:
                message = f"header {name} already is {value!r}"
                raise ValueError(message)
            headers.pop(name, None)
            if value is not None:
                headers[name] = value
        body = self.body(exchange.body) if self.body else exchange.body
        altered = replace(exchange, status=self.status or exchange.status, headers=headers, body=body, altered=True)
        if (altered.status, altered.headers, altered.body) == (exchange.status, exchange.headers, exchange.body):
            message = "the declared change changes nothing"
            raise ValueError(message)
        return altered


class Changer:
    """Applies one declared change during one test, and knows whether it did."""

    def __init__(self, change: Change) -> None:
        """Take the change."""
        self._change = change
        self._seen = 0
        self.applied = 0

    def __call__(self, exchange: Exchange) -> Exchange:
        """Alter a response to the declared operation, from the declared one on."""
        if exchange.operation != self._change.on:
            return exchange
        self._seen += 1
        if self._seen < self._change.nth:
            return exchange
        self.applied += 1
        return self._change.apply(exchange)


def without(part: str) -> Callable[[bytes], bytes]:
    """Make a body change that drops every occurrence of a text."""
    return lambda body: body.replace(part.encode(), b"")


def without_last_line(body: bytes) -> bytes:
    """Drop the last line of a plain listing."""
    return b"".join(body.splitlines(keepends=True)[:-1])


def without_first_line(body: bytes) -> bytes:
    """Drop the first line of a plain listing."""
    return b"".join(body.splitlines(keepends=True)[1:])


def without_lines(pattern: str) -> Callable[[bytes], bytes]:
    """Make a body change that drops the lines of a plain listing in which a pattern is found."""
    found = re.compile(pattern.encode())
    return lambda body: b"".join(line for line in body.splitlines(keepends=True) if not found.search(line.rstrip()))


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Make a body change that puts one text in the place of another, everywhere."""
    return lambda body: body.replace(old.encode(), new.encode())


def with_json(path: str, value: object) -> Callable[[bytes], bytes]:
    """Make a body change that sets one member of a JSON document; ``path`` is its keys, joined by dots.

    In a list a number stands for an item, from 0 on.
    """

    def change(body: bytes) -> bytes:
        document = json.loads(body)
        *way, last = path.split(".")
        inner = document
        for key in way:
            inner = inner[int(key) if isinstance(inner, list) else key]
        inner[last] = value
        return json.dumps(document).encode()

    return change


def with_list(path: str, change: Callable[[list[Any]], list[Any]]) -> Callable[[bytes], bytes]:
    """Make a body change of one list in a JSON document; ``path`` is its keys, joined by dots."""

    def altered(body: bytes) -> bytes:
        found = json.loads(body)
        for key in path.split("."):
            found = found[key]
        return with_json(path, change(found))(body)

    return altered


def with_item(path: str, **members: object) -> Callable[[bytes], bytes]:
    """Make a body change that adds an item to a list: the first one once more, but for these members."""
    return with_list(path, lambda items: [*items, (items[0] if items else {}) | members])


def without_items(path: str, member: str, prefix: str) -> Callable[[bytes], bytes]:
    """Make a body change that drops those items of a list in which a member begins with a text."""
    return with_list(path, lambda items: [item for item in items if not str(item.get(member)).startswith(prefix)])


def with_line(line: str) -> Callable[[bytes], bytes]:
    """Make a body change that adds a line to a plain listing."""
    return lambda body: body + line.encode() + b"\n"


def flipped(body: bytes) -> bytes:
    """Change the last byte."""
    return body[:-1] + bytes([body[-1] ^ 1]) if body else b"x"
