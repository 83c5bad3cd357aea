"""Locks between processes, private files, and a disk that refuses."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from defcore.errors import CloudError
from defcore.refcloud.files import disk_errors, exclusive, wait_for, write_private

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_one_waits_and_says_so(tmp_path: Path) -> None:
    """If this fails, two ``up`` of one cloud run into each other."""
    told: list[str] = []
    order: list[str] = []

    def second() -> None:
        with exclusive(tmp_path / "lock", told.append):
            order.append("second")

    thread = threading.Thread(target=second)
    with exclusive(tmp_path / "lock", told.append):
        thread.start()
        assert wait_for(lambda: told, 5)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert told == ["another process is at it: waiting"]


def test_a_child_that_inherits_the_lock_holds_it(tmp_path: Path) -> None:
    """If this fails, an installer whose parent was killed writes into the environment of the next attempt."""
    with exclusive(tmp_path / "lock", lambda _: None) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[lock], close_fds=True
        )
    told: list[str] = []
    thread = threading.Thread(target=lambda: exclusive(tmp_path / "lock", told.append).__enter__())
    thread.start()
    assert wait_for(lambda: told, 5)
    child.communicate(b"\n")
    thread.join(5)
    assert not thread.is_alive()


def test_a_private_file_is_private_even_when_it_replaces_another(tmp_path: Path) -> None:
    """If this fails, other users of the machine can read the passwords of a cloud."""
    file = tmp_path / "clouds.yaml"
    file.write_text("old")
    file.chmod(0o644)
    write_private(file, "new")
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_refuses_is_one_clear_line(number: int) -> None:
    """If this fails, a full or read-only disk ends in a traceback."""
    with pytest.raises(CloudError) as caught, disk_errors():
        raise OSError(number, "it refuses", "/some/where")
    assert str(caught.value).startswith("/some/where: it refuses")
    assert caught.value.exit_code == 3
