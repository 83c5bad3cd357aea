"""The closed table of slips in published files that are read as meant, each with a warning and its place.

Made only for published files (see ``load_bytes``). Source of each row:
the published guidelines 2015.03 to 2020.06 and their add-ons.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.strictjson import Json, Path

KEYS = {
    "acheivements": "achievements",
    "descriptin": "description",
    "depricated": "deprecated",
    "flag": "flagged",
}
"""Slips of every dialect; what only one dialect spells otherwise is told by the dialect."""
ACHIEVEMENTS = {"discoverable": "discover"}
STATUSES = {"superceded": "superseded"}
_BARE = re.compile(r"^(?:id-)?([0-9a-fA-F-]{36})((?:,\w+)*)$")


class Repairer:
    """Rewrites a parsed published file into a clean one of its dialect and remembers each repair."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Begin with no repair made; ``made`` holds the JSON path in the file and the message of each.

        ``keys`` are the misspelt keys of the file's dialect, beside those of every dialect.
        """
        self.made: list[tuple[Path, str]] = []
        self._keys = {**KEYS, **keys}

    def clean(self, value: Json, path: Path = ()) -> Json:
        """Return ``value`` with every known slip read as meant."""
        if isinstance(value, dict):
            return self._clean_object(value, path)
        if isinstance(value, list):
            return self._clean_list(value, path)
        return self._clean_scalar(value, path)

    def _clean_object(self, value: dict[str, Json], path: Path) -> Json:
        result: dict[str, Json] = {}
        for key, item in value.items():
            meant = key.strip() if _in_tests(path) else self._meant(key, path)
            if meant in result:
                meant = key
            elif meant != key and meant not in value:
                self._note((*path, key), f"key {key!r} read as {meant!r}")
            else:
                meant = key
            result[meant] = self.clean(item, (*path, key))
        return result

    def _meant(self, key: str, path: Path) -> str:
        # Until 1.6 a criterion has a Description and everything else a description.
        if key == "description" and path[:1] != ("criteria",):
            return key
        return self._keys.get(key, key)

    def _clean_list(self, value: list[Json], path: Path) -> Json:
        if path[-1:] not in (("achievements",), ("acheivements",)):
            return [self.clean(item, (*path, index)) for index, item in enumerate(value)]
        result: list[Json] = []
        for index, item in enumerate(value):
            if item == "":
                self._note((*path, index), "empty achievement left out")
            elif isinstance(item, str) and item in ACHIEVEMENTS:
                self._note((*path, index), f"achievement {item!r} read as {ACHIEVEMENTS[item]!r}")
                result.append(ACHIEVEMENTS[item])
            else:
                result.append(item)
        return result

    def _clean_scalar(self, value: Json, path: Path) -> Json:
        if not isinstance(value, str):
            return value
        if _in_tests(path[:-1]) or (_in_tests((*path[:-2], "tests")) and path[-2:-1] == ("flagged",)):
            return self._clean_name(value, path)
        if path[-1:] == ("idempotent_id",):
            return self._clean_id(value, path)
        if path[-1:] == ("status",) and value in STATUSES:
            self._note(path, f"status {value!r} read as {STATUSES[value]!r}")
            return STATUSES[value]
        return value

    def _clean_name(self, value: str, path: Path) -> str:
        if value != value.strip():
            self._note(path, f"name {value!r} read as {value.strip()!r}")
        return value.strip()

    def _clean_id(self, value: str, path: Path) -> str:
        match = _BARE.match(value)
        if not match:
            return value
        if match[2]:
            self._note(path, f"trailing {match[2]!r} left out of the id")
        elif not value.startswith("id-"):
            self._note(path, "id without the 'id-' prefix")
        elif match[1] != match[1].lower():
            self._note(path, "id in capitals read in lower case")
        return f"id-{match[1].lower()}"

    def _note(self, path: Path, message: str) -> None:
        self.made.append((path, message))


def _in_tests(path: Path) -> bool:
    return len(path) == 3 and path[0] == "capabilities" and path[2] == "tests"  # noqa: PLR2004 - depth of the map
