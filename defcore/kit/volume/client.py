"""The block storage service (Cinder API v3), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from defcore.kit.owing import told
from defcore.kit.service import Service
from defcore.kit.volume.shapes import VOLUME as SHOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.kit.answer import Answer

BASE = "/v3/{project_id}"
VOLUMES, SNAPSHOTS = f"{BASE}/volumes", f"{BASE}/snapshots"
VOLUME, SNAPSHOT = f"{VOLUMES}/{{volume_id}}", f"{SNAPSHOTS}/{{snapshot_id}}"
ACTION = f"POST {VOLUME}/action"
Volume = dict[str, Any]
Snapshot = dict[str, Any]


class Volumes(Service):
    """Block Storage API v3, https://docs.openstack.org/api-ref/block-storage/v3/, as of microversion 3.0.

    That is the one which a request without a microversion means.
    """

    version = "/v3"

    # -- of the service ---------------------------------------------------------------------------------------------

    def versions(self) -> Answer:
        """GET /, as somebody without a token."""
        return self.request("GET /", self.root(), token=None)

    def extensions(self) -> Answer:
        """GET /v3/{project_id}/extensions."""
        return self.request(f"GET {BASE}/extensions", "/extensions")

    def zones(self) -> Answer:
        """GET /v3/{project_id}/os-availability-zone."""
        return self.request(f"GET {BASE}/os-availability-zone", "/os-availability-zone")

    # -- volumes ----------------------------------------------------------------------------------------------------

    def create_volume(self, volume: Volume) -> Answer:
        """POST /v3/{project_id}/volumes. Its name, which must be one of ours, is entered in the ledger first."""
        return self._create("volume", volume)

    def volumes(self, **params: str) -> Answer:
        """GET /v3/{project_id}/volumes."""
        return self.request(f"GET {VOLUMES}", "/volumes", params=params)

    def volumes_detail(self, **params: str) -> Answer:
        """GET /v3/{project_id}/volumes/detail."""
        return self.request(f"GET {VOLUMES}/detail", "/volumes/detail", params=params)

    def volume(self, volume: str, *, version: str | None = None) -> Answer:
        """GET /v3/{project_id}/volumes/{volume_id}, as of a microversion where one is given; or at a link to it."""
        headers = {"OpenStack-API-Version": f"volume {version}"} if version else {}
        return self.request(f"GET {VOLUME}", volume if "://" in volume else f"/volumes/{volume}", headers=headers)

    def update_volume(self, volume: str, members: Volume) -> Answer:
        """PUT /v3/{project_id}/volumes/{volume_id}."""
        return self.request(f"PUT {VOLUME}", f"/volumes/{volume}", {"volume": members})

    def delete_volume(self, volume: str) -> Answer:
        """DELETE /v3/{project_id}/volumes/{volume_id}."""
        return self.delete(f"DELETE {VOLUME}", f"/volumes/{volume}", volume)

    @property
    def metadata(self) -> Metadata:
        """The metadata of volumes."""
        return Metadata(self, VOLUME, "/volumes")

    def set_bootable(self, volume: str, *, bootable: bool) -> Answer:
        """POST /v3/{project_id}/volumes/{volume_id}/action (os-set_bootable)."""
        return self._action(volume, "os-set_bootable", {"bootable": bootable}, idempotent=True)

    def set_readonly(self, volume: str, *, readonly: bool) -> Answer:
        """POST /v3/{project_id}/volumes/{volume_id}/action (os-update_readonly_flag)."""
        return self._action(volume, "os-update_readonly_flag", {"readonly": readonly}, idempotent=True)

    def upload(self, volume: str, image: str, disk_format: str) -> Answer:
        """POST /v3/{project_id}/volumes/{volume_id}/action (os-volume_upload_image).

        The image's name, which must be one of ours, is entered in the ledger first.
        """
        asked = {"image_name": image, "disk_format": disk_format}
        return self.create(
            "image",
            [{"name": image}],
            lambda: self._action(volume, "os-volume_upload_image", asked),
            lambda answer: [told(answer, "os-volume_upload_image", "image_id")],
        )

    def _action(self, volume: str, name: str, value: Any, *, idempotent: bool | None = None) -> Answer:  # noqa: ANN401
        return self.request(f"{ACTION} ({name})", f"/volumes/{volume}/action", {name: value}, idempotent=idempotent)

    # -- snapshots --------------------------------------------------------------------------------------------------

    def create_snapshot(self, snapshot: Snapshot) -> Answer:
        """POST /v3/{project_id}/snapshots. Its name, which must be one of ours, is entered in the ledger first."""
        return self._create("snapshot", snapshot)

    def snapshots(self, **params: str) -> Answer:
        """GET /v3/{project_id}/snapshots."""
        return self.request(f"GET {SNAPSHOTS}", "/snapshots", params=params)

    def snapshots_detail(self, **params: str) -> Answer:
        """GET /v3/{project_id}/snapshots/detail."""
        return self.request(f"GET {SNAPSHOTS}/detail", "/snapshots/detail", params=params)

    def snapshot(self, snapshot: str) -> Answer:
        """GET /v3/{project_id}/snapshots/{snapshot_id}."""
        return self.request(f"GET {SNAPSHOT}", f"/snapshots/{snapshot}")

    def update_snapshot(self, snapshot: str, members: Snapshot) -> Answer:
        """PUT /v3/{project_id}/snapshots/{snapshot_id}."""
        return self.request(f"PUT {SNAPSHOT}", f"/snapshots/{snapshot}", {"snapshot": members})

    def delete_snapshot(self, snapshot: str) -> Answer:
        """DELETE /v3/{project_id}/snapshots/{snapshot_id}."""
        return self.delete(f"DELETE {SNAPSHOT}", f"/snapshots/{snapshot}", snapshot)

    @property
    def snapshot_metadata(self) -> Metadata:
        """The metadata of snapshots."""
        return Metadata(self, SNAPSHOT, "/snapshots")

    # -- preparations, and what they share --------------------------------------------------------------------------

    def blueprint(self, **more: Any) -> Volume:  # noqa: ANN401 - members of a volume
        """Return the least that a volume needs: a fresh name, 1 GiB, and the type where the user says which."""
        wanted = {"name": self.session.name(), "size": 1}
        if kind := self.session.pins.get("volume-type"):
            wanted["volume_type"] = kind
        return wanted | more

    def ready(self, volume: str, *wanted: str) -> Volume:
        """Wait until a volume is in a state (``available`` if none is said); return it as it is shown then."""
        found: Volume = self.reached(volume, *wanted).json()["volume"]
        return found

    def reached(self, volume: str, *wanted: str) -> Answer:
        """Wait as ``ready`` does; return the answer that shows it."""
        states = wanted or ("available",)
        answer = self.session.wait.until(lambda: self.volume(volume), "volume.status", *states)
        return self.session.judged(answer, SHOWN)

    def gone(self, volume: str) -> Answer:
        """Wait until a volume that was deleted is gone; return the answer that says so."""
        answer = self.session.wait.gone(lambda: self.volume(volume), "volume.status")
        self.session.over(volume)
        return answer

    def new_volume(self, **more: Any) -> Volume:  # noqa: ANN401 - members of a volume
        """Prepare a volume of the smallest size, 1 GiB; return it as it is shown once it is available."""
        with self.session.setting_up():
            return self.ready(self.create_volume(self.blueprint(**more)).status(202).json()["volume"]["id"])

    @contextmanager
    def lent(self, *, keep: bool = False) -> Iterator[Volume]:
        """Lend a volume that a test may change; give it as it was shown when it was new, which may be long ago.

        The borrower has it alone, and gives it back ``available``; name and metadata may be whatever. Of a test that
        fails nothing is taken back. With ``keep`` it is not given back at all. Its ``uses`` is ``("lent-volume",)``.
        """
        with self.session.lent("lent-volume", keep=keep) as volume:
            yield volume

    @contextmanager
    def lent_snapshot(self) -> Iterator[Snapshot]:
        """Lend a snapshot in the same way; ``uses`` is ``("lent-snapshot",)``."""
        with self.session.lent("lent-snapshot") as snapshot:
            yield snapshot

    def snapshot_reached(self, snapshot: str) -> Answer:
        """Wait until a snapshot is available; return the answer that shows it."""
        return self.session.wait.until(lambda: self.snapshot(snapshot), "snapshot.status", "available")

    def snapshot_gone(self, snapshot: str) -> Answer:
        """Wait until a snapshot that was deleted is gone; return the answer that says so."""
        answer = self.session.wait.gone(lambda: self.snapshot(snapshot), "snapshot.status")
        self.session.over(snapshot)
        return answer

    def new_snapshot(self, volume: str, **more: Any) -> Snapshot:  # noqa: ANN401 - members of a snapshot
        """Prepare a snapshot of a volume; return it as it is shown once it is available."""
        with self.session.setting_up():
            wanted = {"name": self.session.name(), "volume_id": volume} | more
            made = self.create_snapshot(wanted).status(202).json()["snapshot"]["id"]
            found: Snapshot = self.snapshot_reached(made).json()["snapshot"]
            return found

    def _create(self, kind: str, value: dict[str, Any]) -> Answer:
        return self.create(
            kind,
            [{"name": value["name"]}],
            lambda: self.request(f"POST {BASE}/{kind}s", f"/{kind}s", {kind: value}),
            lambda answer: [told(answer, kind, "id")],
        )


class Metadata:
    """The metadata of a kind of thing: the same operations below ``path``, which operations call ``place``."""

    def __init__(self, service: Service, place: str, path: str) -> None:
        """Take where the things are."""
        self._service, self._place, self._path = service, f"{place}/metadata", path

    def _send(self, method: str, of: str, body: Any = None, key: str = "") -> Answer:  # noqa: ANN401 - a JSON value
        operation, path = f"{method} {self._place}", f"{self._path}/{of}/metadata"
        if key:
            operation, path = f"{operation}/{{key}}", f"{path}/{key}"
        return self._service.request(operation, path, body, idempotent=True)

    def create(self, of: str, metadata: dict[str, str]) -> Answer:
        """POST …/metadata: add to it."""
        return self._send("POST", of, {"metadata": metadata})

    def show(self, of: str) -> Answer:
        """GET …/metadata."""
        return self._send("GET", of)

    def replace(self, of: str, metadata: dict[str, str]) -> Answer:
        """PUT …/metadata: put other metadata in its place."""
        return self._send("PUT", of, {"metadata": metadata})

    def show_item(self, of: str, key: str) -> Answer:
        """GET …/metadata/{key}."""
        return self._send("GET", of, key=key)

    def update_item(self, of: str, key: str, value: str) -> Answer:
        """PUT …/metadata/{key}."""
        return self._send("PUT", of, {"meta": {key: value}}, key)

    def delete_item(self, of: str, key: str) -> Answer:
        """DELETE …/metadata/{key}."""
        return self._send("DELETE", of, key=key)
