"""What the cloud's own code is told about the cloud: DATA/cloud.json, written by defcore."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Spec:
    """One cloud: its data folder and the values of its ``cloud.json``."""

    data: Path
    values: dict[str, Any]

    @classmethod
    def load(cls, data: Path) -> Spec:
        """Read the file below this data folder."""
        return cls(data, json.loads((data / "cloud.json").read_text(encoding="utf-8")))

    @property
    def services(self) -> list[str]:
        """Service types that this cloud runs."""
        services: list[str] = self.values["services"]
        return services

    def url(self, listener: str, path: str = "") -> str:
        """Where a listener is met from inside."""
        return f"http://{HOST}:{self.values['ports'][listener]}{path}"

    def etc(self, name: str) -> str:
        """Name a configuration file."""
        return str(self.data / "etc" / name)


def say(text: str) -> None:
    """Tell the log of this process."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
