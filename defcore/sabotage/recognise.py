"""Which operation of the API reference a request is, told by its method, path and body alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ACTION = re.compile(r"(?P<method>\S+) (?P<path>\S+)(?: \((?P<action>[^)]+)\))?")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Shape:
    operation: str
    method: str
    path: re.Pattern[str]
    action: str | None
    weight: tuple[int, int]


class Recogniser:
    """Knows operations as the suite writes them, such as ``POST /servers/{server_id}/action (reboot)``.

    A path may have anything in front of an operation's: where a service lies is the cloud's business; so is whether a
    path of block storage names the project. Of several that fit, the one with the most fixed words is meant, then the
    longest.
    """

    def __init__(self, operations: Iterable[str]) -> None:
        """Take the operations."""
        self._shapes = sorted((_shape(item) for item in operations), key=lambda shape: shape.weight, reverse=True)

    def name(self, method: str, path: str, body: bytes = b"") -> str:
        """Return the operation, or ``unknown``. A path that ends in a slash may lack the last id."""
        for asked in (path, f"{path}-") if path.endswith("/") else (path,):
            for shape in self._shapes:
                if shape.method == method and shape.path.fullmatch(asked) and shape.action in {None, _action(body)}:
                    return shape.operation
        return UNKNOWN


def _shape(operation: str) -> _Shape:
    found = _ACTION.fullmatch(operation)
    if found is None:
        message = f"{operation!r} is no operation"
        raise ValueError(message)
    parts = [part for part in found["path"].split("/") if part]
    words = "".join(
        f"/{'.+' if part == '{object}' else '[^/]+' if part.startswith('{') else re.escape(part)}" for part in parts
    )
    if parts[:2] == ["v3", "{project_id}"]:
        words = words.replace("/[^/]+", "(?:/[^/]+)?", 1)
    # The root has nothing in front of it, or every path that ends in a slash would be one.
    pattern = f"(?:/[^/]+)*{words}/?" if words else "/?"
    weight = (sum(not part.startswith("{") for part in parts) + bool(found["action"]), len(parts))
    return _Shape(operation, found["method"], re.compile(pattern, re.DOTALL), found["action"], weight)


def _action(body: bytes) -> str | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return next(iter(value), None) if isinstance(value, dict) else None
