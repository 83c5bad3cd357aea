"""A schema that bites: every field of a guideline, corrupted in turn, is refused."""

from __future__ import annotations

import functools
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from defcore.errors import InputError
from defcore.guideline import schema as made
from defcore.locate import data_dir

from .builders import at, document, drop, load, paths_of, put

if TYPE_CHECKING:
    from defcore.strictjson import Path as JsonPath

MAPS = {"platforms", "add-ons", "verticals", "components", "capabilities", "designated_sections", "test_repositories"}
DOCUMENT = document()
PATHS = [path for path in paths_of(DOCUMENT) if path]
OPTIONAL = {
    "authority",
    "cutoff_score",
    "target_approval",
    "replaces",
    "platforms",
    "add-ons",
    "verticals",
    "source",
    "required_platform_components",
    "optional_platform_components",
    "required",
    "advisory",
    "deprecated",
    "removed",
    "aliases",
    "flagged",
    "required_since",
    "comment",
}
"""Keys that a file may leave out somewhere; all others are asked for."""


@functools.cache
def validator() -> Any:  # noqa: ANN401 - of a library without types
    """Make a validator of the shipped schema, by an independent implementation; None where it is not installed."""
    try:
        library = importlib.import_module("jsonschema")
    except ImportError:
        return None
    return library.Draft202012Validator(made.schema())


def refuses(value: object) -> bool:
    """Tell whether the shipped schema refuses a value. Without jsonschema it is taken on trust; a test says so."""
    found = validator()
    return found is None or not found.is_valid(value)


def test_the_schema_is_checked_by_another_implementation() -> None:
    """Our own reader cannot prove that the schema which we hand to others bites as well."""
    if validator() is None:
        pytest.skip("jsonschema is not installed: the fields are corrupted for our own reader only")


def is_map(path: JsonPath) -> bool:
    """Tell whether any name may stand as a key here."""
    return (
        (len(path) == 1 and path[0] in MAPS)
        or path[-1:] in (("tests",), ("criteria",), ("sections",))
        or (len(path) == 2 and path[0] == "designated_sections")
    )


def other(value: object) -> list[Any]:
    """Return values of every type but this one's."""
    kinds = {"text": "x", "number": 7.5, "flag": True, "list": [1], "object": {"x-unknown": 1}}
    own = {str: "text", int: "number", bool: "flag", list: "list", dict: "object"}[type(value)]
    return [found for kind, found in kinds.items() if kind != own]


def test_the_shipped_file_is_the_one_that_is_made() -> None:
    """An editor that checks by yesterday's schema would pass what the tool refuses."""
    path = Path(made.__file__).with_name(made.NAME)
    assert path.read_text(encoding="utf-8") == made.dump()


def test_good_files_are_accepted() -> None:
    """A schema that refuses our own guidelines would be switched off by everybody."""
    if validator() is None:
        pytest.skip("jsonschema is not installed")
    assert not refuses(DOCUMENT)
    for path in sorted(data_dir("guidelines").glob("*.11.json")):
        assert not refuses(json.loads(path.read_text(encoding="utf-8"))), path.name


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_each_field_corrupted_is_refused(path: JsonPath) -> None:
    """A field that takes anything is a field in which a guideline can be wrong unseen."""
    for wrong in other(at(DOCUMENT, path)):
        spoiled = put(DOCUMENT, path, wrong)
        with pytest.raises(InputError):
            load(spoiled)
        assert refuses(spoiled), wrong


@pytest.mark.parametrize("path", [path for path in [(), *PATHS] if isinstance(at(DOCUMENT, path), dict)], ids=str)
def test_an_unknown_key_is_refused_everywhere(path: JsonPath) -> None:
    """The old schemas validated no capability at all: a slip in a key was a fact that vanished."""
    spoiled = put(DOCUMENT, (*path, "x-unknown"), 5)
    with pytest.raises(InputError):
        load(spoiled)
    assert refuses(spoiled)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in PATHS
        if isinstance(path[-1], str)
        and not is_map(path[:-1])
        and path[-1] not in OPTIONAL
        and path[2:] != ("designated_sections",)
    ],
    ids=str,
)
def test_a_missing_key_is_refused(path: JsonPath) -> None:
    """A guideline without, say, its releases would judge by nothing."""
    spoiled = drop(DOCUMENT, path)
    with pytest.raises(InputError):
        load(spoiled)
    assert refuses(spoiled)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("capabilities", "get", "tests", "get", "idempotent_id"), "33333333-0000-4000-8000-000000000000"),
        (("capabilities", "get", "tests", "get", "idempotent_id"), "id-33333333-0000-4000-8000-00000000000G"),
        (("metadata", "os_trademark_approval", "status"), "superceded"),
        (("metadata", "schema"), "2.1"),
        (("metadata", "id"), ""),
        (("metadata", "scoring", "cutoff_score"), 101),
        (("metadata", "scoring", "cutoff_score"), "74"),
        (("metadata", "scoring", "criteria", "atomic", "weight"), -1),
        (("components", "store", "capabilities", "required", 0), ""),
    ],
    ids=str,
)
def test_a_value_out_of_range_is_refused(path: JsonPath, wrong: object) -> None:
    """Right type, wrong value: an id without its prefix matches no test, a status that is misspelt decides a mark."""
    spoiled = put(DOCUMENT, path, wrong)
    with pytest.raises(InputError):
        load(spoiled)
    assert refuses(spoiled)
