"""Nova's in-tree fake hypervisor, with snapshots that really upload a small image, and as slow as it is told to be."""

from __future__ import annotations

import io
import time
from typing import Any

from nova.conf import CONF
from nova.image import glance
from nova.virt import fake
from oslo_config import cfg

SNAPSHOT_BYTES = 4096
CONF.register_opt(cfg.FloatOpt("refcloud_boot_seconds", default=0.0))


class Driver(fake.FakeDriverWithoutFakeNodes):
    """One node that keeps its name across restarts, as the scheduler's records demand."""

    def spawn(self, *args: Any, **words: Any) -> None:
        """Boot a server after the time that one takes here."""
        time.sleep(CONF.refcloud_boot_seconds)
        super().spawn(*args, **words)

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
