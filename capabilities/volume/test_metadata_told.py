"""What is told of metadata: of all of it or of one item, by each answer that has it.

https://docs.openstack.org/api-ref/block-storage/v3/#create-metadata-for-volume and
https://docs.openstack.org/api-ref/block-storage/v3/#create-a-snapshot-s-metadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Session, Volumes, api_test, with_json
from defcore.kit.checks import refused
from defcore.kit.match import exactly
from defcore.kit.volume.client import SNAPSHOT, VOLUME
from defcore.kit.volume.told import dated, told

if TYPE_CHECKING:
    from defcore.kit.volume.client import Metadata

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
GIVEN = {"tree": "pruneau d'été", "Zwetschgen_2": "blau & süß", "pear": "green"}
OTHERS = {"medlar": "brown, à point", "plum": "yellow"}


def told_by_each(metadata: Metadata, thing: dict[str, Any]) -> None:
    """Require that each operation on the metadata of a thing is answered with what it then is, whole."""
    of, all_ = thing["id"], thing["metadata"] | GIVEN
    told(metadata.create(of, GIVEN), 200).shape(exactly({"metadata": all_}))
    told(metadata.show(of), 200).shape(exactly({"metadata": all_}))
    told(metadata.replace(of, OTHERS), 200).shape(exactly({"metadata": OTHERS}))
    told(metadata.show(of), 200).shape(exactly({"metadata": OTHERS}))
    item = {"meta": {"plum": "jaune foncé"}}
    told(metadata.update_item(of, "plum", "jaune foncé"), 200).shape(exactly(item))
    told(metadata.show_item(of, "plum"), 200).shape(exactly(item))
    metadata.delete_item(of, "plum").status(200).check(dated)
    refused(metadata.show_item(of, "plum"), 404).check(dated)
    told(metadata.show(of), 200).shape(exactly({"metadata": {"medlar": OTHERS["medlar"]}}))


@api_test(
    "f6193d02-c1b4-46dc-a6e0-dc2c430a2c13",
    service="block-storage",
    creates={"volume": 1},
    reference=REFERENCE + "#create-metadata-for-volume",
    seconds=3,
    fails_if=Change(on=f"POST {VOLUME}/metadata", body=with_json("metadata.surplus", "surplus")),
)
def test_metadata_of_a_volume_is_told(volumes: Volumes) -> None:
    """Whoever gives, replaces, changes, reads or takes away metadata of a volume is told just what there is then."""
    told_by_each(volumes.metadata, volumes.new_volume())


@api_test(
    "c4a3e9da-538b-486d-83e3-06fd4c3de1a3",
    service="block-storage",
    creates={"snapshot": 1},
    uses=("volume",),
    reference=REFERENCE + "#create-a-snapshot-s-metadata",
    seconds=3,
    fails_if=Change(on=f"POST {SNAPSHOT}/metadata", body=with_json("metadata.surplus", "surplus")),
)
def test_metadata_of_a_snapshot_is_told(volumes: Volumes, session: Session) -> None:
    """Whoever gives, replaces, changes, reads or takes away metadata of a snapshot is told just what there is then."""
    told_by_each(volumes.snapshot_metadata, volumes.new_snapshot(session.common("volume")["id"]))
