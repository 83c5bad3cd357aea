"""Strict JSON: one reading or one clear error with file and line."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.strictjson import MAX_DEPTH, MAX_INT, Json, Path, _deepest_nesting, line_of, lines_of, loads, show

CHARACTERS = st.characters(exclude_categories=["Cs"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_INT, MAX_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(CHARACTERS)
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(CHARACTERS), inner), max_leaves=12
)
PIECES = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "1",
    "-",
    "e9",
    ".",
    "\n",
    "true",
    "NaN",
    "\\ud800",
    "a",
    " ",
    "9" * 20,
]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        pytest.param(b'{"a": 1,\n "a": 2,\n "b": {"a": 3}}', 2, "holds the key 'a' twice", id="duplicate-key"),
        pytest.param(b'{"a": [{"b": 1},\n{"b": 1,\n"b": 2}]}', 3, "'b' twice", id="duplicate-key-below"),
        pytest.param(b'{"a": 1,\n "\\u0061": 2}', 2, "'a' twice", id="duplicate-key-escaped"),
        pytest.param(b'{"x": "\\"a\\": {",\n"x"\n: 2}', 2, "'x' twice", id="duplicate-key-after-quotes"),
        pytest.param(b"[1,\n NaN]", 2, "is not valid JSON: NaN is not a JSON number", id="nan"),
        pytest.param(b'["Infinity",\n\nInfinity]', 3, "Infinity is not a JSON number", id="infinity"),
        pytest.param(b"-Infinity", 1, "-Infinity is not a JSON number", id="minus-infinity"),
        pytest.param(b"[1.0,\n1e999]", 2, "too large for any reader", id="float-beyond-all"),
        pytest.param(b'{\n"n": ' + b"1" * 5000 + b"}", 2, "beyond 9007199254740991", id="int-of-5000-digits"),
        pytest.param(b"9007199254740992", 1, "which not every reader takes exactly", id="int-just-too-large"),
        pytest.param(b"-9007199254740992", 1, "which not every reader takes exactly", id="int-just-too-small"),
        pytest.param(b'["a",\n"b\xff"]', 2, "is not UTF-8 text", id="not-utf-8"),
        pytest.param(b"[\n" * (MAX_DEPTH + 1), MAX_DEPTH + 1, f"nests deeper than {MAX_DEPTH} levels", id="deep"),
        pytest.param(b'{"a":' * 100_000, 1, "nests deeper", id="bottomless"),
        pytest.param(b"[[],\n" + b"[" * MAX_DEPTH, 2, "nests deeper", id="deep beside shallow"),
        pytest.param(b"{}\n{}", 2, "Extra data at column 1", id="trailing-garbage"),
        pytest.param(b"", 1, "Expecting value at column 1", id="empty"),
        pytest.param(b" \n", 2, "Expecting value", id="only-space"),
        pytest.param(b"\xef\xbb\xbf{}", 1, "BOM", id="byte-order-mark"),
        pytest.param(b'"abc', 1, "Unterminated string starting at column 1", id="unterminated"),
        pytest.param(b'["a\nb"]', 1, "control character", id="newline-in-string"),
        pytest.param(b"['a']", 1, "Expecting value at column 2", id="single-quotes"),
        pytest.param(b'["ok",\n"\\ud800"]', 2, "half of a surrogate pair", id="lone-surrogate"),
        pytest.param(b'{"\\udc00": 1}', 1, "half of a surrogate pair", id="lone-surrogate-in-key"),
        pytest.param(b"]]]]", 1, "is not valid JSON", id="closed-before-opened"),
    ],
)
def test_refuses(data: bytes, line: int, words: str) -> None:
    """What two parsers would read differently must be refused, at its very line, or a signed file has two meanings."""
    with pytest.raises(InputError) as caught:
        loads(data, "some.json")
    assert caught.value.code == "bad-json"
    assert caught.value.where == f"some.json:{line}"
    assert words in caught.value.what
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": {"a": 1}, "b": [{"a": 1}]}', {"a": {"a": 1}, "b": [{"a": 1}]}),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, json.loads("[" * MAX_DEPTH + "]" * MAX_DEPTH)),
        (b'"' + b"[" * 1000 + b'"', "[" * 1000),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'["\\ud83d\\ude00", {"a": 1}]', ["\U0001f600", {"a": 1}]),
        (b"[9007199254740991, -9007199254740991, -0, 1e308]", [MAX_INT, -MAX_INT, 0, 1e308]),
        (b'"\\"[{"', '"[{'),
    ],
)
def test_takes(data: bytes, value: Json) -> None:
    """Strictness that refuses good JSON would shut out honest files."""
    assert loads(data, "some.json") == value


@settings(deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2]))
def test_any_value_round_trips(value: Json, ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001 - drawn
    """A value that comes back changed would change a digest or a verdict."""
    assert loads(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode(), "x") == value


@settings(deadline=None)
@given(st.binary() | st.lists(st.sampled_from(PIECES)).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_give_a_value_or_one_error(data: bytes) -> None:
    """Anything else than an InputError would be a traceback in front of a user, or a 500 in the registry."""
    try:
        value = loads(data, "x")
    except InputError as error:
        refusal = error
    else:
        assert json.loads(data) == value
        return
    assert refusal.code == "bad-json"


@pytest.mark.parametrize("piece", [b'\\"', b'"', b"[", b'{"', b"\\", b"a"])
def test_no_bytes_take_long(piece: bytes) -> None:
    """A small upload that keeps a server busy for minutes would be a way to shut the registry."""
    begin = time.perf_counter()
    with pytest.raises(InputError):
        loads(b'"' + piece * 50_000, "x")
    assert time.perf_counter() - begin < 5


def _paths(value: Json, path: Path = ()) -> list[Path]:
    members: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [path, *(found for step, item in members for found in _paths(item, (*path, step)))]


def _replaced(value: Json, path: Path, new: Json) -> Json:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _replaced(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    assert isinstance(value, list)
    return [_replaced(item, path[1:], new) if index == path[0] else item for index, item in enumerate(value)]


@settings(deadline=None)
@given(VALUES)
def test_every_value_is_found_on_its_line(value: Json) -> None:
    """A wrong line sends the author of a guideline to the wrong place in four thousand."""
    text = json.dumps(value, indent=1)
    paths = _paths(value)
    marked = [json.dumps(_replaced(value, path, "\U0001f4cd"), indent=1) for path in paths]
    wanted = [item.count("\n", 0, item.index(json.dumps("\U0001f4cd"))) + 1 for item in marked]
    assert lines_of(text, paths) == wanted


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("a",), 3),
        (("a", 1), 5),
        (("a", 1, "x"), 6),
        (("a", 1, "missing"), 5),
        (("a", 9), 3),
        (("a", "not-a-key"), 3),
        (("missing", "deeper"), 2),
        (("b",), 8),
        (("b", 0), 8),
    ],
)
def test_what_is_missing_is_shown_at_what_lacks_it(path: Path, line: int) -> None:
    """A missing key has no line; the object that lacks it is where the author has to write."""
    text = '\n{\n"a": [\n0,\n{\n"x": 1, "y": [2, {}]}],\n"empty": {},\n"b": "[{,"}\n'
    assert line_of(text, path) == line


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ((), "$"),
        (("components", "os_powered", "required", 3), "$.components.os_powered.required[3]"),
        (("tests", "a.b c"), '$.tests["a.b c"]'),
        (("add-ons", "Dünn, ja"), '$.add-ons["Dünn, ja"]'),
        (('quo"te',), '$["quo\\"te"]'),
        (("esc\x1b\x9b\u202e",), '$["esc\\u001b\\u009b\\u202e"]'),
        (("",), '$[""]'),
    ],
)
def test_shows_paths_as_people_read_them(path: Path, words: str) -> None:
    """A path that cannot be read, or that acts on the terminal, helps nobody to find the place."""
    assert show(path) == words


@given(VALUES.map(json.dumps) | st.text('[]{}"\\a:, ', max_size=60))
def test_depth_is_found_as_deep_as_it_is(text: str) -> None:
    """A bracket in a string counts nothing, one behind an escaped quote may: getting it wrong lets a bomb through."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    assert _deepest_nesting(text) == _depth(value)


def test_text_that_only_looks_deep_is_refused_for_what_it_is() -> None:
    """No JSON, and brackets that stand in what would be a string: the error must name the real fault."""
    with pytest.raises(InputError, match="is not valid JSON"):
        loads(b'\\"' + b"[" * (MAX_DEPTH + 1), "f")


def _depth(value: object) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)
