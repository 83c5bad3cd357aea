"""The folder that is the truth: something is in it whole, or not at all, and is never replaced."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.store import INCOMING, Folder, clear, put_files

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Registry


def names(folder: Path) -> list[str]:
    """Name what lies in a folder."""
    return sorted(item.name for item in folder.iterdir())


PLACE = "a/b/2026.11/2026-11-20-000000000000"


def test_a_full_report_stays_private(registry: Registry, tmp_path: Path) -> None:
    """If it fails, what a vendor did not publish can be read by everybody."""
    made, hidden = registry.submission(), tmp_path / "hidden"
    folder = Folder(registry.root, hidden)
    folder.put(PLACE, made)
    assert names(registry.root / PLACE) == [PUBLIC]
    assert names(hidden / PLACE) == [FULL]
    assert folder.read(PLACE) == made
    assert list(folder.places()) == [PLACE] == list(folder.places(private=True))


def test_a_full_report_without_a_private_place_is_not_kept(registry: Registry) -> None:
    """If it fails, a git repository of public reports tells more than it should."""
    registry.folder.put(PLACE, registry.submission())
    assert names(registry.root / PLACE) == [PUBLIC]
    assert list(registry.folder.places(private=True)) == []


def test_what_is_held_back_is_not_shown(registry: Registry, tmp_path: Path) -> None:
    """If it fails, a vendor that is not admitted is shown."""
    folder = Folder(registry.root, tmp_path / "hidden")
    folder.put(PLACE, registry.submission(), shown=False)
    assert list(folder.places()) == []
    assert list(folder.places(private=True)) == [PLACE]
    with pytest.raises(InputError, match="no place"):
        registry.folder.put(PLACE, registry.submission(), shown=False)


def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    """If it fails, a published report can be overwritten."""
    put_files(tmp_path, PLACE, {"a": b"1"})
    put_files(tmp_path, PLACE, {"a": b"1", "b": b"2"})
    assert (tmp_path / PLACE / "b").read_bytes() == b"2"
    with pytest.raises(InputError, match="other bytes"):
        put_files(tmp_path, PLACE, {"a": b"3"})
    assert (tmp_path / PLACE / "a").read_bytes() == b"1"


def test_many_at_once_put_the_same_report(tmp_path: Path) -> None:
    """If it fails, two people who submit at the same moment see an error, or half a report."""
    errors = []

    def put() -> None:
        try:
            put_files(tmp_path, PLACE, {"a": b"1", "b": b"2"})
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            errors.append(error)

    threads = [threading.Thread(target=put) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert names(tmp_path / PLACE) == ["a", "b"]
    assert list(tmp_path.glob(f"{INCOMING}*")) == []


def test_what_a_crash_left_counts_for_nothing(registry: Registry) -> None:
    """If it fails, half a report is taken for one."""
    waiting = registry.root / f"{INCOMING}x"
    waiting.mkdir()
    (waiting / PUBLIC).write_bytes(b"{")
    assert list(registry.folder.places()) == []
    assert registry.check().good
    clear(registry.root)
    assert not waiting.exists()


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """If it fails, a full disk ends in a traceback."""
    (tmp_path / "a").write_text("a file where a folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        put_files(tmp_path, PLACE, {"a": b"1"})


def test_an_act_with_more_signatures_takes_the_place_of_the_same_with_fewer(registry: Registry) -> None:
    """If it fails, a second signature is lost."""
    from defcore.attest import acts, dsse

    path = registry.root / "acts"
    act = acts.read(registry.world.approval, registry.world.trust, "act")
    stored = path / f"{act.digest}.json"
    envelope = dsse.parse(act.data, "act")
    stored.write_bytes(dsse.dump(dsse.Envelope(envelope.payload, envelope.signatures[:1])))
    registry.folder.put_act(act)
    assert stored.read_bytes() == act.data
