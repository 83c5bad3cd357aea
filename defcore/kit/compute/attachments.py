"""Volumes attached to a server.

https://docs.openstack.org/api-ref/compute/#servers-with-volume-attachments-servers-os-volume-attachments
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.compute.client import SERVER, SERVERS
from defcore.kit.match import Each, Either, Maybe, Only

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.compute.client import Compute

ATTACHMENT = Only({"id": str, "volumeId": str, "serverId": str, "device": Maybe(Either(str, None))})
ATTACHED = Only({"volumeAttachment": ATTACHMENT})
ATTACHED_ALL = Only({"volumeAttachments": Each(ATTACHMENT)})
ALL, ONE = f"{SERVER}/os-volume_attachments", f"{SERVER}/os-volume_attachments/{{volume_id}}"


class Attachments:
    """The volumes of one server."""

    def __init__(self, compute: Compute, server: str) -> None:
        """Take the server's id."""
        self._compute = compute
        self._path = f"{SERVERS}/{server}/os-volume_attachments"

    def attach(self, volume: str) -> Answer:
        """POST /servers/{server_id}/os-volume_attachments."""
        body = {"volumeAttachment": {"volumeId": volume}}
        return self._compute.request(f"POST {ALL}", self._path, body, headers=self._compute.at(None))

    def all(self) -> Answer:
        """GET /servers/{server_id}/os-volume_attachments."""
        return self._compute.request(f"GET {ALL}", self._path, headers=self._compute.at(None))

    def one(self, volume: str) -> Answer:
        """GET /servers/{server_id}/os-volume_attachments/{volume_id}."""
        return self._compute.request(f"GET {ONE}", f"{self._path}/{volume}", headers=self._compute.at(None))

    def detach(self, volume: str) -> Answer:
        """DELETE /servers/{server_id}/os-volume_attachments/{volume_id}."""
        return self._compute.request(f"DELETE {ONE}", f"{self._path}/{volume}", headers=self._compute.at(None))
