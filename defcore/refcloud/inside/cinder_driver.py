"""Cinder's in-tree logging driver, with image data paths that need neither qemu-img nor root."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from cinder.tests import fake_driver
from oslo_config import cfg

BLANK_BYTES = 4096


class Driver(fake_driver.FakeLoggingVolumeDriver):
    """Volumes are records; one made from an image keeps its bytes, and gives them back as an image."""

    @staticmethod
    def _file(volume: Any) -> Path:
        folder = Path(cfg.CONF.state_path) / "volumes"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / str(volume["id"])

    def clone_image(self, context: Any, volume: Any, _location: Any, image_meta: Any, service: Any) -> Any:
        """Take the image's bytes as they are."""
        with self._file(volume).open("wb") as file:
            service.download(context, image_meta["id"], file)
        return {}, True

    def copy_volume_to_image(self, context: Any, volume: Any, image_service: Any, image_meta: Any) -> None:
        """Upload the bytes that the volume was made from, or a few zeros."""
        file = self._file(volume)
        data = file.read_bytes() if file.exists() else bytes(BLANK_BYTES)
        image_service.update(context, image_meta["id"], {}, io.BytesIO(data))

    def delete_volume(self, volume: Any) -> None:
        """Forget the bytes."""
        self._file(volume).unlink(missing_ok=True)
