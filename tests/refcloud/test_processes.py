"""Processes are found by the data folder in their command line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from defcore.refcloud import processes
from defcore.refcloud.files import wait_for

from .samples import stubborn

if TYPE_CHECKING:
    from pathlib import Path


def test_even_a_stubborn_process_is_ended(tmp_path: Path) -> None:
    """If this fails, ``cloud down`` leaves a process that hangs."""
    process = stubborn("supervise", str(tmp_path))
    assert processes.of_cloud(tmp_path) == [process.pid]
    assert processes.end(tmp_path) == 1
    assert process.wait(5) < 0
    assert processes.of_cloud(tmp_path) == []


def test_other_processes_are_left_alone(tmp_path: Path) -> None:
    """If this fails, ``cloud down`` of ``a`` ends the cloud ``ab``, or whoever has the pid of a process long gone."""
    process = stubborn(f"{tmp_path}b")
    try:
        assert processes.end(tmp_path) == 0
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()


def test_a_process_of_an_environment_is_found_by_its_python(tmp_path: Path) -> None:
    """If this fails, ``cloud uninstall`` removes the environment under a running cloud."""
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.symlink_to(sys.executable)
    process = stubborn(python=str(python))
    try:
        assert wait_for(lambda: processes.of_environments(tmp_path) == [process.pid], 5)
        assert os.getpid() not in processes.of_environments(tmp_path)
    finally:
        process.kill()
        process.communicate()
