"""Snapshots: create, show, update, delete, make a volume of one; refuse one of nothing.

https://docs.openstack.org/api-ref/block-storage/v3/#volume-snapshots-snapshots
"""

from __future__ import annotations

from uuid import uuid4

from defcore.kit import Change, Session, Volumes, api_test, with_json
from defcore.kit.match import containing, uuid
from defcore.kit.volume.client import SNAPSHOT as ONE
from defcore.kit.volume.client import SNAPSHOTS as ALL
from defcore.kit.volume.client import VOLUME as ONE_VOLUME
from defcore.kit.volume.shapes import CREATED_SNAPSHOT, CREATED_VOLUME, SNAPSHOT, SNAPSHOTS, VOLUME

CREATE = f"POST {ALL}"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#create-a-snapshot"
METADATA = {"tree": "plum", "colour": "blue"}


@api_test(
    "2a8abbe4-d871-46db-b049-c41f5af8216e",
    service="block-storage",
    creates={"snapshot": 1},
    uses=("volume",),
    reference=REFERENCE,
    seconds=2,
    fails_if=Change(on=f"PUT {ONE}", body=with_json("snapshot.description", None)),
)
def test_create_show_list_update_delete(volumes: Volumes, session: Session) -> None:
    """A snapshot of a volume is created with metadata, shown, listed, renamed, and deleted."""
    source, name = session.common("volume"), session.name()
    wanted = {"volume_id": source["id"], "name": name, "metadata": METADATA}
    created = volumes.create_snapshot(wanted).status(202).shape(CREATED_SNAPSHOT)
    made = created.json()["snapshot"]["id"]
    session.advise(lambda: created.shape({"snapshot": {"id": uuid, "name": name}}))

    told = {"volume_id": source["id"], "size": source["size"], "metadata": METADATA}
    volumes.snapshot_reached(made).shape(SNAPSHOT).shape({"snapshot": told})
    answer = volumes.snapshots(volume_id=source["id"]).status(200).shape(SNAPSHOTS)
    listed = [(item["id"], item["name"]) for item in answer.json()["snapshots"]]
    answer.require("ids and names of $.snapshots", containing((made, name)), listed)

    words = {"name": session.name(), "description": "An orchard as it was"}
    volumes.update_snapshot(made, words).status(200).shape(CREATED_SNAPSHOT).shape({"snapshot": words})
    volumes.snapshot(made).status(200).shape(SNAPSHOT).shape({"snapshot": words})

    volumes.delete_snapshot(made).status(202)
    volumes.snapshot_gone(made)


@api_test(
    "677863d1-3142-456d-b6ac-9924f667a7f4",
    service="block-storage",
    creates={"volume": 1},
    uses=("snapshots",),
    reference="https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume",
    seconds=2,
    fails_if=Change(on=f"GET {ONE_VOLUME}", body=with_json("volume.snapshot_id", None)),
)
def test_volume_from_snapshot(volumes: Volumes, session: Session) -> None:
    """A volume that is larger than its source can be made from a snapshot, and tells from which one."""
    snapshot = session.common("snapshots")[0]
    larger = volumes.blueprint(snapshot_id=snapshot["id"], size=snapshot["size"] + 1)
    made = volumes.create_volume(larger).status(202).shape(CREATED_VOLUME).json()["volume"]["id"]
    told = {"snapshot_id": snapshot["id"], "size": snapshot["size"] + 1}
    volumes.reached(made).shape(VOLUME).shape({"volume": told})


@api_test(
    "e3e466af-70ab-4f4b-a967-ab04e3532ea7",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=400),
)
def test_snapshot_of_unknown_volume(volumes: Volumes, session: Session) -> None:
    """A snapshot of a volume that does not exist is refused, for the volume is not found."""
    refuses(volumes, session, str(uuid4()))


@api_test(
    "bb9da53e-d335-4309-9c15-7e76fd5e4d6d",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=CREATE, status=202),
)
def test_snapshot_of_no_volume(volumes: Volumes, session: Session) -> None:
    """A snapshot of no volume is refused, for none is found."""
    refuses(volumes, session, None)


def refuses(volumes: Volumes, session: Session, volume: str | None) -> None:
    """Require that a snapshot is not made, other than the shared ones, which are of a volume."""
    session.common("snapshots")
    volumes.create_snapshot({"volume_id": volume, "name": session.name()}).status(404)
