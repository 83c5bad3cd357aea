"""Images (Glance API v2)."""

from defcore.kit.image.client import Images

__all__ = ["Images"]
