"""Fixtures of the report tests; the reports themselves are built in ``builders``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .builders import VIEWS

if TYPE_CHECKING:
    from defcore.report import ReportView


@pytest.fixture(params=list(VIEWS))
def view(request: pytest.FixtureRequest) -> ReportView:
    """Give each of the five reports in turn."""
    return VIEWS[request.param]()
