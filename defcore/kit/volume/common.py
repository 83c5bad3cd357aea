"""What the volume tests share: a volume that nobody changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defcore.kit.session import Session


def volume(session: Session) -> dict[str, Any]:
    """Make the volume that is only looked at; give it as it is shown once it is available."""
    return session.actor("main").block_storage.new_volume(metadata={"defcore": "shared"})
