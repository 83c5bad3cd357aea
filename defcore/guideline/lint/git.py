"""Reads the history of the guidelines in a git repository: one version after the other, each blob once.

Only ``git`` itself is run, on that repository, to read: no hook, no filter, no pager, nothing over the network.
"""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.find import is_guideline_name
from defcore.guideline.load import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_GIT = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showRoot=true", "-c", "log.showSignature=false")
_NONE = "0" * 40


@dataclass(frozen=True, slots=True)
class Version:
    """One file at one commit. ``content`` is None where the commit removes it; ``moment`` is ISO 8601 with a zone."""

    commit: str
    moment: str
    path: str
    content: bytes | None


def versions(repository: Path, env: Mapping[str, str]) -> Iterator[Version]:
    """Yield every version of every guideline, oldest first, along the first parents.

    ``env`` is the environment of git. Raises InputError for what is no repository.
    """
    log = _run(
        repository,
        env,
        "log",
        "--first-parent",
        "-m",
        "--reverse",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--no-ext-diff",
        "-z",
        "--format=%x01%H %cI",
        "--",
        "*.json",
    )
    with _blobs(repository, env) as blobs:
        for commit, moment, path, blob in _changes(log.decode("utf-8", "surrogateescape")):
            yield Version(commit, moment, path, blobs.read(blob) if blob.strip("0") else None)


def _changes(log: str) -> Iterator[tuple[str, str, str, str]]:
    """Read ``git log --raw -z``: a header after each byte 1, then pairs of a line of modes and blobs, and a path."""
    for entry in log.split("\x01")[1:]:
        head, *rest = entry.split("\0")
        commit, _, moment = head.strip().partition(" ")
        fields = [item.lstrip("\n") for item in rest if item.strip()]
        for modes, path in zip(fields[::2], fields[1::2], strict=True):
            name = PurePosixPath(path)
            if name.suffix == ".json" and is_guideline_name(name.stem):
                yield commit, moment, path, modes.split(" ")[3]


class _Blobs:
    """A ``git cat-file --batch`` that is asked for one blob at a time."""

    def __init__(self, asked: IO[bytes], answer: IO[bytes]) -> None:
        self._asked, self._answer = asked, answer

    def read(self, blob: str) -> bytes:
        """Return the bytes of a blob; one that is too large for a guideline comes back cut off just beyond that."""
        self._asked.write(f"{blob}\n".encode())
        self._asked.flush()
        size = int(self._answer.readline().split(b" ")[2])
        kept = self._answer.read(min(size, MAX_BYTES + 1))
        rest = size - len(kept)
        while rest:
            rest -= len(self._answer.read(min(rest, MAX_BYTES)))
        self._answer.read(1)
        return kept


@contextmanager
def _blobs(repository: Path, env: Mapping[str, str]) -> Iterator[_Blobs]:
    command = [*_GIT, "-C", str(repository), "cat-file", "--batch"]
    with subprocess.Popen(  # noqa: S603 - git on the repository that the user names
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(env)
    ) as process:
        if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
            raise AssertionError
        try:
            yield _Blobs(process.stdin, process.stdout)
        finally:
            process.stdin.close()


def _run(repository: Path, env: Mapping[str, str], *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - git on the repository that the user names
            [*_GIT, "-C", str(repository), *words], capture_output=True, check=False, env=dict(env)
        )
    except FileNotFoundError as error:
        raise InputError("no-git", "git is not installed", hint="install it, or lint files without --git") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise InputError("git-failed", lines[0], where=str(repository), hint="name a git repository with commits")
    return done.stdout
