"""Append-only JSON lines: whole lines or nothing, however the process ends."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lines:
    """The whole lines of a file, and how many bytes of a cut-off one follow them."""

    lines: tuple[bytes, ...]
    torn: int


def append(file: int, value: dict[str, Any]) -> None:
    """Write one line with one system call, so that several processes can share the file."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
    try:
        written = os.write(file, data)
        if written != len(data):
            os.write(file, data[written:])
    except OSError as error:
        hint = "make room, then go on with the same run directory"
        raise InputError("cannot-write", f"the run directory cannot be written: {error.strerror}", hint=hint) from error


def read_lines(path: Path) -> Lines:
    """Read the whole lines of a file; a last line without its end was cut off and is counted apart."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Lines((), 0)
    except OSError as error:
        raise InputError("unreadable", f"cannot be read: {error.strerror}", where=str(path)) from error
    *whole, torn = content.split(b"\n")
    return Lines(tuple(whole), len(torn))
