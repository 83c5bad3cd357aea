"""Writes docs/lint-rules.md out of the rules, so that page and linter cannot say different things."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from defcore.guideline.lint.model import Looks, Severity
from defcore.guideline.lint.rules import ALL

if TYPE_CHECKING:
    from defcore.guideline.lint.model import Rule

_FRAME = Path(__file__).with_name("lint-rules.md")
"""What stands around the rules, with a mark where they go."""
_MARK = "@RULES@\n"
_LOOKS = {
    Looks.FILE: "One guideline",
    Looks.PAIR: "A guideline and the one before it",
    Looks.SET: "Several guidelines together",
    Looks.HISTORY: "The history in git",
    Looks.LINT: "Files and exceptions",
}


def page() -> str:
    """Return the page."""
    parts = []
    for looks, title in _LOOKS.items():
        parts.append(f"## {title}\n")
        parts += [_rule(rule) for rule, _ in ALL if rule.looks is looks]
    return _FRAME.read_text(encoding="utf-8").replace(_MARK, "\n".join(parts))


def _rule(rule: Rule) -> str:
    note = f"\n{rule.note}\n" if rule.note else ""
    return (
        f"### `{rule.id}`\n\n{rule.sentence}\n{note}\n"
        "| source | edition | in force | draft | review | approved |\n|---|---|---|---|---|---|\n"
        f"| {rule.source} | {rule.edition.name} | from {rule.in_force} "
        f"| {_word(rule.draft)} | {_word(rule.review)} | {_word(rule.approved)} |\n"
    )


def _word(severity: Severity | None) -> str:
    return severity.value if severity else "-"


if __name__ == "__main__":  # pragma: no cover - how the page is written anew
    import sys

    sys.stdout.write(page())
