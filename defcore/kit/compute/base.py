"""What the parts of the compute client have in common."""

from __future__ import annotations

from defcore.kit.service import Service


class Nova(Service):
    """Compute API v2.1. An operation is asked for as of microversion 2.1 where no other is said."""

    version = "/v2.1"

    @staticmethod
    def at(version: str | None) -> dict[str, str]:
        """Return the header that asks for a microversion."""
        return {"OpenStack-API-Version": f"compute {version}"} if version else {}
