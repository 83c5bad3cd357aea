"""What can be done with a volume: mark it bootable or read-only, make an image of it.

https://docs.openstack.org/api-ref/block-storage/v3/#volume-actions-volumes-action
"""

from __future__ import annotations

from defcore.kit import Change, Images, Session, Volumes, api_test, with_json
from defcore.kit.volume.client import VOLUME as ONE
from defcore.kit.volume.shapes import VOLUME

SHOW = f"GET {ONE}"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/"


@api_test(
    "63e21b4c-0a0c-41f6-bfc3-7c2816815599",
    service="block-storage",
    uses=("lent-volume",),
    reference=REFERENCE + "#update-a-volume-s-bootable-status",
    fails_if=Change(on=SHOW, body=with_json("volume.bootable", "true"), nth=2),
)
def test_bootable(volumes: Volumes) -> None:
    """A volume that is marked as bootable shows so until the mark is taken away."""
    with volumes.lent() as lent:
        volume = lent["id"]
        for bootable in (True, False):
            volumes.set_bootable(volume, bootable=bootable).status(200)
            volumes.volume(volume).status(200).shape(VOLUME).shape({"volume": {"bootable": str(bootable).lower()}})


@api_test(
    "fff74e1e-5bd3-4b33-9ea9-24c103bc3f59",
    service="block-storage",
    uses=("lent-volume",),
    reference=REFERENCE + "#updates-volume-read-only-access-mode-flag",
    fails_if=Change(on=SHOW, body=with_json("volume.metadata", {"readonly": "True"}), nth=2),
)
def test_readonly(volumes: Volumes) -> None:
    """A volume that is marked as read-only shows so in its metadata until the mark is taken away."""
    with volumes.lent() as lent:
        volume = lent["id"]
        for readonly in (True, False):
            volumes.set_readonly(volume, readonly=readonly).status(202)
            shown = volumes.volume(volume).status(200).shape(VOLUME)
            shown.shape({"volume": {"metadata": {"readonly": str(readonly)}}})


@api_test(
    "d8f1ca95-3d5b-44a3-b8ca-909691c9532d",
    service="block-storage",
    uses=("lent-volume",),
    creates={"image": 1},
    reference=REFERENCE + "#upload-volume-to-image",
    seconds=4,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("disk_format", "vhd")),
)
def test_upload(volumes: Volumes, images: Images, session: Session) -> None:
    """An image can be made of a volume: it becomes active with the name and format that were asked for."""
    name = session.name()
    with volumes.lent() as lent:
        volume = lent["id"]
        uploaded = volumes.upload(volume, name, "raw").status(202)
        image = uploaded.shape({"os-volume_upload_image": {"image_id": str}}).json()["os-volume_upload_image"][
            "image_id"
        ]
        shown = session.wait.until(lambda: images.image(image), "status", "active", over=("killed", "deleted"))
        volumes.ready(volume)
        shown.shape({"name": name, "disk_format": "raw"})
