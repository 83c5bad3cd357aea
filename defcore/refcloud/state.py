"""What is known of a cloud from its data folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import CloudError
from defcore.refcloud import environments, profiles
from defcore.refcloud.config import Layout
from defcore.refcloud.files import write_private
from defcore.refcloud.processes import of_cloud
from defcore.refcloud.services import tier
from defcore.refcloud.template import SECRETS

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.refcloud.paths import Home

CARD = "card.json"
"""What a cloud is; written when its data is complete, so a folder without one is what a crash left."""


@dataclass(frozen=True)
class Card:
    """A cloud whose data is complete: its name, profile, services and the port of each listener."""

    name: str
    profile: profiles.Profile
    services: tuple[str, ...]
    ports: dict[str, int]

    def layout(self, home: Home) -> Layout:
        """Put together all that its configuration is rendered from."""
        data = home.cloud(self.name)
        kind = tier(self.services)
        venv = environments.find(home, kind) or home.venv(kind)
        secrets = json.loads((data / SECRETS).read_text(encoding="utf-8"))
        return Layout(self.name, data, venv, self.profile, self.services, self.ports, secrets)

    def save(self, data: Path) -> None:
        """Note that the data in this folder is complete."""
        values = {
            "name": self.name,
            "profile": self.profile.name,
            "services": self.services,
            "ports": self.ports,
        }
        write_private(data / CARD, json.dumps(values))


def load(data: Path) -> Card | None:
    """Read the card in a data folder; None when there is none. Raises CloudError for one that is damaged."""
    try:
        values = json.loads((data / CARD).read_text(encoding="utf-8"))
        profile = profiles.find(values["profile"])
        return Card(values["name"], profile, tuple(values["services"]), values["ports"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise CloudError(
            "cloud-card", "is not what was written there", where=str(data / CARD), hint="defcore cloud down removes it"
        ) from error


def pids(data: Path) -> dict[str, int]:
    """Map each service whose process lives to its pid; pids that now belong to others are left out."""
    try:
        noted: dict[str, int] = json.loads((data / "run" / "pids.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    alive = set(of_cloud(data))
    return {name: pid for name, pid in noted.items() if pid in alive}


def names(home: Home) -> list[str]:
    """Name every cloud that runs or has data."""
    folder = home.state / "clouds"
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.exists() else []


def known(home: Home) -> str:
    """Say which clouds there are, as advice to somebody who named another."""
    found = names(home)
    return f"there are: {', '.join(found)}" if found else "there is none; defcore cloud up makes one"
