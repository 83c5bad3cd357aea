"""Tests of the record of API operations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.run.record import Outcome
from defcore.suite import collect, suite_dir
from defcore.suite.operations import FILE, Entry, Operations, dump, load, merged, seen
from tests.run.records import test_id as uid
from tests.run.records import write_evidence

from .builders import declared, module, run_of

if TYPE_CHECKING:
    from pathlib import Path

OPERATION = st.text(min_size=1)


def exchange(operation: str, stage: str | None = "test", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return an exchange of that stage."""
    return {"operation": operation, "stage": stage, **more}


def test_what_a_test_judges_is_told_from_what_prepares_it(tmp_path: Path) -> None:
    """If it fails, a test seems to cover what it only needs on its way."""
    write_evidence(
        tmp_path,
        1,
        exchange("PUT /c", "setup"),
        exchange("GET /c"),
        exchange("GET /c"),
        exchange("DELETE /c", "cleanup"),
        exchange("probe"),
        exchange("HEAD /c", error="no answer in time"),
    )
    write_evidence(tmp_path, 2, exchange("POST /c"))
    found = seen(tmp_path, run_of((uid(1), Outcome.PASSED), (uid(2), Outcome.FAILED)))
    assert found.tests == {uid(1): Entry(revision=1, operations=("GET /c",))}
    assert found.beside == ("DELETE /c", "PUT /c")


def test_evidence_of_old_does_not_tell(tmp_path: Path) -> None:
    """If it fails, preparations of an old run are recorded as what its tests are about."""
    write_evidence(tmp_path, 1, {"operation": "GET /c"})
    with pytest.raises(InputError, match="does not tell what a test judges"):
        seen(tmp_path, run_of((uid(1), Outcome.PASSED)))


def test_a_new_record_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """If it fails, a test that was changed or is gone stays in the record for ever."""
    module(
        tmp_path,
        "test_a.py",
        declared("test_a", uid(1)),
        declared("test_b", uid(2), more=", revision=2"),
        declared("test_c", uid(3)),
    )
    old = Operations(
        tests={uid(key): Entry(revision=1, operations=("old",)) for key in (1, 2, 3, 4)}, beside=("PUT /old",)
    )
    new = Operations(tests={uid(1): Entry(revision=1, operations=("new",))}, beside=("PUT /new",))
    found = merged(old, [new], collect(tmp_path))
    assert {key: entry.operations for key, entry in found.tests.items()} == {uid(1): ("new",), uid(3): ("old",)}
    assert found.beside == ("PUT /new", "PUT /old")


@given(st.dictionaries(st.uuids().map(str), st.lists(OPERATION)), st.lists(OPERATION))
def test_what_is_written_is_read_again(tests: dict[str, list[str]], beside: list[str]) -> None:
    """If it fails, the record changes each time that it is made."""
    found = Operations(
        tests={key: Entry(revision=1, operations=tuple(value)) for key, value in tests.items()}, beside=tuple(beside)
    )
    assert Operations.model_validate_json(dump(found)) == found


def test_a_suite_without_a_record_has_an_empty_one(tmp_path: Path) -> None:
    """If it fails, a suite that was just begun cannot be listed."""
    assert load(tmp_path) == Operations()


@pytest.mark.parametrize("content", ["no json", "[]", '{"tests": {"x": {}}}', '{"format": "defcore-operations/9"}'])
def test_a_damaged_record_is_one_line(tmp_path: Path, content: str) -> None:
    """If it fails, a merge that went wrong is a traceback."""
    (tmp_path / FILE).write_text(content)
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert FILE in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_record_that_ships_is_about_the_tests_that_ship() -> None:
    """If it fails, the record tells of tests that are gone or were changed: make suite-data makes it anew."""
    suite, found = collect(suite_dir()), load(suite_dir())
    assert (suite_dir() / FILE).read_bytes() == dump(found)
    stale = [
        key for key, entry in found.tests.items() if key not in suite or suite[key].meta.revision != entry.revision
    ]
    assert stale == []
    wrong = [
        suite[key].node for key, entry in found.tests.items() if suite[key].meta.fails_if.on not in entry.operations
    ]
    assert wrong == []
    assert json.loads(dump(found))["format"] == "defcore-operations/1"
