"""The reports that the project publishes hold, by the key that stands beside each."""

from __future__ import annotations

from pathlib import Path

import pytest

from defcore.attest.keys import load_public
from defcore.attest.verify import verify
from defcore.guideline import known_guidelines
from defcore.score import KnownGuideline

REPORTS = Path(__file__).parents[2] / "reports"


@pytest.mark.parametrize("path", sorted(REPORTS.rglob("*.dsse.json")), ids=lambda path: path.parent.name)
def test_a_published_report_holds(path: Path) -> None:
    """If it fails, somebody who checks our own example is told that it was forged."""
    known = [KnownGuideline.of(item) for item in known_guidelines()]
    checked = verify(path.read_bytes(), [load_public(path.parent / "key.pub")], file=path.name, known=known)
    assert checked.card.interop.value == "pass"
    assert checked.card.mark.value == "undetermined"
    assert checked.guideline_known


def test_there_is_a_report_of_the_reference_cloud() -> None:
    """If it fails, a fresh clone has nothing to try `defcore verify` on."""
    assert list(REPORTS.rglob("report.dsse.json"))
