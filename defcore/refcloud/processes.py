"""The processes of a cloud: found by the data folder in their command line, ended by pid."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import CloudError
from defcore.refcloud.files import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

POLITE_SECONDS = 3.0
KILL_SECONDS = 5.0


def _command_lines() -> Iterator[tuple[int, list[str]]]:
    """Give pid and command line of each of this user's processes, zombies left out."""
    root = Path("/proc")
    if (root / "self" / "cmdline").exists():
        for entry in root.iterdir():
            if entry.name.isdigit():
                # processes may end while we look at them
                with contextlib.suppress(OSError):
                    if entry.stat().st_uid == os.getuid():
                        words = (entry / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
                        yield int(entry.name), [os.fsdecode(word) for word in words]
        return
    listing = subprocess.run(
        ["ps", "-xww", "-o", "pid=,command="],  # noqa: S607 - where it is differs between systems
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in listing.splitlines():
        pid, _, command = line.strip().partition(" ")
        yield int(pid), command.split(" ")


def of_cloud(data: Path) -> list[int]:
    """Give the pids of the processes that run on this data folder, whoever started them and however they broke."""
    return sorted(pid for pid, words in _command_lines() if str(data) in words[1:])


def of_environments(venvs: Path) -> list[int]:
    """Give the pids of the processes that run from an environment below this folder."""
    return sorted(pid for pid, words in _command_lines() if words[0].startswith(f"{venvs}{os.sep}"))


def end(data: Path) -> int:
    """End every process of a cloud and wait until they are gone; gives how many there were.

    Raises CloudError when one survives even SIGKILL.
    """
    count = len(of_cloud(data))
    for number, seconds in ((signal.SIGTERM, POLITE_SECONDS), (signal.SIGKILL, KILL_SECONDS)):
        for pid in of_cloud(data):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_for(lambda: not _remaining(data), seconds):
            return count
    raise CloudError("cloud-processes", f"processes {of_cloud(data)} cannot be ended", where=str(data))


def _remaining(data: Path) -> list[int]:
    """Give what still runs, and collect the exit of those that are our own children."""
    pids = of_cloud(data)
    if not pids:
        # a supervisor that this very process started would stay as a zombie
        with contextlib.suppress(ChildProcessError, OSError, ValueError):
            os.waitpid(int((data / "run" / "supervisor.pid").read_text(encoding="ascii")), os.WNOHANG)
    return pids
