"""Where the reference cloud keeps its things."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from defcore.errors import InputError

PACKAGE = Path(str(resources.files("defcore.refcloud")))
INSIDE = PACKAGE / "inside"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Home:
    """Two folders: ``cache`` holds what can be built again (environments, templates), ``state`` the clouds."""

    cache: Path
    state: Path

    @classmethod
    def default(cls, override: str | None = None) -> Home:
        """Use the user's own cache and state folders, or one folder given instead of both."""
        if override:
            root = Path(override).expanduser().absolute() / "refcloud"
            return cls(root / "cache", root / "state")
        import platformdirs  # noqa: PLC0415 - not needed when a folder is given

        return cls(
            Path(platformdirs.user_cache_dir("defcore")) / "refcloud",
            Path(platformdirs.user_state_dir("defcore")) / "refcloud",
        )

    def venv(self, tier: str) -> Path:
        """Where the environment of this tier stands; another lock file gives another place."""
        return self.cache / "venvs" / f"{tier}-{digest(lock_file(tier))}"

    def cloud(self, name: str) -> Path:
        """Where the cloud of that name keeps its data; raises InputError for a name that no file can bear."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
            raise InputError(
                "cloud-name", f"not a name for a cloud: {name!r}", hint="letters, digits, dots, dashes; 64 at most"
            )
        return self.state / "clouds" / name


def lock_file(tier: str) -> Path:
    """Where the pins of this tier are."""
    return PACKAGE / "locks" / f"{tier}.txt"


def digest(*files: Path, more: str = "") -> str:
    """Give twelve hex digits that change when any of these files, or ``more``, does."""
    total = hashlib.sha256(more.encode())
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:12]
