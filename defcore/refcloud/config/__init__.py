"""The configuration files of a cloud, rendered from its layout; no OpenStack code is needed for it."""

from defcore.refcloud.config.files import render, write
from defcore.refcloud.config.layout import Layout

__all__ = ["Layout", "render", "write"]
