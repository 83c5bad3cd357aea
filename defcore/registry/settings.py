"""``registry.json``: what a registry says of itself; its folder is a registry because this file is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from defcore.attest.trust import Words
from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.run.record import Digest, Wire
from defcore.strictjson import loads, show

if TYPE_CHECKING:
    from pathlib import Path

FILE = "registry.json"
MAX_BYTES = 100_000
_HINT = "'defcore registry init' writes one"


class Settings(Wire):
    """``trust`` is the pin of the trust policy: the digest of its first version.

    A report is submitted within ``fresh_days`` of its run, and is current for ``current_days`` after its issue.
    """

    format: Literal["defcore-registry/1"] = "defcore-registry/1"
    title: Words
    about: str = Field(default="", max_length=2000)
    trust: Digest
    fresh_days: int = Field(default=30, ge=1, le=3650)
    current_days: int = Field(default=365, ge=1, le=36500)


def dump(settings: Settings) -> bytes:
    """Return the bytes of the file, for people to edit."""
    return json.dumps(settings.model_dump(mode="json"), indent=2, ensure_ascii=False).encode() + b"\n"


def load(root: Path) -> Settings:
    """Read the settings of the registry in this folder. Raises InputError with file and JSON path."""
    path = root / FILE
    raw = loads(read_bytes(path, MAX_BYTES, "no-registry", _HINT), str(path))
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        known = {"extra_forbidden": "unknown key", "missing": "required key is missing"}
        what = f"{show(first['loc'])}: {known.get(first['type'], first['msg'])}"
        raise InputError("bad-registry", what, where=str(path), hint=_HINT) from error
