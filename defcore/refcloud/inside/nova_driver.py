"""Nova's in-tree fake hypervisor, with snapshots that really upload a small image."""

from __future__ import annotations

import io
from typing import Any

from nova.image import glance
from nova.virt import fake

SNAPSHOT_BYTES = 4096


class Driver(fake.FakeDriverWithoutFakeNodes):
    """One node that keeps its name across restarts, as the scheduler's records demand."""

    def snapshot(self, context: Any, instance: Any, image_id: str, update_task_state: Any) -> None:
        """Fill the image that nova has registered."""
        super().snapshot(context, instance, image_id, update_task_state)
        glance.get_default_image_service().update(
            context,
            image_id,
            {"disk_format": "raw", "container_format": "bare"},
            io.BytesIO(bytes(SNAPSHOT_BYTES)),
            purge_props=False,
        )
