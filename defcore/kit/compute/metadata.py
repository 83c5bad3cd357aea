"""The part of the compute client about a server's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.compute.base import Nova

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.kit.answer import Answer

METADATA = "/servers/{server_id}/metadata"
ITEM = "/servers/{server_id}/metadata/{key}"


class Metadata(Nova):
    """Server metadata, https://docs.openstack.org/api-ref/compute/#server-metadata-servers-metadata."""

    def metadata(self, server: str) -> Answer:
        """GET /servers/{server_id}/metadata."""
        return self.request(f"GET {METADATA}", f"/servers/{server}/metadata")

    def replace_metadata(self, server: str, items: Mapping[str, str]) -> Answer:
        """PUT /servers/{server_id}/metadata: these items in the place of all that there are."""
        return self.request(f"PUT {METADATA}", f"/servers/{server}/metadata", {"metadata": items})

    def update_metadata(self, server: str, items: Mapping[str, str]) -> Answer:
        """POST /servers/{server_id}/metadata: set these items and leave the others."""
        return self.request(f"POST {METADATA}", f"/servers/{server}/metadata", {"metadata": items}, idempotent=True)

    def metadata_item(self, server: str, key: str) -> Answer:
        """GET /servers/{server_id}/metadata/{key}."""
        return self.request(f"GET {ITEM}", f"/servers/{server}/metadata/{key}")

    def set_metadata_item(self, server: str, key: str, value: str) -> Answer:
        """PUT /servers/{server_id}/metadata/{key}."""
        return self.request(f"PUT {ITEM}", f"/servers/{server}/metadata/{key}", {"meta": {key: value}})

    def delete_metadata_item(self, server: str, key: str) -> Answer:
        """DELETE /servers/{server_id}/metadata/{key}."""
        return self.request(f"DELETE {ITEM}", f"/servers/{server}/metadata/{key}")
