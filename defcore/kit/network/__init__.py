"""Networks (Neutron API v2.0)."""

from defcore.kit.network.client import Networks

__all__ = ["Networks"]
