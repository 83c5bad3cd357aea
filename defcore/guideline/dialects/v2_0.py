"""Schema 2.0: the one that is written too, so its shape and its way into the model stand a room higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline import wire
from defcore.guideline.build import build
from defcore.guideline.dialects.dialect import Dialect, Reading

if TYPE_CHECKING:
    from defcore.strictjson import Json, Path


def read(raw: Json) -> Reading:
    """Read a file of schema 2.0."""
    return Reading(build(wire.Document.model_validate(raw)))


def place(path: Path) -> Path:
    """Return the path itself."""
    return path


DIALECT = Dialect(
    read,
    place,
    keys={
        "required-since": "required_since",
        "designated-sections": "designated_sections",
        "test-repositories": "test_repositories",
    },
    old=False,
)
"""2018.02 still carries hyphens in places."""
