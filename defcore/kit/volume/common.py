"""What the block storage tests share, and nobody changes: three volumes, and three snapshots of one of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defcore.kit.session import Session

APART = 1.1
"""Seconds between two snapshots: clouds that round the time of creation to seconds tell them apart."""


def volume(session: Session) -> dict[str, Any]:
    """Make the volume that is only looked at; give it as it is shown once it is available."""
    return session.actor("main").block_storage.new_volume()


def lent(session: Session) -> dict[str, Any]:
    """Make a volume that one test after the other may change."""
    return session.actor("main").block_storage.new_volume()


def lent_snapshot(session: Session) -> dict[str, Any]:
    """Make a snapshot that one test after the other may change."""
    return session.actor("main").block_storage.new_snapshot(session.common("volume")["id"])


def volumes(session: Session) -> list[dict[str, Any]]:
    """Make two volumes with metadata that nothing else has, and give them after the one that has none."""
    client = session.actor("main").block_storage
    with session.setting_up():
        metadata = {"orchard": session.name()}
        made = [client.create_volume(client.blueprint(metadata=metadata)).status(202) for _ in range(2)]
        return [session.common("volume"), *(client.ready(answer.json()["volume"]["id"]) for answer in made)]


def snapshots(session: Session) -> list[dict[str, Any]]:
    """Make three snapshots of a volume of which there are no others; the first is older by a second."""
    client, source = session.actor("main").block_storage, session.common("volumes")[1]["id"]
    first = client.new_snapshot(source)
    time.sleep(APART)
    return [first, client.new_snapshot(source), client.new_snapshot(source)]
