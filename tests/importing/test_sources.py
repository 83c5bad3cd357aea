"""Tests of telling foreign files apart, and of what each cannot prove."""

from __future__ import annotations

import hashlib
import io
import os
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.importing import sources
from defcore.importing.sources import BROKE, DURATIONS, FAILURES, TIMES, read, read_pipe

from .samples import subunit

if TYPE_CHECKING:
    from pathlib import Path

V2 = subunit({"test_id": "a.b", "test_status": "success"})
ID = "00000000-0000-4000-8000-00000000000a"


@pytest.mark.parametrize(
    ("content", "kind", "lacks"),
    [
        (V2, "subunit v2", {BROKE, TIMES, DURATIONS}),
        (b"a warning\n" + V2, "subunit v2", {BROKE, TIMES, DURATIONS}),
        (b"hello\ntest: a.b\nsuccess: a.b\n", "subunit v1", {BROKE, TIMES, DURATIONS}),
        (b"\xef\xbb\xbf <testsuite><testcase name='a.b' time='1'/></testsuite>", "JUnit XML", {BROKE, TIMES}),
        (b'{"results": ["a.b"]}', "RefStack's JSON", {FAILURES, TIMES, DURATIONS}),
    ],
)
def test_a_file_is_known_by_what_is_in_it(content: bytes, kind: str, lacks: set[str], tmp_path: Path) -> None:
    """If it fails, a file is read as another kind, or claims to prove what it cannot."""
    path = tmp_path / "results"
    path.write_bytes(content)
    found = read(path)
    assert (found.format, found.file, [item.name for item in found.told]) == (kind, "results", ["a.b"])
    assert found.digest == hashlib.sha256(content).hexdigest()
    assert set(found.lacks) == {*lacks, *sources.ALWAYS}
    piped = read_pipe(io.BytesIO(content))
    assert (piped.format, piped.file, piped.digest, piped.told) == (kind, "-", found.digest, found.told)


def test_a_list_is_only_taken_when_it_is_called_one_of_passes(tmp_path: Path) -> None:
    """If it fails, a list of tests to run comes in as tests that passed."""
    path = tmp_path / "list.txt"
    path.write_text(f"id-{ID}\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.hint) == ("no-outcomes", "if all of them passed, say so with --passed")
    found = read(path, passed=True)
    assert (found.format, FAILURES in found.lacks) == ("a list of tests that passed", True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown-format"),
        (b"hello world\n", "unknown-format"),
        (os.urandom(20).replace(b"\xb3", b"") + b"\0", "unknown-format"),
        (b"<testsuite/>", "no-results"),
        (b'{"results": []}', "no-results"),
        (subunit({"test_id": "a.b", "test_status": "exists"}), "no-results"),
        (b"<testsuite><testcase/></testsuite>", "no-name"),
        (V2[:-1], "cut-off"),
        (b"test: a\nsuccess: a\n" + V2, "mixed-subunit"),
    ],
)
def test_what_holds_no_results_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    """If it fails, nothing at all counts as a run."""
    path = tmp_path / "results"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, a gigabyte takes all the memory, or an afternoon."""
    monkeypatch.setattr(sources, "MAX_BYTES", 100)
    monkeypatch.setattr("defcore.importing.lists.MAX_LIST", 50)
    path = tmp_path / "results"
    for content, passed in ((V2 * 50, False), (b'{"results": []}' + b" " * 40, False), (b"a.b\n" * 20, True)):
        path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read(path, passed=passed)
        assert caught.value.code == "too-large"
    with pytest.raises(InputError) as caught:
        read_pipe(io.BytesIO(V2 * 50))
    assert caught.value.code == "too-large"


def test_too_many_results_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, a small file with millions of tests takes all the memory."""
    monkeypatch.setattr(sources, "MAX_OUTCOMES", 3)
    path = tmp_path / "results"
    path.write_bytes(V2 * 4)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "too-many"


def test_a_gigabyte_is_refused_at_once(tmp_path: Path) -> None:
    """If it fails, a file of a gigabyte, of which a thing is nothing, is read for minutes."""
    path = tmp_path / "results"
    with path.open("wb") as file:
        file.write(V2)
        file.truncate(1 << 30)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "too-large"
    assert "256 MiB" in caught.value.what


def test_the_last_run_of_a_stestr_repository_is_read(tmp_path: Path) -> None:
    """If it fails, who runs Tempest by stestr has to look for the file."""
    repository = tmp_path / ".stestr"
    repository.mkdir()
    (repository / "format").write_text("1\n")
    (repository / "next-stream").write_text("11\n")
    for number, name in ((9, "old.test"), (10, "new.test")):
        (repository / str(number)).write_bytes(subunit({"test_id": name, "test_status": "success"}))
    (repository / "failing").write_bytes(b"")
    for place in (tmp_path, repository):
        found = read(place)
        assert [item.name for item in found.told] == ["new.test"]
        assert len(found.notes) == 1
        assert found.notes[0].startswith(
            "the last run of the stestr repository, 10, was read; name the file of another"
        )


def test_folders_that_are_none_are_refused(tmp_path: Path) -> None:
    """If it fails, a wrong folder costs a traceback."""
    for code in ("no-repository", "no-results"):
        with pytest.raises(InputError) as caught:
            read(tmp_path)
        assert caught.value.code == code
        (tmp_path / "next-stream").touch()


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """If it fails, a typing error costs a traceback."""
    with pytest.raises(InputError) as caught:
        read(tmp_path / "nothing")
    assert caught.value.code == "unreadable"
