"""The JSON Schemas of all that is signed, made from the models that read them.

They ship in ``docs/schemas`` (``defcore/_data/schemas`` in a wheel). To write them anew:
``python -c "from defcore.attest.schema import write_all; write_all()"``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from defcore.attest import acts, public, statement, trust
from defcore.attest.disclosure import Disclosure
from defcore.files import write_whole
from defcore.locate import data_dir

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

SCHEMAS: dict[str, tuple[str, type[BaseModel]]] = {
    "report-v1.schema.json": (statement.PREDICATE_TYPE, statement.Statement),
    "public-report-v1.schema.json": (public.PREDICATE_TYPE, public.PublicStatement),
    "disclosure-v1.schema.json": ("urn:defcore:disclosure:v1", Disclosure),
    "trust-policy-v1.schema.json": (trust.TRUST_TYPE, trust.TrustStatement),
    "approval-v1.schema.json": (acts.APPROVAL_TYPE, acts.ApprovalStatement),
    "admission-v1.schema.json": (acts.ADMISSION_TYPE, acts.AdmissionStatement),
    "award-v1.schema.json": ("urn:defcore:award:v1", acts.SummaryStatement),
}
"""File name → identifier and model. That of a statement is for the whole payload, its predicate included; an award's
describes its revocation too."""


def schema(name: str) -> bytes:
    """Return a schema as its file holds it."""
    identifier, model = SCHEMAS[name]
    made = model.model_json_schema(by_alias=True)
    for shape in (made, *made["$defs"].values()):
        if "properties" in shape:
            # There is one way to write a statement: every field is there, those with a default too.
            shape["required"] = list(shape["properties"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": identifier}
    return json.dumps(head | made, indent=1, ensure_ascii=False).encode() + b"\n"


def write_all(folder: Path | None = None) -> None:
    """Write every schema to its file."""
    for name in SCHEMAS:
        write_whole((folder or schemas_dir()) / name, schema(name))


def schemas_dir() -> Path:
    """Return the folder of the schemas, wherever defcore was installed."""
    packaged = data_dir("schemas")
    return packaged if packaged.is_dir() else data_dir("docs") / "schemas"
