"""Stored results: found in folders, read one at a time, and never mistaken for what they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.attest import keys
from defcore.board.records import find, read, spoiled
from defcore.board.sweep import CHUNK, sweep
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.run.journal import JOURNAL

from .builders import F, P, draft, previous, report, run, write

if TYPE_CHECKING:
    from pathlib import Path

ALL = dict.fromkeys(range(1, 7), P)


def test_a_folder_is_searched(tmp_path: Path) -> None:
    """People keep results as they come: one file, one directory a run, reports beside them."""
    directory = tmp_path / "runs" / "first"
    directory.mkdir(parents=True)
    (directory / JOURNAL).write_text("{}")
    (directory / "run.json").write_text("{}")
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "a.dsse.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("x")
    assert find([tmp_path]) == [tmp_path / "a.dsse.json", tmp_path / "b.json", directory]
    assert find([tmp_path / "notes.txt", directory]) == [tmp_path / "notes.txt", directory]
    with pytest.raises(InputError, match="does not exist"):
        find([tmp_path / "nix"])


def test_records_and_other_files(tmp_path: Path) -> None:
    """A product.json beside a run.json is no result, and no reason to stop."""
    found = read(write(tmp_path / "run.json", run("a", ALL, program="store")))
    assert found is not None
    assert (found.kind, found.verified, found.program, len(found.run.results)) == ("run", False, "store", 6)
    (tmp_path / "product.json").write_text('{"format": "defcore-product/1"}')
    assert read(tmp_path / "product.json") is None


def test_reports_are_verified_only_with_keys(tmp_path: Path) -> None:
    """A report that nobody checked is told apart from one that was; a key of somebody else refuses it."""
    path = tmp_path / "a.dsse.json"
    key = report(path, run("a", ALL))
    plain, checked = read(path), read(path, [key])
    assert plain is not None
    assert checked is not None
    assert (plain.kind, plain.verified, plain.program, checked.verified) == ("report", False, "store", True)
    with pytest.raises(RefusedError):
        read(path, [keys.generate().public])


def test_a_sweep_counts_each_run_once_and_names_what_it_left_out(tmp_path: Path) -> None:
    """A run that is stored twice must not vote twice, and a spoiled file must not stop the meeting."""
    key = report(tmp_path / "a.dsse.json", run("a", ALL))
    write(tmp_path / "a.json", run("a", ALL))
    write(tmp_path / "b.json", run("b", ALL | {4: F}))
    (tmp_path / "bad.json").write_text('{"format": "defcore-run/1"}')
    (tmp_path / "other.json").write_text("{}")
    found = sweep(draft(), previous(), [tmp_path])
    assert (found.records, found.runs, found.verified, found.unverified, found.other) == (2, 1, 0, 1, 1)
    assert len(found.same) == len(found.left_out) == 1
    assert found.left_out[0].startswith("unreadable: ")
    assert [item.record for item in found.programs[0].loses] == [str(tmp_path / "b.json")]
    assert sweep(draft(), previous(), [tmp_path], keys=[key]).verified == 1
    refused = sweep(draft(), previous(), [tmp_path / "a.dsse.json"], keys=[keys.generate().public])
    assert refused.left_out[0].startswith("refused: ")


def test_workers_count_as_one_process_does(tmp_path: Path) -> None:
    """Two processors must make it quicker and change nothing."""
    for number in range(2 * CHUNK):
        write(tmp_path / f"{number:03}.json", run(f"r{number}", ALL | ({4: F} if number % 3 else {})))
    (tmp_path / "bad.json").write_text('{"format": "defcore-run/1"}')
    assert sweep(draft(), previous(), [tmp_path], jobs=2) == sweep(draft(), previous(), [tmp_path], jobs=1)


def test_left_out_is_one_line() -> None:
    """A list of forty files is read line by line."""
    assert spoiled(DefcoreError("x", "is\nbroken", where="f")) == "unreadable: f: is broken"
