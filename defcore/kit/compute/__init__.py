"""Compute (Nova API v2.1)."""

from defcore.kit.compute.client import Compute

__all__ = ["Compute"]
