"""Small foreign files, and a guideline that they are for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from subunit.v2 import StreamResultToBytes

from defcore.guideline import resolve

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline, Test

NOW = 1_795_168_800.0
"""2026-11-20T10:00:00Z"""


def guideline() -> Guideline:
    """Return the guideline that ships."""
    return resolve("2026.11").guideline


def tests(count: int) -> list[Test]:
    """Return the first tests of the storage program."""
    from defcore.score import required_tests

    found = guideline()
    program = found.program("interoperable-cloud-storage")
    assert program
    return list(required_tests(found, program)[:count])


tests.__test__ = False  # type: ignore[attr-defined]


def subunit(*events: dict[str, Any]) -> bytes:
    """Have python-subunit write a stream of these events."""
    out = io.BytesIO()
    stream = StreamResultToBytes(out)
    for event in events:
        stream.status(**event)
    return out.getvalue()
