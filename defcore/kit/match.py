"""What a value may be: small named conditions that read well in "expected … but got …"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address as ip_address_
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Match:
    """A condition and its name."""

    name: str
    holds: Callable[[Any], bool]


Expected: TypeAlias = "Match | type | str | int | float | bool | list[Any] | dict[str, Any] | None"


def text_like(name: str, pattern: str) -> Match:
    """Make a condition from a pattern that the whole text must match."""
    compiled = re.compile(pattern, re.ASCII)
    return Match(name, lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None)


def _parses(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:  # noqa: ANN401 - any JSON value
        if not isinstance(value, str):
            return False
        try:
            parse(value)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            # Parsers of dates stumble over strange ones in many ways.
            return False
        return True

    return holds


anything = Match("any value", lambda _: True)
nonempty = Match("a text that is not empty", lambda value: isinstance(value, str) and value != "")
digits = text_like("a whole number", r"\d+")
timestamp = text_like("a UNIX time with a fraction", r"\d+(\.\d+)?")
http_date = Match("an HTTP date", _parses(parsedate_to_datetime))
iso_time = Match("an ISO 8601 time", _parses(datetime.fromisoformat))
hex_id = text_like("an id of letters, digits, '-' and '_'", r"[0-9A-Za-z_-]+")
url = text_like("an absolute URL", r"https?://\S+")
uuid = text_like("a UUID", r"[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")
mac = text_like("a MAC address", r"([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
ip_address = Match("an IP address", _parses(ip_address_))
cidr = Match("an address range with its prefix length", _parses(ip_network))
count = Match("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0)


def one_of(*values: object) -> Match:
    """Accept any of these values."""
    return Match("one of " + ", ".join(repr(item) for item in values), lambda value: value in values)


def containing(part: object) -> Match:
    """Accept a text or list that contains ``part``."""
    return Match(f"something that contains {part!r}", lambda value: part in value)


def later_than(moment: datetime, name: str) -> Match:
    """Accept an ISO 8601 time after ``moment``, which ``name`` says in words."""
    return Match(f"a time later than {name}", lambda value: datetime.fromisoformat(value) > moment)


def caseless(text: str) -> Match:
    """Accept a text that differs from ``text`` in the case of its letters at most."""
    return Match(f"{text!r} in whatever case", lambda value: isinstance(value, str) and value.lower() == text.lower())


def beginning_with(item: object) -> Match:
    """Accept a list whose first item is ``item``."""
    return Match(f"a list that begins with {item!r}", lambda value: isinstance(value, list) and value[:1] == [item])


def between(low: float, high: float) -> Match:
    """Accept a number from ``low`` to ``high``, both included."""
    return Match(
        f"a number from {low} to {high}",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high,
    )


@dataclass(frozen=True, slots=True)
class Each:
    """A list whose items all have one shape; ``least`` of them must be there."""

    shape: Any
    least: int = 0


@dataclass(frozen=True, slots=True)
class Every:
    """An object whose members all have one shape, whatever they are called; ``least`` of them must be there."""

    shape: Any
    least: int = 0


@dataclass(frozen=True, slots=True)
class Maybe:
    """A member that need not be there. Where it is, it has this shape."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Only:
    """An object that has these members and no other one (a ``Maybe`` may be absent)."""

    members: dict[str, Any]


