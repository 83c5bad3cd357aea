"""Metadata of volumes and snapshots: add, show, replace, delete.

https://docs.openstack.org/api-ref/block-storage/v3/#create-metadata-for-volume and
https://docs.openstack.org/api-ref/block-storage/v3/#create-a-snapshot-s-metadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Match, Only, Volumes, api_test, with_json
from defcore.kit.volume.client import SNAPSHOT, VOLUME
from defcore.kit.volume.shapes import ITEM, METADATA, SNAPSHOT_ITEM, SNAPSHOT_METADATA

if TYPE_CHECKING:
    from defcore.kit.volume.client import Metadata

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
TREES = {"apple": "red", "pear": "green", "plum": "blue"}
without_plum = Match("metadata without 'plum'", lambda value: "plum" not in value)


def are_given(metadata: Metadata, of: str, trees: dict[str, str], shape: Any) -> None:  # noqa: ANN401 - any shape
    """Require that metadata can be given."""
    metadata.create(of, trees).status(200).shape(shape).shape({"metadata": trees})


def are_replaced(metadata: Metadata, of: str, others: dict[str, str], shape: Any) -> None:  # noqa: ANN401 - any shape
    """Require that metadata can be put in the place of all that was there."""
    metadata.replace(of, others).status(200).shape(shape).shape({"metadata": Only(others)})
    metadata.show(of).status(200).shape(shape).shape({"metadata": Only(others)})


def one_is_changed(metadata: Metadata, of: str, shape: Any, item: Any) -> None:  # noqa: ANN401 - any shapes
    """Require that one item can be changed and shown, while the others stay."""
    metadata.update_item(of, "plum", "yellow").status(200).shape(item).shape({"meta": Only({"plum": "yellow"})})
    metadata.show_item(of, "plum").status(200).shape(item).shape({"meta": Only({"plum": "yellow"})})
    metadata.show(of).status(200).shape(shape).shape({"metadata": TREES | {"plum": "yellow"}})


@api_test(
    "6f5b125b-f664-44bf-910f-751591fe5769",
    service="block-storage",
    uses=("lent-volume",),
    reference=REFERENCE + "#create-metadata-for-volume",
    fails_if=Change(on=f"GET {VOLUME}/metadata", body=with_json("metadata.plum", "blue"), nth=3),
)
def test_metadata_of_a_volume(volumes: Volumes) -> None:
    """Metadata can be given to a volume, replaced as a whole, and taken away one by one."""
    metadata, trees = volumes.metadata, TREES | {"medlar": "<brown & soft>"}
    with volumes.lent() as lent:
        volume = lent["id"]
        are_given(metadata, volume, trees, METADATA)
        metadata.show(volume).status(200).shape(METADATA).shape({"metadata": trees})
        are_replaced(metadata, volume, {"medlar": "bletted", "plum": "yellow"}, METADATA)
        metadata.delete_item(volume, "plum").status(200)
        answer = metadata.show(volume).status(200).shape(METADATA).shape({"metadata": {"medlar": "bletted"}})
        answer.shape({"metadata": without_plum})


@api_test(
    "862261c5-8df4-475a-8c21-946e50e36a20",
    service="block-storage",
    uses=("lent-volume",),
    reference=REFERENCE + "#update-a-volume-s-metadata-for-a-specific-key",
    fails_if=Change(on=f"GET {VOLUME}/metadata/{{key}}", body=with_json("meta.plum", "blue")),
)
def test_metadata_item_of_a_volume(volumes: Volumes) -> None:
    """One item of a volume's metadata can be changed and shown, while the others stay."""
    with volumes.lent() as lent:
        volume = lent["id"]
        are_given(volumes.metadata, volume, TREES, METADATA)
        one_is_changed(volumes.metadata, volume, METADATA, ITEM)


@api_test(
    "a2f20f99-e363-4584-be97-bc33afb1a56c",
    service="block-storage",
    uses=("lent-snapshot",),
    reference=REFERENCE + "#create-a-snapshot-s-metadata",
    fails_if=Change(on=f"GET {SNAPSHOT}/metadata", body=with_json("metadata.plum", "blue"), nth=3),
)
def test_metadata_of_a_snapshot(volumes: Volumes) -> None:
    """Metadata can be given to a snapshot, replaced as a whole, and taken away one by one."""
    metadata = volumes.snapshot_metadata
    with volumes.lent_snapshot() as lent:
        snapshot = lent["id"]
        are_given(metadata, snapshot, TREES, SNAPSHOT_METADATA)
        metadata.show(snapshot).status(200).shape(SNAPSHOT_METADATA).shape({"metadata": TREES})
        are_replaced(metadata, snapshot, {"medlar": "bletted", "plum": "yellow"}, SNAPSHOT_METADATA)
        metadata.delete_item(snapshot, "plum").status(200)
        answer = metadata.show(snapshot).status(200).shape(SNAPSHOT_METADATA).shape({"metadata": {"medlar": "bletted"}})
        answer.shape({"metadata": without_plum})


@api_test(
    "bd2363bc-de92-48a4-bc98-28943c6e4be1",
    service="block-storage",
    uses=("lent-snapshot",),
    reference=REFERENCE + "#update-a-snapshot-s-metadata",
    fails_if=Change(on=f"PUT {SNAPSHOT}/metadata", body=with_json("metadata.apple", "red")),
)
def test_replaced_metadata_of_a_snapshot(volumes: Volumes) -> None:
    """Metadata that a snapshot was given can be replaced as a whole by other metadata."""
    with volumes.lent_snapshot() as lent:
        snapshot = lent["id"]
        are_given(volumes.snapshot_metadata, snapshot, TREES, SNAPSHOT_METADATA)
        are_replaced(volumes.snapshot_metadata, snapshot, {"medlar": "bletted", "plum": "yellow"}, SNAPSHOT_METADATA)


@api_test(
    "e8ff85c5-8f97-477f-806a-3ac364a949ed",
    service="block-storage",
    uses=("lent-snapshot",),
    reference=REFERENCE + "#update-a-snapshot-s-metadata-for-a-specific-key",
    fails_if=Change(on=f"GET {SNAPSHOT}/metadata/{{key}}", body=with_json("meta.plum", "blue")),
)
def test_metadata_item_of_a_snapshot(volumes: Volumes) -> None:
    """One item of a snapshot's metadata can be changed and shown, while the others stay."""
    with volumes.lent_snapshot() as lent:
        snapshot = lent["id"]
        are_given(volumes.snapshot_metadata, snapshot, TREES, SNAPSHOT_METADATA)
        one_is_changed(volumes.snapshot_metadata, snapshot, SNAPSHOT_METADATA, SNAPSHOT_ITEM)
