"""What a dialect is to the loader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.guideline.model import Guideline
    from defcore.strictjson import Json, Path


@dataclass(frozen=True, slots=True)
class Reading:
    """A guideline, and what of the file found no place in the model: JSON path and message of each."""

    guideline: Guideline
    left_out: tuple[tuple[Path, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one dialect is read.

    ``read`` raises pydantic's ValidationError for another shape. ``place`` turns a path of schema 2.0, in which the
    model's problems are told, into the path at which the file has that. ``keys`` are misspelt keys of this dialect.
    """

    read: Callable[[Json], Reading]
    place: Callable[[Path], Path]
    keys: dict[str, str]
    old: bool
    """Only the old working group ever wrote it: such a file is a published one."""
