"""Entries of ``clouds.yaml`` that lead through a proxy."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from defcore.cloud.credential import Credential


def through(credentials: Mapping[str, Credential], here: Callable[[str], str]) -> dict[str, dict[str, Any]]:
    """Return the same entries, by name, with every address replaced by what ``here`` gives for it."""
    found = {}
    for item in credentials.values():
        entry: dict[str, Any] = {
            "auth_type": item.auth_type,
            "auth": {**item.auth, "auth_url": here(str(item.auth["auth_url"]))},
            "interface": item.interface,
        }
        if item.region:
            entry["region_name"] = item.region
        own = [(item.regions, "region_name"), (item.interfaces, "interface")]
        for values, word in own:
            entry |= {f"{kind.replace('-', '_')}_{word}": value for kind, value in values.items()}
        for kind, url in item.endpoints.items():
            entry[f"{kind.replace('-', '_')}_endpoint_override"] = here(url)
        found[item.name] = entry
    return found


def write(path: Path, entries: Mapping[str, Any]) -> None:
    """Write a new ``clouds.yaml`` that its owner alone can read (JSON is YAML). Raises InputError."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise InputError("unwritable", what, where=str(path), hint="name a new file with -o") from error
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(json.dumps({"clouds": entries}, indent=1) + "\n")
