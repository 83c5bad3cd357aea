"""The page of rules says what the rules say."""

from __future__ import annotations

from pathlib import Path

from defcore.guideline.lint.document import page
from defcore.guideline.lint.rules import ALL

DOCS = Path(__file__).resolve().parents[3] / "docs" / "lint-rules.md"


def test_the_page_is_in_step() -> None:
    """A page that says something else than the linter does is worse than none.

    Write it anew: python -m defcore.guideline.lint.document > docs/lint-rules.md
    """
    assert DOCS.read_text(encoding="utf-8") == page()


def test_every_rule_is_on_the_page() -> None:
    """Who is told a rule's id looks it up there."""
    text = page()
    assert all(text.count(f"### `{rule.id}`\n") == 1 for rule, _ in ALL)
    assert "@" not in text.replace("path@commit", "")
