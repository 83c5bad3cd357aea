"""One process at a time works on a run directory; its workers count as the same one."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING, Self

from defcore.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LOCK = "lock"


class RunLock:
    """Held while a run is worked on. Workers inherit ``file``: the lock ends with the last of them, however it ends."""

    def __init__(self, run: Path, patience: float = 0) -> None:
        """Take the lock of ``run``, waiting ``patience`` seconds for those who hold it. Raises InputError."""
        self.file = os.open(run / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(self.file)
                    hint = "wait until it has ended, or end it"
                    message = "another process still works on this run"
                    raise InputError("run-busy", message, where=str(run), hint=hint) from None
                time.sleep(0.1)
            else:
                return

    def __enter__(self) -> Self:
        """Hold the lock."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it go (workers that still live go on holding it)."""
        os.close(self.file)


def busy(run: Path) -> bool:
    """Say whether somebody works on a run, without taking its lock or writing anything."""
    try:
        file = os.open(run / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(file)
