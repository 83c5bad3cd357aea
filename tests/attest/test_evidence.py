"""Evidence: one order, one root, salts made once and kept, nothing damaged signed."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import TYPE_CHECKING

import pytest

from defcore.attest import evidence
from defcore.attest.canonical import canonical
from defcore.attest.statement import NO_EVIDENCE
from defcore.errors import InputError

from .runs import T1, T2, T3, exchange, write_evidence

if TYPE_CHECKING:
    from pathlib import Path


def test_the_root_is_the_one_that_the_page_describes(tmp_path: Path) -> None:
    """Otherwise nobody could check our evidence without our code."""
    write_evidence(tmp_path, {T2: 1, T1: 2})
    found = evidence.commit(tmp_path, {T1, T2})
    secret = bytes.fromhex((tmp_path / "evidence" / "salts").read_text())

    def leaf(test: str, number: int, of: int) -> bytes:
        salt = hashlib.sha256  # RFC 2104, written out
        inner = bytes(byte ^ 0x36 for byte in secret.ljust(64, b"\0"))
        outer = bytes(byte ^ 0x5C for byte in secret.ljust(64, b"\0"))
        mixed = salt(outer + salt(inner + f"{test} {number}".encode()).digest()).digest()[:16]
        record = {"exchange": exchange(test, number), "number": number, "of": of, "test": test}
        return hashlib.sha256(b"\0" + mixed + canonical(record)).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\1" + left + right).digest()

    root = node(node(leaf(T1, 1, 2), leaf(T1, 2, 2)), leaf(T2, 1, 1))
    assert (found.root, found.leaves) == (root.hex(), 3)


def test_salts_are_made_once_and_are_the_vendors_alone(tmp_path: Path) -> None:
    """Otherwise a second signature would have another root, or anybody on the machine could read the salts."""
    write_evidence(tmp_path, {T1: 3})
    first = evidence.commit(tmp_path, {T1})
    assert stat.S_IMODE((tmp_path / "evidence" / "salts").stat().st_mode) == 0o600
    assert evidence.commit(tmp_path, {T1}) == first
    assert sorted(path.name for path in (tmp_path / "evidence").iterdir()) == [f"{T1}.jsonl", "salts"]


def test_the_same_exchanges_of_two_runs_have_two_roots(tmp_path: Path) -> None:
    """Otherwise whoever guesses an exchange could see that it is in a report."""
    for name in ("a", "b"):
        write_evidence(tmp_path / name, {T1: 3})
    assert evidence.commit(tmp_path / "a", {T1}) != evidence.commit(tmp_path / "b", {T1})


@pytest.mark.parametrize("counts", [None, {}, {T1: 0}])
def test_a_run_without_exchanges_has_no_root(tmp_path: Path, counts: dict[str, int] | None) -> None:
    """Otherwise a root over nothing would look like evidence, or an honest run could not be signed."""
    if counts is not None:
        write_evidence(tmp_path, counts)
    assert evidence.commit(tmp_path, {T1}) == NO_EVIDENCE
    assert not (tmp_path / "evidence" / "salts").exists()


def spoil(path: Path) -> None:
    """Cut a file off in the middle of its last line."""
    path.write_bytes(path.read_bytes()[:-5])


def test_evidence_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """Otherwise half an exchange is signed, and can never be opened."""
    write_evidence(tmp_path, {T1: 3})
    spoil(tmp_path / "evidence" / f"{T1}.jsonl")
    with pytest.raises(InputError, match="middle of an exchange"):
        evidence.commit(tmp_path, {T1})


def test_evidence_of_another_run_is_refused(tmp_path: Path) -> None:
    """Otherwise a slip with folders binds a report to exchanges that are not its own."""
    write_evidence(tmp_path, {T1: 1, T3: 1})
    with pytest.raises(InputError, match=f"test {T3}, which this run did not have"):
        evidence.commit(tmp_path, {T1, T2})


def test_a_file_that_is_not_named_for_a_test_is_refused(tmp_path: Path) -> None:
    """Otherwise a stray copy becomes part of the evidence."""
    write_evidence(tmp_path, {T1: 1})
    (tmp_path / "evidence" / "copy.jsonl").write_bytes(b"{}\n")
    with pytest.raises(InputError, match="not named for a test"):
        evidence.commit(tmp_path, {T1})


def test_evidence_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a folder in the wrong place ends in a traceback, or evidence is left out unnoticed."""
    write_evidence(tmp_path, {T1: 1})
    (tmp_path / "evidence" / f"{T2}.jsonl").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        evidence.commit(tmp_path, {T1, T2})


@pytest.mark.parametrize("content", ["", "ab", "x" * 64, "ab" * 33, "\u00e9"])
def test_damaged_salts_are_refused(tmp_path: Path, content: str) -> None:
    """Otherwise new salts would be made quietly, and what was signed could never be opened."""
    write_evidence(tmp_path, {T1: 1})
    (tmp_path / "evidence" / "salts").write_text(content, "utf-8")
    with pytest.raises(InputError, match="does not hold 32 bytes in hex"):
        evidence.commit(tmp_path, {T1})


def test_salts_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a folder in their place ends in a traceback."""
    write_evidence(tmp_path, {T1: 1})
    (tmp_path / "evidence" / "salts").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        evidence.commit(tmp_path, {T1})


def test_salts_that_cannot_be_written_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a read-only archive ends in a traceback."""
    write_evidence(tmp_path, {T1: 1})

    def fail(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(InputError, match="cannot be written: Read-only"):
        evidence.commit(tmp_path, {T1})
    assert [path.name for path in (tmp_path / "evidence").iterdir()] == [f"{T1}.jsonl"]


def test_whoever_is_second_takes_the_salts_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise two signings at once leave one report whose evidence can never be opened."""
    write_evidence(tmp_path, {T1: 1})
    real = os.link

    def late(source: str, target: Path) -> None:
        target.write_text("ab" * 32)
        real(source, target)

    monkeypatch.setattr(os, "link", late)
    assert evidence.commit(tmp_path, {T1}) == evidence.commit(tmp_path, {T1})
    assert (tmp_path / "evidence" / "salts").read_text() == "ab" * 32
