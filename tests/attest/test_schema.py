"""The JSON Schemas that ship are those of the models, and as closed as they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore import locate
from defcore.attest import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("name", schema.SCHEMAS)
def test_what_ships_is_what_we_read(name: str) -> None:
    """Otherwise other people's tools read another format than ours: see the command in ``defcore/attest/schema.py``."""
    assert (schema.schemas_dir() / name).read_bytes() == schema.schema(name)


def objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return every schema of an object with named fields."""
    if isinstance(value, dict):
        if "properties" in value:
            yield value
        for item in value.values():
            yield from objects(item)


@pytest.mark.parametrize("name", schema.SCHEMAS)
def test_unknown_and_missing_fields_are_refused(name: str) -> None:
    """Otherwise a report could be good for one reader and bad for another."""
    found = list(objects(json.loads(schema.schema(name))))
    assert len(found) > 1
    for item in found:
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])


def test_writing_them_anew_changes_nothing(tmp_path: Path) -> None:
    """Otherwise the documented command does not repair what the test above finds."""
    schema.write_all(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        name: (schema.schemas_dir() / name).read_bytes() for name in schema.SCHEMAS
    }


def test_an_installed_defcore_finds_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the schemas are there only for whoever has a checkout."""
    monkeypatch.setattr(locate, "_HERE", tmp_path)
    (tmp_path / "_data" / "schemas").mkdir(parents=True)
    assert schema.schemas_dir() == tmp_path / "_data" / "schemas"
