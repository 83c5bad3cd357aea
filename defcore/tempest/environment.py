"""Where Tempest is installed: an environment in the cache with exactly the locked packages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.refcloud.environments import DONE, fill, make
from defcore.refcloud.files import disk_errors, exclusive, remove_tree
from defcore.refcloud.paths import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.refcloud.files import Tell

PACKAGE = Path(str(resources.files("defcore.tempest")))
LOCKS = PACKAGE / "locks"
CORE = "tempest"
PLUGINS = {"dns": "designate_tempest_plugin", "orchestration": "heat_tempest_plugin"}
"""What can be added: the word for it, which names its lock file, and the package whose tests it brings."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An installed Tempest. ``python`` is its interpreter, ``version`` the pinned one."""

    venv: Path
    version: str

    @property
    def python(self) -> Path:
        """The interpreter that runs it."""
        return self.venv / "bin" / "python"


def home(override: str | None = None) -> Path:
    """Return the folder for environments: the user's own cache, or a folder that is given instead."""
    if override:
        return Path(override).expanduser().absolute() / "tempest"
    import platformdirs  # noqa: PLC0415 - not needed when a folder is given

    return Path(platformdirs.user_cache_dir("defcore")) / "tempest"


def version() -> str:
    """Return the version that the lock pins."""
    found = re.search(r"^tempest==(\S+)", (LOCKS / f"{CORE}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert found  # noqa: S101 - a file of ours
    return found[1]


def ensure(cache: Path, tell: Tell, plugins: Sequence[str] = (), *, again: bool = False) -> Environment:
    """Give the environment, built if it is missing, with these plugins and those that were added before.

    ``again`` makes it anew. Raises InputError for an unknown plugin, CloudError when a package cannot be had.
    """
    if unknown := [word for word in plugins if word not in PLUGINS]:
        hint = f"one of: {', '.join(PLUGINS)}"
        raise InputError("unknown-plugin", f"there is no plugin {unknown[0]!r} of Tempest to install", hint=hint)
    venv = cache / f"{CORE}-{digest(LOCKS / f'{CORE}.txt')}"
    found = Environment(venv, version())
    if not again and all(_mark(venv, word).exists() for word in (CORE, *plugins)):
        return found
    with disk_errors(), exclusive(cache / "install.lock", tell) as lock:
        if again:
            remove_tree(venv)
        for word in (CORE, *plugins):
            if _mark(venv, word).exists():
                continue
            tell(f"installing {_what(word)} into {venv}")
            if word == CORE:
                make(venv, lock)
            fill(venv, LOCKS / f"{word}.txt", lock)
            _mark(venv, word).touch()
    return found


def _mark(venv: Path, word: str) -> Path:
    """Return the file that says that all of a lock file is installed; another lock has another one."""
    return venv / (DONE if word == CORE else f"{DONE}-{word}-{digest(LOCKS / f'{word}.txt')}")


def _what(word: str) -> str:
    return f"Tempest {version()}" if word == CORE else f"Tempest's plugin {PLUGINS[word]}"
