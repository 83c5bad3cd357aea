"""What the block storage tests share, and nobody changes: three volumes, and three snapshots of one of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defcore.kit.session import Session

APART = 1.1
"""Seconds between two snapshots: clouds that round the time of creation to seconds tell them apart."""


def volume(session: Session) -> dict[str, Any]:
    """Ask for the volume that is only looked at."""
    return _created(session)


def volume_there(session: Session, begun: dict[str, Any]) -> dict[str, Any]:
    """Give it as it is shown once it is available."""
    return session.actor("main").block_storage.ready(begun["id"])


def _created(session: Session, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of a volume
    client = session.actor("main").block_storage
    made: dict[str, Any] = client.create_volume(client.blueprint(**more)).status(202).json()["volume"]
    return made


def lent(session: Session) -> dict[str, Any]:
    """Make a volume that one test after the other may change."""
    return session.actor("main").block_storage.new_volume()


def lent_snapshot(session: Session) -> dict[str, Any]:
    """Make a snapshot that one test after the other may change."""
    return session.actor("main").block_storage.new_snapshot(session.common("volume")["id"])


def volumes(session: Session) -> list[dict[str, Any]]:
    """Ask for two volumes with metadata that nothing else has."""
    metadata = {"orchard": session.name()}
    return [_created(session, metadata=metadata) for _ in range(2)]


def volumes_there(session: Session, begun: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give them, once they are available, after the one that has no metadata."""
    plain = session.common("volume")
    for place, made in enumerate(begun):
        if made["status"] != "available":
            begun[place] = session.actor("main").block_storage.ready(made["id"])
    return [plain, *begun]


def snapshots(session: Session) -> list[dict[str, Any]]:
    """Make three snapshots of a volume of which there are no others; the first is older by a second."""
    client, source = session.actor("main").block_storage, session.common("volumes")[1]["id"]
    first = client.new_snapshot(source)
    time.sleep(APART)
    return [first, client.new_snapshot(source), client.new_snapshot(source)]
