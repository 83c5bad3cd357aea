"""The index is thrown away, spoilt, or out of date: the folder is the truth."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.registry.admission import PUBLIC
from defcore.registry.serve.desk import Desk
from defcore.registry.serve.index import FILE, Index
from defcore.registry.store import Folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Open


def _nothing(path: Path) -> None:
    assert path.is_file()


def _gone(path: Path) -> None:
    path.unlink()


def _spoilt(path: Path) -> None:
    path.write_bytes(b"no database at all, " * 1000)


def _other_form(path: Path) -> None:
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 99")
    base.close()


@pytest.mark.parametrize(
    ("spoil", "judged"),
    [(_nothing, 0), (_gone, 2), (_spoilt, 2), (_other_form, 2)],
    ids=["good", "gone", "spoilt", "another form"],
)
def test_the_index_is_made_again_when_it_has_to(closed: Open, spoil: Callable[[Path], None], judged: int) -> None:
    """If it fails, a lost or broken index loses reports, or every start judges ten thousand anew."""
    for number in range(2):
        closed.registry.put(closed.registry.submission(run=closed.registry.house.run_record(id=f"run-{number}")))
    desk = closed.desk()
    assert (desk.judged, desk.count()) == (2, 2)
    desk.close()
    spoil(closed.private / FILE)
    again = closed.desk()
    assert (again.judged, again.count()) == (judged, 2)
    again.close()


def test_what_was_changed_by_hand_is_seen_at_the_next_start(closed: Open) -> None:
    """If it fails, what is merged into the folder beside the server is never shown, or what is gone stays."""
    house = closed.registry.house
    first = closed.registry.put(closed.registry.submission())
    second = closed.registry.put(closed.registry.submission(run=house.run_record(id="run-2")))
    closed.desk().close()
    shutil.rmtree(first)
    (second / PUBLIC).write_bytes((second / PUBLIC).read_bytes() + b"\n")
    closed.registry.put(closed.registry.submission(run=house.run_record(id="run-3")))
    desk = closed.desk()
    assert (desk.judged, desk.count()) == (2, 1)
    ((place, why),) = desk.site.left_out
    assert str(second).endswith(place)
    assert why.startswith("readable")
    desk.close()


def test_another_ground_judges_all_again(closed: Open) -> None:
    """If it fails, reports stay admitted by a trust policy, or a month, that is no more."""
    closed.registry.put(closed.registry.submission())
    closed.desk().close()
    closed.now += dt.timedelta(days=40)
    desk = closed.desk()
    assert desk.judged == 1
    desk.close()


def test_what_cannot_be_read_is_told_not_shown(closed: Open) -> None:
    """If it fails, one report that is too large, or of nobody, keeps the server from starting."""
    place = closed.registry.put(closed.registry.submission())
    (place / PUBLIC).write_bytes(b" " * 5_000_000)
    desk = closed.desk()
    assert (desk.count(), len(desk.site.left_out)) == (0, 1)
    desk.close()
    (place / PUBLIC).write_bytes(b"{}")
    desk = closed.desk()
    assert (desk.count(), len(desk.site.left_out)) == (0, 1)
    desk.close()


def test_rows_come_back_as_they_went_in(closed: Open) -> None:
    """If it fails, what is shown after a restart is not what was shown before."""
    closed.registry.put(closed.registry.submission())
    desk = closed.desk()
    shown = [item.facts for item in desk.site.reports]
    desk.close()
    index = Index(closed.private / FILE)
    (row,) = index.rows().values()
    assert [row.facts] == shown
    assert row.entry
    assert index.by_run(row.entry.run) == index.by_digest(row.entry.digest) == [row.entry]
    index.close()


def test_one_process_serves_a_registry(closed: Open) -> None:
    """If it fails, two servers on one folder each show what the other does not."""
    desk = closed.desk()
    with pytest.raises(InputError, match="in use by another server"):
        closed.desk()
    desk.close()
    closed.desk().close()


def test_a_desk_needs_a_private_folder(closed: Open) -> None:
    """If it fails, full reports could land among those that are shown."""
    with pytest.raises(InputError, match="no private folder"):
        Desk(Folder(closed.registry.root), lambda: closed.now)
