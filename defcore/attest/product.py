"""``product.json``: its beginning, with the gaps marked, and reading it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.score import required_sections
from defcore.score.product import PLACEHOLDER, Containment, Declaration, Product
from defcore.strictjson import line_of, loads, show

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.guideline.model import Guideline, Program

MAX_PRODUCT_BYTES = 1_000_000
_HINT = "'defcore product init' writes one to fill in"


def template(
    guideline: Guideline,
    program: Program,
    *,
    vendor: str | None = None,
    product: str | None = None,
    version: str | None = None,
    release: str | None = None,
) -> Product:
    """Return a product with ``CHANGE ME`` wherever only the vendor knows the answer.

    There is a declaration for every designated section that the program requires. Each says ``absent`` until the vendor
    says otherwise: a declaration that nobody made must not help anybody.
    """
    releases = ", ".join(guideline.releases)
    return Product(
        vendor=vendor or PLACEHOLDER,
        product=product or PLACEHOLDER,
        version=version or PLACEHOLDER,
        release=release or f"{PLACEHOLDER}: one of {releases}",
        configuration={
            "system": f"{PLACEHOLDER}: hypervisor, storage back end, network plugin and what else a reader needs"
        },
        declarations=tuple(
            Declaration(
                section=section,
                containment=Containment.ABSENT,
                comment=f"{PLACEHOLDER}: set containment to contained, modified or absent, and say here what is so",
            )
            for section in required_sections(guideline, program)
        ),
    )


def dump(product: Product) -> bytes:
    """Return the bytes of a ``product.json`` for people to edit."""
    return json.dumps(product.model_dump(mode="json"), indent=2, ensure_ascii=False).encode() + b"\n"


def load(path: Path) -> Product:
    """Read ``product.json``. Raises InputError with file, line and JSON path."""
    return parse(read_bytes(path, MAX_PRODUCT_BYTES, "product-unreadable", _HINT), str(path))


def parse(content: bytes, file: str) -> Product:
    """Parse the bytes of a ``product.json``; ``file`` names it in errors."""
    raw = loads(content, file)
    try:
        return Product.model_validate(raw)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # A slip in a key's name is both an unknown key and a missing one: the unknown one is what the vendor wrote.
        first = next((item for item in errors if item["type"] == "extra_forbidden"), errors[0])
        path = tuple(step for step in first["loc"] if step != "[key]")
        line = line_of(content.decode("utf-8"), path)
        known = {"extra_forbidden": "unknown key", "missing": "required key is missing"}
        what = f"{show(path)}: {known.get(first['type'], first['msg'])}"
        raise InputError("bad-product", what, where=f"{file}:{line}", hint=_HINT) from error
