"""Small git repositories of guidelines, made commit by commit."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, TypeAlias

from tests.guideline.builders import Doc, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENV = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
Files: TypeAlias = "Mapping[str, Doc | str | bytes | None]"


def git(repository: Path, *words: str, day: int = 1) -> str:
    """Run git in a repository on a day of 2018."""
    moment = f"2018-03-{day:02}T12:00:00+00:00"
    env = {**ENV, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *identity, "-C", str(repository), *words], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def repository(folder: Path, *commits: Files) -> Path:
    """Make a repository; each commit writes files (None removes one), one a day."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "master")
    for day, files in enumerate(commits, 1):
        commit(folder, files, day)
    return folder


def commit(folder: Path, files: Files, day: int) -> None:
    """Add one commit."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, (str, bytes)) else text_of(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change", "--allow-empty", day=day)
