"""The block storage service (Cinder API v3), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.service import Service

if TYPE_CHECKING:
    from defcore.kit.answer import Answer

VOLUME = "/v3/{project_id}/volumes/{volume_id}"
Volume = dict[str, Any]


class Volumes(Service):
    """Block Storage API v3, https://docs.openstack.org/api-ref/block-storage/v3/."""

    version = "/v3"

    def create_volume(self, volume: Volume) -> Answer:
        """POST /v3/{project_id}/volumes. Its name, which must be one of ours, is entered in the ledger first."""
        entry = self.session.owe("volume", self.role, {"name": volume["name"]})
        answer = self.request("POST /v3/{project_id}/volumes", "/volumes", {"volume": volume})
        if answer.exchange.status == 202:  # noqa: PLR2004 - HTTP
            self.session.learn(entry, id=str(answer.json().get("volume", {}).get("id", "")))
        return answer

    def volume(self, volume: str) -> Answer:
        """GET /v3/{project_id}/volumes/{volume_id}."""
        return self.request(f"GET {VOLUME}", f"/volumes/{volume}")

    def ready(self, volume: str, *wanted: str) -> Volume:
        """Wait until a volume is in a state (``available`` if none is said); return it as it is shown then."""
        states = wanted or ("available",)
        found: Volume = self.session.wait.until(lambda: self.volume(volume), "volume.status", *states).json()["volume"]
        return found

    def new_volume(self, **more: Any) -> Volume:  # noqa: ANN401 - members of a volume
        """Prepare a volume of the smallest size, 1 GiB; return it as it is shown once it is available."""
        session = self.session
        with session.setting_up():
            wanted = {"name": session.name(), "size": 1}
            if kind := session.pins.get("volume-type"):
                wanted["volume_type"] = kind
            return self.ready(self.create_volume(wanted | more).status(202).json()["volume"]["id"])
