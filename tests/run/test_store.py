"""``RUN`` on a command line: a directory or a record, or one clear line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult, worst
from defcore.run.store import load_run, parse_run

if TYPE_CHECKING:
    from pathlib import Path

RECORD = RunRecord(
    id="run-1",
    started="2026-11-20T10:00:00Z",
    cloud=Cloud(name="x", auth_url="https://k"),
    engine=Engine(name="native", version="0"),
    results=(TestResult(id="00000000-0000-4000-8000-000000000001", name="one", outcome=Outcome.PASSED),),
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A run scored on another machine must give the same verdict."""
    path = tmp_path / "run.json"
    path.write_text(RECORD.model_dump_json(exclude_none=True), encoding="utf-8")
    assert load_run(path) == RECORD


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra": 1}, "$.extra"),
        ({"format": "defcore-run/2"}, "$.format"),
        ({"started": "yesterday"}, "$.started"),
        ({"results": [{"id": "X", "name": "n", "outcome": "passed"}]}, "$.results[0].id"),
        ({"results": [{"id": RECORD.results[0].id, "name": "n", "outcome": "great"}]}, "$.results[0].outcome"),
    ],
)
def test_a_record_that_is_none_is_named_with_its_place(tmp_path: Path, change: dict[str, object], words: str) -> None:
    """A typo in an outcome must not be scored as something else."""
    path = tmp_path / "run.json"
    path.write_text(json.dumps(RECORD.model_dump(mode="json", exclude_none=True) | change), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_run(path)
    assert str(caught.value).startswith(f"{path}: is not a run record: {words}: ")


def test_what_is_no_run_is_told_as_that(tmp_path: Path) -> None:
    """A wrong path is the commonest mistake on a command line."""
    with pytest.raises(InputError, match=r"is not a run directory: it has no journal.jsonl"):
        load_run(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read: No such file or directory \(give a run directory"):
        load_run(tmp_path / "none")


@given(st.binary())
def test_any_bytes_are_a_run_or_one_clear_line(content: bytes) -> None:
    """A file of any kind may be named on the command line."""
    with pytest.raises(InputError) as caught:
        parse_run(content, "f")
    assert str(caught.value).startswith("f")


@given(st.lists(st.sampled_from(list(Outcome))))
def test_the_worst_attempt_counts(outcomes: list[Outcome]) -> None:
    """A cloud that fails every second time does not pass."""
    found = worst(outcomes)
    assert found in outcomes or (not outcomes and found is Outcome.NOT_RUN)
    assert (found is Outcome.PASSED) == (set(outcomes) == {Outcome.PASSED})
    assert (found is Outcome.FAILED) == (Outcome.FAILED in outcomes)
