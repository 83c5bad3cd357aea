"""Registers defcore's plugin for ``pytest capabilities/… --cloud NAME``; the runner does so itself."""

from defcore.kit.plugin import pytest_addoption, pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_configure"]