def exactly(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Make the shape of what is the same JSON as ``value``: no member more or less, at any depth."""
    if isinstance(value, dict):
        return Only({key: exactly(item) for key, item in value.items()})
    return [exactly(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, init=False)
class Either:
    """A value that has one of several shapes."""

    shapes: tuple[Any, ...]

    def __init__(self, *shapes: Any) -> None:  # noqa: ANN401 - any shape
        """Take the shapes; ``None`` stands for null."""
        object.__setattr__(self, "shapes", shapes)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where a value is not as expected: JSON path, expected and actual in words."""

    path: str
    expected: str
    actual: str


def mismatches(expected: Any, actual: Any, path: str = "$") -> Iterator[Mismatch]:  # noqa: ANN401 - any JSON value
    """Compare a JSON value with a shape. A shape's object names required members; others may be there.

    A shape is a value, a type, a ``Match``, an ``Each``, ``Every``, ``Only`` or ``Either``, or a list or dict of
    shapes; a member of an object may be a ``Maybe``.
    """
    if isinstance(expected, Either):
        if all(any(True for _ in mismatches(shape, actual)) for shape in expected.shapes):
            yield Mismatch(path, words(expected), show(actual))
    elif isinstance(actual, dict) and isinstance(expected, dict | Only | Every):
        yield from _members(expected, actual, path)
    elif isinstance(actual, list) and isinstance(expected, list | Each):
        yield from _items(expected, actual, path)
    elif not fits(expected, actual):
        yield Mismatch(path, words(expected), show(actual))


def _items(expected: list[Any] | Each, actual: list[Any], path: str) -> Iterator[Mismatch]:
    if isinstance(expected, Each):
        if len(actual) < expected.least:
            yield Mismatch(path, f"at least {expected.least} items", f"{len(actual)} items")
        shapes: list[Any] = [expected.shape] * len(actual)
    elif len(expected) == len(actual):
        shapes = expected
    else:
        yield Mismatch(path, words(expected), show(actual))
        return
    for index, (shape, item) in enumerate(zip(shapes, actual, strict=True)):
        yield from mismatches(shape, item, f"{path}[{index}]")


def _members(expected: dict[str, Any] | Only | Every, actual: dict[str, Any], path: str) -> Iterator[Mismatch]:
    if isinstance(expected, Every):
        if len(actual) < expected.least:
            yield Mismatch(path, f"at least {expected.least} members", f"{len(actual)} members")
        members: dict[str, Any] = dict.fromkeys(actual, expected.shape)
    else:
        members = expected.members if isinstance(expected, Only) else expected
    for key, shape in members.items():
        if key in actual:
            wanted = shape.shape if isinstance(shape, Maybe) else shape
            yield from mismatches(wanted, actual[key], _step(path, key))
        elif not isinstance(shape, Maybe):
            yield Mismatch(_step(path, key), words(shape), "nothing")
    if isinstance(expected, Only):
        for key in actual.keys() - members.keys():
            yield Mismatch(_step(path, key), "no such member", show(actual[key]))


def _step(path: str, key: str) -> str:
    """Go one member down; a key that is no plain word stands in quotes, as RFC 9535 has it."""
    return f"{path}.{key}" if re.fullmatch(r"[A-Za-z_][\w-]*", key) else f"{path}[{key!r}]"


def fits(expected: Any, actual: Any) -> bool:  # noqa: ANN401 - any value
    """Say whether a single value is as expected; a bool is no number."""
    if isinstance(expected, Match):
        try:
            return bool(expected.holds(actual))
        except (TypeError, ValueError):
            return False
    if isinstance(expected, type):
        return isinstance(actual, expected) and (expected is bool or not isinstance(actual, bool))
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return bool(expected == actual)


_TYPES = {str: "a text", int: "a whole number", dict: "an object", list: "a list", bool: "true or false"}


def words(expected: Any) -> str:  # noqa: ANN401 - any shape
    """Say in words what was expected."""
    if isinstance(expected, type):
        return _TYPES.get(expected, expected.__name__)
    if isinstance(expected, list) and any(isinstance(item, Match | Each | type | dict) for item in expected):
        return f"a list of {len(expected)} items: " + ", ".join(words(item) for item in expected)
    for kinds, say in _WORDS:
        if isinstance(expected, kinds):
            return say(expected)
    return show(expected)


_WORDS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (Match, lambda match: str(match.name)),
    (Maybe, lambda maybe: words(maybe.shape)),
    (Either, lambda either: " or ".join("null" if item is None else words(item) for item in either.shapes)),
    (Each, lambda _: "a list"),
    ((dict, Only, Every), lambda _: "an object"),
)


def show(value: Any) -> str:  # noqa: ANN401 - any value
    """Show a value in at most 200 characters."""
    text = value if isinstance(value, str) else repr(value)
    shown = repr(text) if isinstance(value, str) else text
    return shown if len(shown) <= 200 else f"{shown[:197]}…"  # noqa: PLR2004 - as documented
