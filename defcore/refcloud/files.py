"""Locks between processes, waiting, and one clear line when the disk refuses."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from defcore.errors import CloudError

if TYPE_CHECKING:
    from pathlib import Path

Tell = Callable[[str], None]
"""Takes one line of progress for people."""


def quiet(_line: str) -> None:
    """Tell nobody."""


@contextlib.contextmanager
def exclusive(path: Path, tell: Tell) -> Iterator[int]:
    """Hold a lock that only one process can hold; it is free again when its holder dies.

    Gives the descriptor of the lock: a child that inherits it holds the lock too, until it ends itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("another process is at it: waiting")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the file system refuses (full, read-only, forbidden) into a CloudError that names the place."""
    try:
        yield
    except OSError as error:
        raise CloudError(
            "cloud-disk",
            error.strerror or str(error),
            where=str(error.filename) if error.filename else None,
            hint="DEFCORE_CACHE can name another folder for the reference cloud",
        ) from error


def remove_tree(path: Path) -> None:
    """Remove a folder and all in it, if it is there."""
    if path.exists():
        shutil.rmtree(path)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, and replace an older one in one step."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def wait_for(happened: Callable[[], object], seconds: float, pause: float = 0.02) -> bool:
    """Look again and again until something has happened (True) or the time is over (False)."""
    end_time = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end_time:
            return False
        time.sleep(pause)
    return True
