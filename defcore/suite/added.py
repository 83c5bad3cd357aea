"""What a suite of another author brings besides its tests: guidelines, in its folder ``guidelines``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.find import in_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GUIDELINES = "guidelines"


def guideline_word(word: str | None, added: Sequence[Path]) -> str | None:
    """Return what ``defcore.guideline.resolve`` is to find: the file, if ``word`` names a guideline of an added suite.

    Without a word it is the one guideline that the added suites bring; None, if they bring none. Raises InputError when
    they bring several.
    """
    brought = {path.stem: path.absolute() for root in added for path in in_folder(root / GUIDELINES)}
    if word is None and len(brought) > 1:
        hint = f"choose with --guideline: {', '.join(sorted(brought))}"
        raise InputError("no-guideline", "the added suites bring several guidelines", hint=hint)
    if word is None:
        return str(next(iter(brought.values()))) if brought else None
    return str(brought[word]) if word in brought else word
