"""Whatever a test loads of a suite is let go afterwards."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .builders import forget

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    before = set(sys.modules)
    yield
    forget(before)
