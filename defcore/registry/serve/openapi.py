"""The OpenAPI document of ``/api/v1``, made from ``wire``; ``docs/schemas/registry-api.json`` is a copy.

To write it anew: ``python -c 'from defcore.registry.serve import openapi; print(openapi.dump().decode(), end="")'``.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from defcore import __version__
from defcore.registry.serve import wire

_MODELS = (
    wire.Submission,
    wire.Result,
    wire.Problem,
    wire.Status,
    wire.ReportDetail,
    wire.Reports,
    wire.Info,
    wire.Health,
)
_DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def document() -> dict[str, Any]:
    """Return the document as a JSON value."""
    _, shapes = models_json_schema([(model, "serialization") for model in _MODELS[1:]], ref_template=_REF)
    _, asked = models_json_schema([(wire.Submission, "validation")], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "defcore registry",
            "version": __version__,
            "description": "Submit signed reports, read those that are public. Nothing here needs a login.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(),
        "components": {"schemas": shapes["$defs"] | asked["$defs"]},
    }


def dump() -> bytes:
    """Return the document's bytes."""
    return json.dumps(document(), indent=1, ensure_ascii=False).encode() + b"\n"


_REF = "#/components/schemas/{model}"


def _paths() -> dict[str, Any]:
    reports = [
        _query("vendor", "Only of this vendor.", {"type": "string"}),
        _query("product", "Only of products of this name.", {"type": "string"}),
        _query("guideline", "Only by guidelines of this id.", {"type": "string"}),
        _query("capability", "Only those that show this capability.", {"type": "string"}),
        _query("current", "Only those that count now: the newest of a product and program.", {"type": "boolean"}),
        _query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": wire.MOST, "default": wire.USUAL}),
        _query("after", "The digest of the last report of the page before.", _DIGEST),
    ]
    compare = [
        _query(
            "report",
            "Digests of full reports; the first is what the others are measured by.",
            {"type": "array", "items": _DIGEST, "minItems": 2, "maxItems": 8},
            required=True,
        )
    ]
    return {
        "/api/v1": _get("info", "What this registry is.", "Info"),
        "/api/v1/health": _get("health", "Whether the server is well.", "Health"),
        "/api/v1/openapi.json": _get("openapi", "This document.", None),
        "/api/v1/reports": _get("reports", "The reports that are shown, newest first.", "Reports", reports, 400, 422),
        "/api/v1/reports/{digest}": _get(
            "report", "One report, by the sha256 of its full form.", "ReportDetail", _PATH
        ),
        "/api/v1/compare": _get("compare", "Reports side by side.", None, compare, 404, 422),
        "/api/v1/submissions/{digest}": _get("status", "Where a submitted report stands.", "Status", _PATH),
        "/api/v1/submissions": {"post": _post()},
    }


_PATH = [
    {
        "name": "digest",
        "in": "path",
        "required": True,
        "description": "The sha256 of the full report, which its public one cites.",
        "schema": _DIGEST,
    }
]


def _post() -> dict[str, Any]:
    words = {
        200: "Every item was there already, or this was a dry run, or only some were in order: each says it.",
        201: "Something was stored: admitted, or held back until its vendor is admitted.",
    }
    answers = {str(code): _answer(text, "Result") for code, text in words.items()}
    for code in (400, 408, 413, 415, 422, 429, 507):
        answers[str(code)] = _problem()
    return {
        "operationId": "submit",
        "summary": "Submit reports and acts; each is judged for itself, and stored once.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Submission")}}},
        "responses": answers,
    }


def _get(
    name: str, summary: str, shape: str | None, parameters: list[dict[str, Any]] | None = None, *codes: int
) -> dict[str, Any]:
    answers = {"200": _answer("As asked.", shape), "429": _problem()}
    answers["200"]["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "For If-None-Match."}}
    answers["304"] = {"description": "As it was: If-None-Match names its ETag."}
    for code in codes or ((404,) if parameters else ()):
        answers[str(code)] = _problem()
    made: dict[str, Any] = {"operationId": name, "summary": summary, "responses": answers}
    return {"get": made | ({"parameters": parameters} if parameters else {})}


def _query(name: str, words: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": words, "schema": schema}


def _answer(words: str, shape: str | None) -> dict[str, Any]:
    schema = _ref(shape) if shape else {"type": "object"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problem() -> dict[str, Any]:
    return {"description": "What is wrong.", "content": {"application/problem+json": {"schema": _ref("Problem")}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=name)}
