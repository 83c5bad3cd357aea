"""Files read whole within a limit and written whole or not at all."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.files import read_bytes, write_together, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """Otherwise the last byte of a report would not be checked."""
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bytes(tmp_path / "f", 5, "code", "hint") == b"12345"


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """Otherwise a huge file given by mistake fills the memory."""
    (tmp_path / "f").write_bytes(b"123456")
    with pytest.raises(InputError, match="larger than 5 bytes") as caught:
        read_bytes(tmp_path / "f", 5, "code", "hint")
    assert caught.value.code == "code"


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a slip in a file name ends in a traceback."""
    with pytest.raises(InputError, match=r"f: cannot be read: No such file or directory \(hint\)"):
        read_bytes(tmp_path / "f", 5, "code", "hint")


def test_writing_replaces_a_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Otherwise temporary files pile up beside the reports."""
    write_whole(tmp_path / "f", b"old")
    write_whole(tmp_path / "f", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", b"new")]


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    """Otherwise a filled-in product.json is lost to a second 'product init'."""
    (tmp_path / "f").write_bytes(b"old")
    with pytest.raises(InputError, match="is there already"):
        write_whole(tmp_path / "f", b"new", new=True)
    assert (tmp_path / "f").read_bytes() == b"old"


def test_an_unwritable_place_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a slip in a folder name ends in a traceback."""
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(tmp_path / "no" / "f", b"new")


def test_a_write_that_fails_late_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a full disk leaves half a report behind."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    (tmp_path / "f").write_bytes(b"old")
    with pytest.raises(InputError, match="cannot be written: No space left"):
        write_whole(tmp_path / "f", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"old"


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    """Otherwise root who writes a report to a device replaces the device."""
    (tmp_path / "f").mkdir()
    with pytest.raises(InputError, match="it is no file"):
        write_whole(tmp_path / "f", b"new")
    assert (tmp_path / "f").is_dir()


def test_files_that_belong_together_are_all_written_or_none(tmp_path: Path) -> None:
    """Otherwise a public report is left behind that cites a full one which was never written."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").mkdir()
    for bad in (tmp_path / "b", tmp_path / "no" / "c"):
        with pytest.raises(InputError):
            write_together({tmp_path / "a": b"new", bad: b"new"})
        assert (tmp_path / "a").read_bytes() == b"old"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    write_together({tmp_path / "a": b"1", tmp_path / "c": b"2"})
    assert [(tmp_path / name).read_bytes() for name in "ac"] == [b"1", b"2"]
