"""The table of ``docs/attacks.md`` is whole: no refusal of this room is missing from it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "defcore" / "attest").glob("*.py"))


def codes(path: Path) -> set[str]:
    """Return the literal codes with which a module refuses."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    named = [node for node in calls if isinstance(node.func, ast.Name) and "refuse" in node.func.id.lower()]
    firsts = [node.args[0] for node in named if node.args]
    return {str(item.value) for item in firsts if isinstance(item, ast.Constant)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_refusal_stands_in_the_table(path: Path) -> None:
    """Otherwise a check could be lost one day, and no test would notice."""
    missing = sorted(code for code in codes(path) if f"`defcore.attest.{path.stem}:{code}`" not in PAGE)
    assert not missing
