"""The rules, by what they are about; ``ALL`` has them in the order in which they are documented and reported."""

from __future__ import annotations

from defcore.guideline.lint.rules import capabilities, history, lineage, linter, scores, sections, spec, tests

ALL = (
    *lineage.RULES,
    *capabilities.RULES,
    *scores.RULES,
    *tests.RULES,
    *sections.RULES,
    *spec.RULES,
    *history.RULES,
    *linter.RULES,
)
BY_ID = {item.id: item for item, _ in ALL}

__all__ = ["ALL", "BY_ID"]
