"""JSON that leaves no room for two readings: no duplicate keys, no NaN, no bottomless nesting."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import ValidationError

MAX_DEPTH = 64
MAX_INT = 2**53 - 1
"""The largest whole number that every reader takes exactly (RFC 8785, RFC 7493)."""

_SPACE = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r]*:")
_DIGITS = len(str(MAX_INT))
# Possessive, and content with a missing end: no text makes it look twice at the same character.
_STRING = r'"(?:[^"\\]++|\\.)*+"?'
_TOKEN = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NO_BRACKETS = bytes({*range(256)} - {*b"[]{}"})
_DECODER = json.JSONDecoder()

Path: TypeAlias = tuple[str | int, ...]
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
_Tree: TypeAlias = "dict[str | int, _Tree]"


class _DuplicateKeyError(ValueError):
    pass


class _NumberError(ValueError):
    def __init__(self, token: str, what: str) -> None:
        super().__init__(what)
        self.token = token


def loads(data: bytes, file: str) -> Json:
    """Parse UTF-8 JSON strictly; ``file`` names the source in errors.

    Raises InputError (``bad-json``) with file and line for anything that another parser could read otherwise.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _bad(file, line, "is not UTF-8 text") from error
    _refuse_depth(text, file)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_constant=_constant,
            parse_int=_int,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        what = f"is not valid JSON: {error.msg.removesuffix(' at')} at column {error.colno}"
        raise _bad(file, error.lineno, what) from error
    except _DuplicateKeyError as error:
        key, line = _first_duplicate(text)
        raise _bad(file, line, f"holds the key {key!r} twice") from error
    except _NumberError as error:
        raise _bad(file, _line_of_number(text, error.token), str(error)) from error
    _refuse_surrogates(text, file)
    return value


def line_of(text: str, path: Path) -> int:
    """Return the line (from 1) on which the value at ``path`` begins in ``text``, which is JSON that ``loads`` took.

    Stops at the deepest part of the path that exists, so a missing key is shown at the object that lacks it.
    """
    return lines_of(text, [path])[0]


def lines_of(text: str, paths: Sequence[Path]) -> list[int]:
    """Return ``line_of`` each of ``paths``; reads the text once, however many they are."""
    wanted: _Tree = {}
    for path in paths:
        node = wanted
        for step in path:
            node = node.setdefault(step, {})
    places: dict[Path, int] = {(): _skip(text, 0)}
    _locate(text, (), wanted, places)
    ends = [match.start() for match in re.finditer("\n", text)]
    return [bisect_left(ends, places[_deepest(path, places)]) + 1 for path in paths]


def show(path: Path) -> str:
    """Write a path as people read it: ``$.components.os_powered_storage.capabilities.required[3]``."""
    parts = ["$"]
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif re.fullmatch(r"[\w-]+", step):
            parts.append(f".{step}")
        else:
            parts.append(f"[{json.dumps(step, ensure_ascii=not step.isprintable())}]")
    return "".join(parts)


def first_wrong(error: ValidationError) -> str:
    """Say in one line what first keeps a value from having its shape: ``PATH: what``."""
    first = error.errors(include_url=False)[0]
    return f"{show(first['loc'])}: {first['msg']}"


def _bad(file: str, line: int, what: str) -> InputError:
    return InputError("bad-json", what, where=f"{file}:{line}", hint="correct the file and try again")


def _refuse_depth(text: str, file: str) -> None:
    if _deepest_nesting(text) <= MAX_DEPTH:
        return
    depth = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _bad(file, _line_at(text, match.start()), f"nests deeper than {MAX_DEPTH} levels")
        elif match[0] in "]}":
            depth -= 1


def _deepest_nesting(text: str) -> int:
    """Return how deep the brackets outside of strings nest; exact up to the first place that is no JSON."""
    # Escaped backslashes go first, so that what then looks like an escaped quote is one. Far quicker than tokens.
    plain = text.replace("\\\\", "").replace('\\"', "") if "\\" in text else text
    brackets = "".join(plain.split('"')[::2]).encode().translate(None, _NO_BRACKETS)
    return max(accumulate(1 if char in b"[{" else -1 for char in brackets), default=0)


def _refuse_surrogates(text: str, file: str) -> None:
    # Half a surrogate pair is no character: no file can be written with it.
    if not _SURROGATE.search(text):
        return
    for match in _TOKEN.finditer(text):
        if match[0][0] == '"' and re.search("[\ud800-\udfff]", json.loads(match[0])):
            raise _bad(file, _line_at(text, match.start()), "holds half of a surrogate pair, which is no character")


def _no_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _DuplicateKeyError
    return result


def _constant(word: str) -> Json:
    raise _NumberError(word, f"is not valid JSON: {word} is not a JSON number")


def _int(word: str) -> int:
    if len(word.lstrip("-")) > _DIGITS or abs(int(word)) > MAX_INT:
        raise _NumberError(word, f"holds a whole number beyond {MAX_INT}, which not every reader takes exactly")
    return int(word)


def _float(word: str) -> float:
    value = float(word)
    if math.isinf(value):
        raise _NumberError(word, "holds a number that is too large for any reader")
    return value


def _first_duplicate(text: str) -> tuple[str, int]:
    """Return the first key that stands a second time in its object, and the line of that second time."""
    tokens = _TOKEN.finditer(text)
    objects: list[set[str]] = []
    while True:
        match = next(tokens)
        if match[0] in "[{":
            objects.append(set())
        elif match[0] in "]}":
            objects.pop()
        elif _COLON.match(text, match.end()):
            key = json.loads(match[0])
            if key in objects[-1]:
                return key, _line_at(text, match.start())
            objects[-1].add(key)


def _line_of_number(text: str, token: str) -> int:
    pattern = re.compile(f"{_STRING}|{re.escape(token)}", re.DOTALL)
    places = (match.start() for match in pattern.finditer(text) if match[0] == token)
    return _line_at(text, next(places))


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _deepest(path: Path, places: dict[Path, int]) -> Path:
    while path not in places:
        path = path[:-1]
    return path


def _locate(text: str, path: Path, wanted: _Tree, places: dict[Path, int]) -> None:
    if not wanted:
        return
    for step, position in _members(text, places[path]):
        if step in wanted:
            places[*path, step] = position
            _locate(text, (*path, step), wanted[step], places)


def _members(text: str, position: int) -> Iterator[tuple[str | int, int]]:
    opening, index = text[position], 0
    if opening not in "{[":
        return
    position = _skip(text, position + 1)
    while text[position] not in "]}":
        step: str | int = index
        if opening == "{":
            step, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        yield step, position
        position = _skip(text, _DECODER.raw_decode(text, position)[1])
        if text[position] == ",":
            position = _skip(text, position + 1)
        index += 1
