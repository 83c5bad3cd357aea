"""Tests of what lists passes only."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.importing.lists import passes, refstack
from defcore.run.record import Outcome

ID = "00000000-0000-4000-8000-00000000000a"


def test_both_forms_of_refstack_s_results_are_read() -> None:
    """If it fails, what was ever sent to RefStack cannot be brought along."""
    raw = {
        "cpid": "c0ffee",
        "duration_seconds": 12,
        "results": [{"name": "a.b.test_c[x]", "uuid": ID.upper()}, {"name": "a.b.test_d"}, "a.b.test_e"],
    }
    told = refstack(io.BytesIO(json.dumps(raw).encode()), "r.json")
    assert [item.name for item in told] == [f"a.b.test_c[id-{ID}]", "a.b.test_d", "a.b.test_e"]
    assert {item.outcome for item in told} == {Outcome.PASSED}


@pytest.mark.parametrize(
    "raw", [[], {}, {"results": {}}, {"results": [1]}, {"results": [""]}, {"results": [{"uuid": ID}]}]
)
def test_other_json_is_refused(raw: Any) -> None:  # noqa: ANN401 - any JSON
    """If it fails, some other JSON comes in as passes."""
    with pytest.raises(InputError) as caught:
        refstack(io.BytesIO(json.dumps(raw).encode()), "r.json")
    assert caught.value.code == "not-refstack"


def test_a_list_of_passes_is_read() -> None:
    """If it fails, a list of tests that passed cannot be brought along."""
    told = passes(io.BytesIO(f"# a comment\nid-{ID}\na.b.test_d(v2)\n".encode()), "l")
    assert [(item.name, item.outcome) for item in told] == [
        (f"id-{ID}", Outcome.PASSED),
        ("a.b.test_d(v2)", Outcome.PASSED),
    ]


@pytest.mark.parametrize("line", [b"hello", b"a.b failed", b"<html>", b"\xff\xfe", b"a.b\nhello world\n"])
def test_a_line_that_names_no_test_is_refused(line: bytes) -> None:
    """If it fails, any text comes in as a list of passes."""
    with pytest.raises(InputError) as caught:
        passes(io.BytesIO(line), "l")
    assert caught.value.code == "not-a-list"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_list_or_one_line(content: bytes) -> None:
    """If it fails, a wrong file costs a traceback."""
    with contextlib.suppress(InputError):
        passes(io.BytesIO(content), "l")
    with contextlib.suppress(InputError):
        refstack(io.BytesIO(content), "l")
