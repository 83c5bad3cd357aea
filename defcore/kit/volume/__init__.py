"""Volumes (Cinder API v3)."""

from defcore.kit.volume.client import Volumes

__all__ = ["Volumes"]
