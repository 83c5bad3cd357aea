"""The image service (Glance API v2), one method an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.service import Service

if TYPE_CHECKING:
    from defcore.kit.answer import Answer


class Images(Service):
    """Image API v2, https://docs.openstack.org/api-ref/image/v2/."""

    version = "/v2"

    def images(self, **params: str) -> Answer:
        """GET /v2/images."""
        return self.request("GET /v2/images", "/images", params=params)

    def image(self, image: str) -> Answer:
        """GET /v2/images/{image_id}."""
        return self.request("GET /v2/images/{image_id}", f"/images/{image}")
