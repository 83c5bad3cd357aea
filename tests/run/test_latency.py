"""How long answers took: figures that an owner acts on, so they must be the right ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.run.latency import Latency, latencies, percentile

from .records import write_evidence

if TYPE_CHECKING:
    from pathlib import Path


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=50), st.sampled_from([50, 90, 99, 100]))
def test_a_percentile_is_the_smallest_value_that_reaches_the_share(values: list[int], share: int) -> None:
    """If it fails, a slow cloud looks quick, or a quick one slow."""
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= math.ceil(share * len(values) / 100)
    smaller = [value for value in values if value < found]
    assert len(smaller) < math.ceil(share * len(values) / 100)


def test_operations_are_told_apart_and_only_answers_count(tmp_path: Path) -> None:
    """A time-out is no latency, and a probe is our own curiosity."""
    write_evidence(tmp_path, 1, *({"took_ms": took} for took in range(1, 101)))
    write_evidence(
        tmp_path,
        2,
        {"operation": "PUT /v1/{account}/{container}", "took_ms": 7, "status": 503},
        {"operation": "PUT /v1/{account}/{container}", "took_ms": 20000, "status": 0, "error": "no answer in time"},
        {"operation": "probe", "took_ms": 1},
    )
    assert latencies(tmp_path) == (
        Latency("GET /v1/{account}", 100, 50, 90, 99),
        Latency("PUT /v1/{account}/{container}", 1, 7, 7, 7),
    )


def test_a_run_without_evidence_has_none(tmp_path: Path) -> None:
    """A run that was cut off before its first request is reported all the same."""
    assert latencies(tmp_path) == ()


def test_a_cut_off_line_is_passed_over_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    """A worker that was killed leaves half a line; a line that somebody edited must be named."""
    write_evidence(tmp_path, 1, {})
    file = next((tmp_path / "evidence").iterdir())
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"test_attempt": 1, "requ')
    assert [item.count for item in latencies(tmp_path)] == [1]
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with pytest.raises(InputError, match=r"\.jsonl:2: is no evidence"):
        latencies(tmp_path)
