"""Tests of bare lists of tests as guidelines."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline import load_bytes, load_file, resolve
from defcore.guideline.ids import nameless_id
from defcore.guideline.testlist import as_guideline, names
from defcore.score import required_tests

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline

ONE = "00000000-0000-4000-8000-00000000000a"
TWO = "00000000-0000-4000-8000-00000000000b"


def listed(text: str) -> Guideline:
    """Read a list as a guideline."""
    return load_bytes(as_guideline(text.encode(), Path("mine.txt")), "mine.txt").guideline


def test_every_spelling_of_a_test_is_read() -> None:
    """If it fails, a list as it is found in the field is refused, or its tests are taken for others."""
    found = listed(
        f"\ufeff# a comment\na.b.C.test_d[id-{ONE},smoke]  # why\n\n{TWO.upper()},negative\na.b.C.test_e(v2)\na.x\n"
        f"a.b.C.test_d[id-{ONE}]\n"
    )
    assert [(item.name, [(test.id, test.name) for test in item.tests]) for item in found.capabilities] == [
        ("a.b", [(ONE, "a.b.C.test_d"), (nameless_id("a.b.C.test_e(v2)"), "a.b.C.test_e(v2)")]),
        ("tests", [(TWO, TWO)]),
        ("a", [(nameless_id("a.x"), "a.x")]),
    ]
    assert len(required_tests(found, found.programs[0])) == 4
    assert (found.id, found.programs[0].key, found.status.value) == ("mine", "test-list-mine", "draft")
    assert "no mark" in found.authority.label


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b"hello\n", "not-a-list", ":1"),
        (b"a.b\n\na.b failed\n", "not-a-list", ":3"),
        (b"\xff\xfe", "not-a-list", ""),
        (b"", "empty-list", ""),
        (b"# nothing\n", "empty-list", ""),
        (f"a.b[id-{ONE}]\na.c[id-{ONE}]\n".encode(), "doubled-test", ":2"),
        (f"a.b[id-{ONE}]\na.b[id-{TWO}]\n".encode(), "doubled-test", ":2"),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(text: bytes, code: str, line: str) -> None:
    """If it fails, any text is a guideline, or one test stands for two."""
    with pytest.raises(InputError) as caught:
        as_guideline(text, Path("mine.txt"))
    assert (caught.value.code, caught.value.where) == (code, f"mine.txt{line}")
    assert "\n" not in str(caught.value)


def test_a_list_is_taken_wherever_a_guideline_is_named(tmp_path: Path) -> None:
    """If it fails, --test-list works in some places only."""
    path = tmp_path / "mine.txt"
    path.write_text(f"a.b.C.test_d[id-{ONE}]\n")
    found = resolve(str(path))
    assert found.guideline.id == "mine"
    assert found.provenance == load_file(path).provenance
    json = tmp_path / "list.json"
    json.write_text("a.b.C.test_d\n")
    with pytest.raises(InputError, match="not valid JSON"):
        resolve(str(json))


def test_the_published_compute_list_is_read() -> None:
    """If it fails, who keeps the last compute list cannot be judged by it."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    found = resolve(f"{folder}/compute-2022.11-tests.txt").guideline
    assert len(required_tests(found, found.programs[0])) == 258


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_give_a_list_or_one_line(content: bytes) -> None:
    """If it fails, a wrong file costs a traceback."""
    with contextlib.suppress(InputError):
        list(names(content, "l"))


WORDS = st.from_regex(r"[a-z]{1,3}(\.[a-z]{1,3}){1,3}", fullmatch=True) | st.uuids().map(str)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_every_test_of_a_list_is_required_once(words: list[str]) -> None:
    """If it fails, a test of the list is lost on the way to the verdict."""
    found = listed("\n".join(words))
    assert {test.name for test in required_tests(found, found.programs[0])} == set(words)
