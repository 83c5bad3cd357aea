"""Fixtures of the report tests; the reports themselves are built in ``builders``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .builders import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.report import ReportView

SNAPSHOTS = Path(__file__).parent / "snapshots"
REWRITE = "DEFCORE_WRITE_SNAPSHOTS"


@pytest.fixture(params=list(VIEWS))
def view(request: pytest.FixtureRequest) -> ReportView:
    """Give each of the five reports in turn."""
    return VIEWS[request.param]()


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare a text with the stored one; with DEFCORE_WRITE_SNAPSHOTS=1 store it instead."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get(REWRITE) == "1":
            path.write_text(text, encoding="utf-8")
        stored = path.read_text(encoding="utf-8")
        assert text == stored, f"{name} changed; look at it, then store it with {REWRITE}=1 pytest tests/report"

    return check
