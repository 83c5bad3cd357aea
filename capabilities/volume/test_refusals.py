"""Refuse, and say why: what is not there, what cannot be made, and what is another project's.

https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes
"""

from __future__ import annotations

from uuid import uuid4

from defcore.kit import Change, Session, Volumes, api_test, replaced
from defcore.kit.checks import refused
from defcore.kit.volume.client import SNAPSHOTS, VOLUME, VOLUMES
from defcore.kit.volume.shapes import VOLUMES_DETAIL
from defcore.kit.volume.told import dated, told

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"


@api_test(
    "de25b456-c024-4308-b149-12f28db210e6",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE + "#volumes-volumes",
    fails_if=Change(on=f"PUT {VOLUME}", body=replaced("itemNotFound", "badRequest")),
)
def test_unknown_volume_is_refused_in_words(volumes: Volumes, session: Session) -> None:
    """Whoever wants to see, rename or delete a volume that does not exist is told in JSON that it is not found."""
    with session.setting_up():
        volumes.volume(session.common("volume")["id"]).status(200)
    unknown = str(uuid4())
    refused(volumes.volume(unknown), 404).check(dated)
    refused(volumes.update_volume(unknown, {"name": session.name()}), 404).check(dated)
    refused(volumes.delete_volume(unknown), 404).check(dated)


@api_test(
    "d5d66778-cedc-44ab-b999-29d53f542cde",
    service="block-storage",
    uses=("volume",),
    reference=REFERENCE + "#create-a-volume",
    fails_if=Change(on=f"POST {VOLUMES}", body=replaced("message", "massage")),
)
def test_impossible_volume_is_refused_in_words(volumes: Volumes, session: Session) -> None:
    """Whoever asks for a volume of no size, or for a copy of nothing, is told in JSON what kind of mistake that is."""
    session.common("volume")
    refused(volumes.create_volume(volumes.blueprint(size=0)), 400).check(dated)
    refused(volumes.create_volume(volumes.blueprint(source_volid=str(uuid4()))), 404).check(dated)


@api_test(
    "be45003a-34de-4020-b7e3-b5a1d5ba85fd",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE + "#volume-snapshots-snapshots",
    fails_if=Change(on=f"POST {SNAPSHOTS}", body=replaced("itemNotFound", "badRequest")),
)
def test_unknown_snapshot_is_refused_in_words(volumes: Volumes, session: Session) -> None:
    """Whoever wants a snapshot of no volume, or one that does not exist, is told in JSON that nothing is found."""
    with session.setting_up():
        volumes.snapshot(session.common("snapshots")[0]["id"]).status(200)
    unknown = str(uuid4())
    refused(volumes.create_snapshot({"volume_id": unknown, "name": session.name()}), 404).check(dated)
    refused(volumes.snapshot(unknown), 404).check(dated)
    refused(volumes.update_snapshot(unknown, {"name": session.name()}), 404).check(dated)
    refused(volumes.delete_snapshot(unknown), 404).check(dated)


@api_test(
    "8c63711e-57c4-434a-9a13-fe0ca855e193",
    service="block-storage",
    needs=("alt",),
    uses=("volume", "snapshots"),
    reference=REFERENCE + "#list-accessible-volumes-with-details",
    fails_if=Change(on=f"GET {VOLUME}", status=200),
)
def test_hidden_from_another_project(volumes: Volumes, session: Session) -> None:
    """A user of another project finds neither a project's volume nor its snapshot, though both are there."""
    volume, snapshot = session.common("volume"), session.common("snapshots")[0]
    with session.setting_up():
        volumes.volume(volume["id"]).status(200)
    stranger = session.actor("alt").block_storage
    refused(stranger.volume(volume["id"]), 404).check(dated)
    refused(stranger.snapshot(snapshot["id"]), 404).check(dated)
    told(stranger.volumes_detail(name=volume["name"]), 200).shape(VOLUMES_DETAIL).shape({"volumes": []})
