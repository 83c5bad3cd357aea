"""Append-only lines: whole ones or nothing."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.run.lines import Lines, append, read_lines

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    """A run that was ended before its first line must be told as that, not as a crash."""
    assert read_lines(tmp_path / "none") == Lines((), 0)


def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    """A directory in the place of a journal is the user's mistake."""
    with pytest.raises(InputError, match="cannot be read"):
        read_lines(tmp_path)


@given(st.lists(st.binary().map(lambda data: data.replace(b"\n", b"")), max_size=5), st.binary())
def test_a_cut_off_end_is_told_apart(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], end: bytes) -> None:
    """Half a line taken for a whole one would be a test with half a result."""
    end = end.replace(b"\n", b"")
    path = tmp_path_factory.mktemp("lines") / "f"
    path.write_bytes(b"".join(line + b"\n" for line in lines) + end)
    assert read_lines(path) == Lines(tuple(lines), len(end))


def test_several_writers_do_not_mix_their_lines(tmp_path: Path) -> None:
    """The workers of a run share the journal; a torn line would make the whole of it unreadable."""
    path = tmp_path / "f"

    def write(number: int) -> None:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for count in range(100):
            append(file, {"n": number, "count": count, "fill": "x" * 3000})
        os.close(file)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_lines(path)
    assert len(found.lines) == 400
    assert all(line.startswith(b'{"n":') and line.endswith(b'x"}') for line in found.lines)


def test_any_text_can_be_written(tmp_path: Path) -> None:
    """A lone surrogate in an answer of the cloud must not end the run."""
    file = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    append(file, {"\ud800": "ä\udfff"})
    os.close(file)
    assert b"\xc3\xa4" in read_lines(tmp_path / "f").lines[0]


def test_a_full_disk_is_one_clear_line() -> None:
    """A run of an hour must say why it ends."""
    file = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(InputError, match="No space left"):
        append(file, {})
    os.close(file)


def test_a_write_that_takes_only_a_part_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal may cut a write short; the rest of the line must follow."""
    file = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    real, sizes = os.write, iter([3, 10_000])
    monkeypatch.setattr(os, "write", lambda where, data: real(where, data[: next(sizes)]))
    append(file, {"key": "value"})
    monkeypatch.undo()
    os.close(file)
    assert read_lines(tmp_path / "f") == Lines((b'{"key":"value"}',), 0)
