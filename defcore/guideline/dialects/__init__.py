"""The dialects of the format, 1.2 to 2.0, one small module each: a closed shape, and the way into the one model.

A dialect takes JSON in which the known slips are already read as meant (``defcore.guideline.repairs``). The key of a
test, an id, a place in the file: everything that the model holds comes out the same from every dialect.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from defcore.guideline.dialects.dialect import Dialect, Reading

if TYPE_CHECKING:
    from defcore.strictjson import Json

DIALECTS = {"1.2": "v1_2", "1.3": "v1_3", "1.4": "v1_3", "1.5": "v1_3", "1.6": "v1_3", "2.0": "v2_0"}
"""Schema → the module that reads it, imported when such a file is met: the shapes take longer to make than to use."""

__all__ = ["DIALECTS", "Dialect", "Reading", "dialect_of", "schema_of"]


def schema_of(raw: Json) -> object:
    """Return what a file says of its own schema, whatever that is; schema 2.0 where it has a ``metadata`` or nothing.

    Up to 1.6 the header stands at the top level, since 2.0 in ``metadata``.
    """
    if isinstance(raw, dict) and "metadata" not in raw and "schema" in raw:
        return raw["schema"]
    return "2.0"


def dialect_of(raw: Json) -> Dialect | None:
    """Return the dialect that a file is written in, or None if it names one that does not exist."""
    schema = schema_of(raw)
    if not isinstance(schema, str) or schema not in DIALECTS:
        return None
    found: Dialect = import_module(f"{__name__}.{DIALECTS[schema]}").DIALECT
    return found
