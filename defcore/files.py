"""Files read whole within a limit, and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_bytes(path: Path, limit: int, code: str, hint: str) -> bytes:
    """Return the bytes of a file. Raises InputError (``code``) when it is unreadable or longer than ``limit``."""
    return read_with_mode(path, limit, code, hint)[0]


def read_with_mode(path: Path, limit: int, code: str, hint: str) -> tuple[bytes, int]:
    """Return the bytes of a file and its mode, both from the same open file."""
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            content = stream.read(limit + 1)
    except OSError as error:
        raise InputError(code, f"cannot be read: {error.strerror}", where=str(path), hint=hint) from error
    if len(content) > limit:
        raise InputError(code, f"is larger than {limit} bytes", where=str(path), hint=hint)
    return content, mode


def write_whole(path: Path, content: bytes, *, new: bool = False) -> None:
    """Write a file beside its place, then move it there: a reader sees the old one or the new one.

    ``new``: refuse to replace a file. Raises InputError.
    """
    if new and path.exists():
        raise InputError("exists", "is there already", where=str(path), hint="name another file, or remove it first")
    write_together({path: content})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files that belong together: every one is written beside its place before the first is moved there.

    Raises InputError.
    """
    ready: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in files.items():
            if path.exists() and not path.is_file():
                # A device or folder that was replaced would be gone.
                what = "cannot be written: it is no file"
                raise InputError("unwritable", what, where=str(path), hint="name another file")
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
                ready[path] = Path(stream.name)
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            ready[path].chmod(0o644)
        for path, temporary in ready.items():
            temporary.replace(path)
    except OSError as error:
        raise InputError(
            "unwritable", f"cannot be written: {error.strerror}", where=str(path), hint="name another file"
        ) from error
    finally:
        for temporary in ready.values():
            temporary.unlink(missing_ok=True)
