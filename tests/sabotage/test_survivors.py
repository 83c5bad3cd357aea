"""Explanations of what no test notices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.sabotage.survivors import explained
from defcore.suite import suite_dir
from defcore.suite.operations import known_names, load

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    """Put explanations into a suite."""
    (folder / "compute").mkdir()
    (folder / "compute" / "survivors.json").write_text(text, encoding="utf-8")
    return folder


def test_explanations_are_read(tmp_path: Path) -> None:
    """Who reads the matrix must see why a fault stays unnoticed."""
    folder = write(tmp_path, json.dumps([{"fault": "dead-link GET /servers", "why": "so"}]))
    assert explained(folder) == {"dead-link GET /servers": "so"}


@pytest.mark.parametrize(
    "text", ["", "{}", '[{"fault": "dead-link GET /servers"}]', '[{"fault": "no-kind GET /servers", "why": "so"}]']
)
def test_bad_explanations_are_one_line(tmp_path: Path, text: str) -> None:
    """A slip in a file must not end in a traceback."""
    with pytest.raises(InputError) as caught:
        explained(write(tmp_path, text))
    assert len(str(caught.value).splitlines()) == 1


def test_our_own_are_of_operations_that_there_are() -> None:
    """An explanation of nothing stays when what it explained is long gone."""
    known = known_names(load(suite_dir()))
    assert [fault for fault in explained(suite_dir()) if fault.partition(" ")[2] not in known] == []
