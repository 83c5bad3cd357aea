"""The folder that is the truth: what lies in it, and putting something in place, whole or not at all.

    registry.json                                     what the registry says of itself
    trust.jsonl                                       the trust policy, a version a line
    acts/SHA256.json                                  the authority's acts, by the sha256 of what they say
    guidelines/ID.json                                guidelines besides those that ship with defcore
    VENDOR/PRODUCT/GUIDELINE/DAY-DIGEST/              one report (``names.place``):
        report.public.dsse.json                       the exact signed bytes that are shown
        report.dsse.json                              the full report, if its vendor publishes it

A second folder of the same shape may hold full reports, and public ones that are not to be shown yet: ``private``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.attest import acts, chain
from defcore.attest.dsse import MAX_BYTES
from defcore.errors import InputError
from defcore.files import read_bytes, write_whole
from defcore.guideline import load_file
from defcore.guideline.find import in_folder, shipped_guidelines
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.model import Held, Known, Submission
from defcore.registry.names import RESERVED, is_entry
from defcore.registry.settings import load as load_settings
from defcore.registry.take import MAX_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from defcore.attest.acts import Decision
    from defcore.attest.trust import Trust
    from defcore.guideline.model import GuidelineFile
    from defcore.registry.model import Seen
    from defcore.registry.settings import Settings

TRUST, ACTS, GUIDELINES = "trust.jsonl", "acts", "guidelines"
INCOMING = ".incoming-"
"""Where something is written before it is moved into place; what a crash leaves there counts for nothing."""
_HINT = "is this the folder of a registry?"
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Folder:
    """A registry's folder, and the one beside it that is shown to nobody."""

    root: Path
    private: Path | None = None

    def places(self, *, private: bool = False) -> Iterator[str]:
        """Name the places of all reports below a root, in order; whatever is no report's folder is passed over."""
        root = self.private if private else self.root
        if root is not None:
            yield from _places(root, root, 1)

    def read(self, place: str) -> Submission:
        """Return the exact bytes of one report, the full one from where it lies. Raises InputError."""
        return Submission(full=self._bytes(place, FULL), public=self._bytes(place, PUBLIC))

    def known(self, seen: Seen | None = None) -> Known:
        """Return what admission is judged by. Raises InputError and RefusedError for a folder that is in disorder."""
        settings, trust = self.settings(), self.trust()
        decisions = tuple(
            acts.read(read_bytes(path, MAX_BYTES, "unreadable", _HINT), trust, str(path)) for path in self.act_files()
        )
        return Known(settings, trust, decisions, self.guidelines(), Held() if seen is None else seen)

    def settings(self) -> Settings:
        """Return what the registry says of itself. Raises InputError."""
        return load_settings(self.root)

    def trust(self) -> Trust:
        """Return the trust policy, which is the one that the registry is pinned to. Raises InputError, RefusedError."""
        path = self.root / TRUST
        pin = self.settings().trust
        lines = chain.split(read_bytes(path, MAX_BYTES, "no-trust", _HINT), str(path))
        return chain.read(lines, str(path), pin)

    def act_files(self) -> list[Path]:
        """Return the files of the authority's acts, by name."""
        folder = self.root / ACTS
        return sorted(folder.glob("*.json")) if folder.is_dir() else []

    def guidelines(self) -> dict[str, GuidelineFile]:
        """Return the guidelines that reports may be scored with, by the sha256 of their bytes."""
        folder = self.root / GUIDELINES
        own = in_folder(folder) if folder.is_dir() else ()
        files = [load_file(path) for path in (*shipped_guidelines(), *own)]
        return {item.provenance.digest: item for item in files}

    def put(self, place: str, submission: Submission, *, shown: bool = True, publish_full: bool = False) -> None:
        """Put a report in place; the moment at which it is there is the one at which it can be seen.

        The full report goes to the private folder, if there is one, or is published with the other one. Nothing that is
        there already is replaced. Raises InputError.
        """
        public, full = submission.public, submission.full
        if shown is False and self.private is None:
            raise InputError("no-private", "has no place for what is not shown yet", where=str(self.root))
        hidden = {} if full is None or publish_full else {FULL: full}
        open_ = {} if public is None else {PUBLIC: public}
        open_ |= {FULL: full} if full is not None and publish_full else {}
        if not shown:
            hidden, open_ = hidden | open_, {}
        if hidden and self.private is not None:
            put_files(self.private, place, hidden)
        if open_:
            put_files(self.root, place, open_)

    def put_act(self, act: Decision) -> Path:
        """Put an act of the authority in place; of one with more signatures the newer form is kept."""
        path = self.root / ACTS / f"{act.digest}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or len(path.read_bytes()) < len(act.data):
            write_whole(path, act.data)
        return path

    def _bytes(self, place: str, name: str) -> bytes | None:
        for root in (self.root, self.private):
            path = root / place / name if root else None
            if path is not None and path.is_file() and not path.is_symlink():
                return read_bytes(path, MAX_REPORT, "too-large", "is this a signed report?")
        return None


def put_files(root: Path, place: str, files: Mapping[str, bytes]) -> None:
    """Write files into the folder ``place`` below ``root``, on the disk before anybody can see one of them.

    A folder that is there already gets what it lacks; a file that is there is never replaced: other bytes are an
    InputError.
    """
    target = root / place
    try:
        if target.exists():
            _add(target, files)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=INCOMING, dir=root))
        try:
            for name, content in files.items():
                _write(waiting / name, content)
            waiting.chmod(0o755)
            _sync(waiting)
            waiting.rename(target)
        except OSError:
            # Somebody else may have put the same report there in the meantime.
            if not target.exists():
                raise
            _add(target, files)
        finally:
            shutil.rmtree(waiting, ignore_errors=True)
        for parent in (target.parent, *target.parent.parents[:DEPTH]):
            _sync(parent)
            if parent == root:
                break
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise InputError(
            "unwritable", what, where=str(target), hint="is there room, and the right to write?"
        ) from error


def clear(root: Path) -> None:
    """Remove what a crash left half written; nothing of it was ever acknowledged."""
    for path in root.glob(f"{INCOMING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _add(target: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = target / name
        if not path.exists():
            write_whole(path, content)
            _sync(target)
        elif path.read_bytes() != content:
            what = "is there already, with other bytes"
            raise InputError("exists", what, where=str(path), hint="what was published is never replaced")


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _places(root: Path, folder: Path, depth: int) -> Iterator[str]:
    for path in _folders(folder):
        if depth == 1 and path.name in RESERVED:
            continue
        if depth < DEPTH:
            yield from _places(root, path, depth + 1)
        elif is_entry(path.name):
            yield path.relative_to(root).as_posix()


def _folders(folder: Path) -> Iterable[Path]:
    with os.scandir(folder) as found:
        names = sorted(item.name for item in found if item.is_dir(follow_symlinks=False))
    return [folder / name for name in names if not name.startswith(".")]
