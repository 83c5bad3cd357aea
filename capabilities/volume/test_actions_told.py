"""What is told of an action on a volume, and of the image that is made of one.

https://docs.openstack.org/api-ref/block-storage/v3/#volume-actions-volumes-action
"""

from __future__ import annotations

from defcore.kit import Change, Images, Session, Volumes, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.image.shapes import IMAGE
from defcore.kit.match import exactly
from defcore.kit.volume.client import ACTION
from defcore.kit.volume.client import VOLUME as ONE
from defcore.kit.volume.shapes import UPLOADED, VOLUME
from defcore.kit.volume.told import again, dated, told

REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"


@api_test(
    "954a3533-bc7d-4dea-9efd-456fd75a9970",
    service="block-storage",
    creates={"volume": 1},
    reference=REFERENCE + "#volume-actions-volumes-action",
    seconds=3,
    fails_if=Change(on=f"GET {ONE}", body=with_json("volume.bootable", "false")),
)
def test_marks_change_nothing_else(volumes: Volumes) -> None:
    """A volume that is marked as bootable and then as read-only shows both marks, and is otherwise as it was."""
    volume = volumes.new_volume(metadata={"tree": "pruneau d'été"})
    volumes.set_bootable(volume["id"], bootable=True).status(200).check(dated)
    marked = {"bootable": "true"}
    told(volumes.volume(volume["id"]), 200).shape(VOLUME).shape({"volume": again(volume, **marked)})
    volumes.set_readonly(volume["id"], readonly=True).status(202).check(dated)
    readonly = {"metadata": volume["metadata"] | {"readonly": "True"}}
    told(volumes.volume(volume["id"]), 200).shape(VOLUME).shape({"volume": again(volume, **marked, **readonly)})


@api_test(
    "b3bd898c-e9af-482f-9b40-0f82bbc616e8",
    service="block-storage",
    creates={"volume": 1, "image": 1},
    reference=REFERENCE + "#upload-volume-to-image",
    seconds=4,
    fails_if=Change(on=f"{ACTION} (os-volume_upload_image)", body=with_json("os-volume_upload_image.size", 2)),
)
def test_upload_is_told(volumes: Volumes, images: Images, session: Session) -> None:
    """Whoever has an image made of a volume is told of both, and the image is found as it was asked for."""
    volume, name = volumes.new_volume(description="größer als nötig"), f"{session.name()} prunes ñ"
    uploaded = told(volumes.upload(volume["id"], name, "raw"), 202).shape(UPLOADED)
    asked = {"disk_format": "raw", "container_format": "bare"}
    given = {"id": volume["id"], "size": volume["size"], "display_description": volume["description"]}
    uploaded.shape({"os-volume_upload_image": asked | given | {"image_name": name}})
    made = uploaded.json()["os-volume_upload_image"]["image_id"]
    with session.setting_up():
        found = images.ready(made)
        volumes.ready(volume["id"])
    shown = images.image(made).status(200).check(in_json).shape(IMAGE)
    shown.shape(asked | {"id": made, "name": name, "status": "active"})
    shown.shape({key: exactly(value) for key, value in found.items() if key != "updated_at"})
    told(volumes.volume(volume["id"]), 200).shape(VOLUME).shape({"volume": again(volume)})
