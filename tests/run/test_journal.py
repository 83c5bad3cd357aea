"""The journal: whatever ends a run, what was finished can be read, and what was not is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.run.journal import (
    JOURNAL,
    RECORD,
    Ended,
    Journal,
    Note,
    PlannedTest,
    Started,
    TestFinished,
    TestStarted,
    read,
    rebuild,
    stamp,
    write_record,
)
from defcore.run.record import Attempt, Cloud, Engine, Outcome, RunRecord, decide
from defcore.run.store import load_run

if TYPE_CHECKING:
    from pathlib import Path

IDS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(4)]
AT = "2026-11-20T10:00:00.000000Z"
HEADER = Started(
    id="run-1",
    at=AT,
    cloud=Cloud(name="x", auth_url="https://k"),
    engine=Engine(name="native", version="0"),
    partial=False,
    selection="all",
    guideline="2026.11",
    program="p",
    plan=(
        *(PlannedTest(id=one, name=f"test {one}") for one in IDS[:3]),
        PlannedTest(id=IDS[3], name="m", missing="no"),
    ),
)


def finished(number: int, outcome: Outcome, attempt: int = 1) -> TestFinished:
    """Make the end of a test."""
    return TestFinished(id=IDS[number], attempt=attempt, result=Attempt(outcome=outcome, started=AT, seconds=1))


EVENTS = [
    HEADER,
    TestStarted(id=IDS[0], attempt=1, at=AT),
    finished(0, Outcome.PASSED),
    TestStarted(id=IDS[1], attempt=1, at=AT),
    finished(1, Outcome.ERROR),
    TestStarted(id=IDS[1], attempt=2, at=AT),
    finished(1, Outcome.PASSED, 2),
    TestStarted(id=IDS[2], attempt=1, at=AT),
    Note(at=AT, message="something ä"),
    finished(2, Outcome.FAILED),
    Ended(at=AT),
]


def written(folder: Path, events: list[Any]) -> bytes:
    """Write a journal and give its bytes."""
    journal = Journal(folder)
    for event in events:
        journal.add(event)
    journal.close()
    return (folder / JOURNAL).read_bytes()


def test_a_whole_journal_gives_the_record(tmp_path: Path) -> None:
    """Every verdict is made from this record."""
    written(tmp_path, EVENTS)
    record = rebuild(tmp_path)
    assert (record.id, record.started, record.ended, record.complete, record.partial) == ("run-1", AT, AT, True, False)
    assert (record.guideline, record.program, record.selection, record.notes) == (
        "2026.11",
        "p",
        "all",
        ("something ä",),
    )
    outcomes = [(item.outcome, len(item.attempts), item.reason) for item in record.results]
    assert outcomes == [("passed", 1, None), ("passed", 2, None), ("failed", 1, None), ("not_run", 0, "no")]


def test_nothing_is_retried_in_silence(tmp_path: Path) -> None:
    """Both attempts are kept; one that said nothing of the cloud gives way, but a failure never does."""
    written(tmp_path, EVENTS)
    result = rebuild(tmp_path).by_id()[IDS[1]]
    assert [item.outcome for item in result.attempts] == ["error", "passed"]
    assert result.outcome is Outcome.PASSED
    failed = result.attempts[0].model_copy(update={"outcome": Outcome.FAILED})
    assert decide([failed, result.attempts[1]]) is Outcome.FAILED
    assert decide([result.attempts[1], failed]) is Outcome.FAILED


def test_a_test_that_was_cut_off_is_an_error(tmp_path: Path) -> None:
    """A run that was killed in a test did not judge it, and the record is known to be incomplete."""
    written(tmp_path, EVENTS[:4])
    record = rebuild(tmp_path)
    assert (record.complete, record.ended) == (False, None)
    outcomes = [(item.outcome, item.attempts[0].reason if item.attempts else item.reason) for item in record.results]
    assert outcomes == [
        ("passed", None),
        ("error", "the run was cut off in this test"),
        ("not_run", "the run ended before it"),
        ("not_run", "no"),
    ]


def test_a_run_that_the_user_ended_is_not_complete(tmp_path: Path) -> None:
    """Half a run must not be taken for a whole one."""
    written(tmp_path, [*EVENTS[:3], Ended(at=AT, interrupted=True)])
    assert not rebuild(tmp_path).complete


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    """A machine that loses power leaves half a line, and everything before it counts."""
    written(tmp_path, EVENTS[:3])
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'{"event":"test-fin')
    assert rebuild(tmp_path).by_id()[IDS[0]].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"event":"unheard-of"}',
        b'{"event":"note","at":"2026-11-20T10:00:00Z"}',
        b'{"event":"note","at":"yesterday","message":"m"}',
        b'{"event":"note","at":"2026-11-20T10:00:00Z","message":"m","more":1}',
        b'{"event":"test-finished","id":"x","attempt":1,"result":{}}',
        b"[" * 5000,
    ],
)
def test_a_line_that_is_no_event_is_named_with_its_number(tmp_path: Path, line: bytes) -> None:
    """A journal that was altered must not be half believed, and its owner must find the place."""
    (tmp_path / JOURNAL).write_bytes(written(tmp_path, EVENTS[:2]) + line + b"\n")
    with pytest.raises(InputError) as caught:
        rebuild(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / JOURNAL}:3: is not an event of a journal: ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("events", [[], EVENTS[1:]])
def test_a_journal_without_header_is_told_as_that(tmp_path: Path, events: list[Any]) -> None:
    """A run that was ended before it began holds nothing to score."""
    written(tmp_path, events)
    with pytest.raises(InputError, match="has no header"):
        read(tmp_path)


@given(st.integers(0, 10**9), st.integers(0, 255))
@settings(max_examples=200)
def test_any_prefix_of_a_journal_is_a_run_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: int
) -> None:
    """Kill the process anywhere: the run is readable, and known as incomplete."""
    folder = tmp_path_factory.mktemp("j")
    whole = written(folder, EVENTS)
    cut %= len(whole) + 1
    (folder / JOURNAL).write_bytes(whole[:cut])
    first = whole.index(b"\n") + 1
    if cut < first:
        with pytest.raises(InputError):
            rebuild(folder)
    else:
        assert rebuild(folder).complete is (cut == len(whole))
    # one byte anywhere that is another
    (folder / JOURNAL).write_bytes(whole[:cut] + bytes([junk]) + whole[cut + 1 :])
    try:
        found = rebuild(folder)
    except InputError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either end is right
    else:
        assert len(found.results) <= 4


def test_the_record_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """A reader must never see half a record."""
    written(tmp_path, EVENTS)
    (tmp_path / RECORD).write_text("old", encoding="utf-8")
    record = write_record(tmp_path)
    assert RunRecord.model_validate_json((tmp_path / RECORD).read_bytes()) == record == load_run(tmp_path / RECORD)
    assert sorted(path.name for path in tmp_path.iterdir()) == [JOURNAL, RECORD]


def test_a_record_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """Nothing half written stays behind."""
    written(tmp_path, EVENTS)
    (tmp_path / RECORD).mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_record(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [JOURNAL, RECORD]


def test_the_journal_is_its_owners_alone(tmp_path: Path) -> None:
    """It names the cloud and everything that went wrong there."""
    written(tmp_path, EVENTS)
    assert (tmp_path / JOURNAL).stat().st_mode & 0o777 == 0o600


def test_a_stamp_is_utc() -> None:
    """Two machines in two zones must agree on when a test ran."""
    assert stamp(0.25) == "1970-01-01T00:00:00.250000Z"


def test_optional_words_may_be_absent(tmp_path: Path) -> None:
    """Journals of this version without a guideline stay readable."""
    value = json.loads(written(tmp_path, [HEADER]))
    del value["guideline"], value["program"]
    (tmp_path / JOURNAL).write_text(json.dumps(value) + "\n", encoding="utf-8")
    assert rebuild(tmp_path).guideline is None
