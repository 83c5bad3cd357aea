"""A registry in one file, and back: the open folder, the private one, and nothing that can be made again."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.registry.settings import FILE as SETTINGS
from defcore.registry.store import INCOMING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.registry.store import Folder

OPEN, PRIVATE = "open", "private"
DERIVED = (".index.sqlite", ".lock")
"""Made again from the folder."""
_HINT = "is this a backup that 'defcore registry backup' wrote, whole?"


def backup(folder: Folder, target: Path) -> int:
    """Write a registry to a new file that only its owner can read; return the number of files in it.

    A server may go on meanwhile: reports appear whole, and what comes in after the beginning may be in it or not.
    Raises InputError.
    """
    # Whatever is shown was private before, so the open folder is read first: what it holds, the other holds too.
    roots = [(OPEN, folder.root), *([(PRIVATE, folder.private)] if folder.private else [])]
    count = 0
    folder.settings()
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise InputError("unwritable", what, where=str(target), hint="name a new file") from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=1) as archive:
                for name, root in roots:
                    for path in _files(root):
                        _add(archive, path, f"{name}/{path.relative_to(root).as_posix()}")
                        count += 1
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        target.unlink()
        raise
    return count


def restore(source: Path, folder: Folder) -> int:
    """Make a registry of a backup, in folders that are not there yet; return the number of files.

    Raises InputError for a file that is no whole backup; then nothing is there.
    """
    roots = {OPEN: folder.root} | ({PRIVATE: folder.private} if folder.private else {})
    for root in roots.values():
        if root.exists():
            raise InputError("exists", "is there already", where=str(root), hint="name a new folder, or move it away")
        root.parent.mkdir(parents=True, exist_ok=True)
    ready: dict[Path, Path] = {}
    try:
        for root in roots.values():
            ready[root] = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
        count = _unpack(source, {name: ready[root] for name, root in roots.items()})
        if not (ready[folder.root] / SETTINGS).is_file():
            raise InputError("no-backup", "holds no registry", where=str(source), hint=_HINT)
        ready[folder.root].chmod(0o755)
        for root, waiting in ready.items():
            waiting.rename(root)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise InputError("no-backup", f"cannot be restored: {error}", where=str(source), hint=_HINT) from error
    finally:
        for waiting in ready.values():
            shutil.rmtree(waiting, ignore_errors=True)
    return count


def _unpack(source: Path, roots: dict[str, Path]) -> int:
    count = 0
    with tarfile.open(source, mode="r:gz") as archive:
        for member in archive:
            first, *rest = PurePosixPath(member.name).parts
            stream = archive.extractfile(member) if member.isreg() else None
            if stream is None or first not in roots or not rest or ".." in rest:
                raise InputError("no-backup", "holds what no backup holds", where=str(source), hint=_HINT)
            path = roots[first].joinpath(*rest)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as target:
                shutil.copyfileobj(stream, target)
                os.fsync(target.fileno())
            path.chmod(member.mode & 0o755)
            count += 1
    return count


def _files(root: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((INCOMING, ".git")))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(DERIVED) and path.is_file() and not path.is_symlink():
                yield path


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    # Read first: a file that grows must not make a header wrong.
    content = path.read_bytes()
    made = tarfile.TarInfo(name)
    made.size, made.mode, made.mtime = len(content), path.stat().st_mode & 0o777, int(path.stat().st_mtime)
    archive.addfile(made, io.BytesIO(content))
