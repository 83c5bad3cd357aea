"""A guideline that is held to what its tests have been shown to notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.lint import lint_all

from .builders import clean, source, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.guideline.lint.model import Finding

FILE = source(clean("2026.11"))
TESTS = [test for item in FILE.guideline.capabilities for test in item.tests]


def found(proof: Mapping[str, tuple[int, int]] | None) -> list[Finding]:
    """Return what is said of the proof."""
    return [item for item in lint_all([FILE], None, proof) if item.rule == "test-unproven"]


def test_a_test_that_decides_has_noticed_something() -> None:
    """A mark that hangs on a test which notices nothing is worth nothing."""
    whole = {test.id: (1, 3) for test in TESTS}
    assert found(whole) == []
    first = TESTS[0]
    (item,) = found(whole | {first.id: (0, 3)})
    assert (item.subject, item.line > 0) == (first.id, True)
    assert "noticed none of 3 faults" in item.message
    del whole[first.id]
    assert [item.message.endswith("and is not proven") for item in found(whole)] == [True]


def test_nobody_is_held_to_a_proof_unasked() -> None:
    """A foundation with a suite of its own may have none."""
    assert found(None) == []


def test_what_decides_nothing_needs_no_proof() -> None:
    """Flagged and advisory tests are there to be worked on."""
    doc = state(clean("2026.11"), advisory=[item.name for item in FILE.guideline.capabilities])
    assert [item for item in lint_all([source(doc)], None, {}) if item.rule == "test-unproven"] == []
