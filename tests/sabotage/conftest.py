"""What the other rooms have set up already."""

from __future__ import annotations

from tests.tempest.conftest import pretend, tempest

__all__ = ["pretend", "tempest"]
