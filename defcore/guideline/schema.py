"""The JSON Schema of a guideline file, made from the shapes that read it, so that neither can stray from the other.

It is closed: a key that is not named is refused everywhere. Names that lead nowhere and ids that stand twice are beyond
a schema; ``defcore.guideline.check`` sees to those. ``schema-2.0.json`` beside this file is what ``dump`` gives.
"""

from __future__ import annotations

import json
from typing import Any

from defcore.guideline import wire

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "schema-2.0.json"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of schema 2.0 as defcore reads and writes it."""
    found = wire.Document.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, **found, "title": "A guideline, schema 2.0"}


def dump() -> str:
    """Return the schema as the text of the file that ships."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
