"""The ledger: what is owed to the cloud survives every end of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.run.ledger import Entry, Ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_owed_is_known_to_another_process(tmp_path: Path) -> None:
    """Whoever cleans up after a crash knows nothing but this file."""
    first = Ledger(tmp_path / "l")
    kept = first.enter("container", "alt", {"name": "c"}, test="t", expires=5.5)
    gone = first.enter("container", "main", {"name": "d"}, test=None, expires=6)
    first.settle(gone)
    first.close()
    assert Ledger(tmp_path / "l").open_entries() == [Entry(kept.number, "container", "alt", {"name": "c"}, "t", 5.5)]


def test_what_the_cloud_told_of_it_is_known_too(tmp_path: Path) -> None:
    """A thing whose name is not unique, or cannot be looked for, is found by its id alone."""
    ledger = Ledger(tmp_path / "l")
    entry = ledger.enter("server", "main", {"name": "s"}, test=None, expires=0)
    gone = ledger.enter("server", "main", {"name": "t"}, test=None, expires=0)
    ledger.learn(entry, id="7")
    ledger.settle(gone)
    ledger.learn(gone, id="8")
    assert [item.where for item in Ledger(tmp_path / "l").open_entries()] == [{"name": "s", "id": "7"}]


def test_a_cut_off_entry_is_none(tmp_path: Path) -> None:
    """An entry is written before its request is sent: one that was not finished owes nothing."""
    ledger = Ledger(tmp_path / "l")
    entry = ledger.enter("container", "main", {"name": "c"}, test=None, expires=0)
    with (tmp_path / "l").open("ab") as file:
        file.write(b'{"op":"owes","num')
    assert ledger.open_entries() == [entry]


@pytest.mark.parametrize(
    "line", ["garbage", '{"op": "learned"}', "[]", "{}", '{"op": "owes"}', '{"op": "settled"}', "null", ""]
)
def test_a_line_that_is_no_entry_is_one_clear_line(tmp_path: Path, line: str) -> None:
    """A ledger that somebody has edited must not be half obeyed: it deletes things."""
    (tmp_path / "l").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds a line that is no entry"):
        Ledger(tmp_path / "l").open_entries()


def test_the_ledger_is_its_owners_alone(tmp_path: Path) -> None:
    """It names what may be deleted."""
    Ledger(tmp_path / "l")
    assert (tmp_path / "l").stat().st_mode & 0o777 == 0o600
