"""Writes a guideline as schema 2.0: stable and reviewable, one change a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from defcore.guideline.build import unbuild

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline


def dump(guideline: Guideline) -> bytes:
    """Return the bytes of a schema 2.0 file: UTF-8, two spaces, the model's own order, a newline at the end."""
    return (json.dumps(unbuild(guideline), indent=2, ensure_ascii=False) + "\n").encode()
