"""What is told of a volume: the same by every answer that has it, from its creation to its deletion.

https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes
"""

from __future__ import annotations

from typing import Any

from defcore.kit import Change, Session, UnsupportedError, Volumes, api_test, replaced, with_item, with_json
from defcore.kit.checks import at_version, in_json, refused
from defcore.kit.match import exactly, one_of
from defcore.kit.volume.client import VOLUME as ONE
from defcore.kit.volume.client import VOLUMES as ALL
from defcore.kit.volume.shapes import AS_OF_3_63, CREATED_VOLUME, VOLUME, VOLUMES, VOLUMES_DETAIL
from defcore.kit.volume.told import again, changed, dated, fixed, leads, linked, told

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"
HISTORY = "https://docs.openstack.org/cinder/latest/contributor/api_microversion_history.html"
NEWER = "3.63"
WORDS = {"tree": "pruneau d'été", "Zwetschgen_2": "blau & süß"}


@api_test(
    "20a6e34c-9f05-4215-b386-c444e22ac8b2",
    service="block-storage",
    creates={"volume": 1},
    reference=REFERENCE + "#create-a-volume",
    seconds=3,
    fails_if=Change(on=f"POST {ALL}", body=with_json("volume.metadata", {})),
)
def test_volume_is_created_as_asked_for(volumes: Volumes, session: Session) -> None:
    """A volume is told of as it was asked for when its creation is accepted, and stays so until it is available."""
    asked = volumes.blueprint(name=f"{session.name()} prunes ñ", description="Obstgarten, größer", metadata=WORDS)
    given = asked | {"metadata": exactly(WORDS), "status": one_of("creating", "available"), "bootable": "false"}
    given |= {"user_id": volumes.user_id, "attachments": [], "snapshot_id": None, "source_volid": None}
    given.pop("volume_type", None)
    created = told(volumes.create_volume(asked), 202).shape(CREATED_VOLUME).shape({"volume": given})
    made: dict[str, Any] = created.json()["volume"]
    linked(created, made)
    shown = told(volumes.reached(made["id"]), 200).shape(VOLUME)
    shown.shape({"volume": fixed(made) | {"bootable": "false", "attachments": []}})


@api_test(
    "683d6987-4d00-45ce-b566-7bf9bade6ea4",
    service="block-storage",
    creates={"volume": 1},
    reference=REFERENCE + "#update-a-volume",
    seconds=3,
    fails_if=Change(on=f"PUT {ONE}", body=with_json("volume.metadata", {})),
)
def test_volume_told_alike_after_an_update(volumes: Volumes, session: Session) -> None:
    """A volume that is given another name is told of alike, and otherwise as before, by each answer that has it."""
    before = volumes.new_volume(description="noch keiner", metadata=WORDS)
    words = {"name": f"{session.name()} Ørsted ß", "description": "l'été à Orléans"}
    answer = told(volumes.update_volume(before["id"], words), 200)
    answer.shape({"volume": changed("volume", before, **words)})
    shown = told(volumes.volume(before["id"]), 200).shape(VOLUME)
    shown.shape({"volume": again(before, **words)})
    leads(volumes, shown, shown.json()["volume"])
    detail = told(volumes.volumes_detail(name=words["name"]), 200).shape(VOLUMES_DETAIL)
    detail.shape({"volumes": [again(before, **words)]})
    brief = {"id": before["id"], "name": words["name"], "links": before["links"]}
    told(volumes.volumes(name=words["name"]), 200).shape(VOLUMES).shape({"volumes": [exactly(brief)]})


@api_test(
    "3957a7ef-9aea-4fd7-a2b3-eda323dda59b",
    service="block-storage",
    creates={"volume": 1},
    reference=REFERENCE + "#delete-a-volume",
    seconds=3,
    fails_if=Change(on=f"GET {ALL}/detail", body=with_item("volumes", id="plum")),
)
def test_no_trace_of_a_deleted_volume(volumes: Volumes) -> None:
    """A volume whose deletion was accepted is soon not found any more, and in no listing."""
    volume = volumes.new_volume()
    volumes.delete_volume(volume["id"]).status(202).check(dated)
    refused(volumes.gone(volume["id"]), 404).check(dated)
    for read, shape in ((volumes.volumes, VOLUMES), (volumes.volumes_detail, VOLUMES_DETAIL)):
        told(read(name=volume["name"]), 200).shape({"volumes": []}).shape(shape)


@api_test(
    "bf010dd9-abbb-4069-afe6-b518208b8569",
    service="block-storage",
    uses=("volume",),
    reference=HISTORY,
    fails_if=Change(on=f"GET {ONE}", body=replaced('"volume_type_id"', '"type_id"'), nth=2),
)
def test_newer_version_of_a_volume(volumes: Volumes, session: Session) -> None:
    """Whoever asks for a newer version of the API is shown a volume as of that version, and nobody else is."""
    volume = session.common("volume")
    with session.setting_up():
        found = volumes.versions().status(300).json()["versions"]
        newest = max([_number(item["version"]) for item in found if item["id"].startswith("v3.")], default=(0, 0))
    if newest < _number(NEWER):
        message = f"the newest version of the API is {newest[0]}.{newest[1]}, and not {NEWER}"
        raise UnsupportedError(message)
    told(volumes.volume(volume["id"]), 200).shape({"volume": again(volume)})
    answer = volumes.volume(volume["id"], version=NEWER).status(200).check(in_json, at_version(f"volume {NEWER}"))
    answer.shape(AS_OF_3_63).shape({"volume": dict(again(volume).members)})


def _number(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)
