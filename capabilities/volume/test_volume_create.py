"""Create, show, update and delete a volume: a blank one, one from an image, and the copy of another one.

https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume
"""

from __future__ import annotations

from typing import Any

from defcore.kit import Change, Images, Session, Volumes, api_test, with_json
from defcore.kit.match import uuid
from defcore.kit.volume.client import VOLUME as ONE
from defcore.kit.volume.shapes import CREATED_VOLUME, VOLUME

SHOW, UPDATE = f"GET {ONE}", f"PUT {ONE}"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#create-a-volume"
METADATA = {"tree": "plum"}


def lives(volumes: Volumes, session: Session, *, bootable: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Require that a volume can be created, shown and renamed; return it as it is shown then."""
    wanted = volumes.blueprint(metadata=METADATA, **more)
    created = volumes.create_volume(wanted).status(202).shape(CREATED_VOLUME)
    created.shape({"volume": {"name": wanted["name"]}})
    made = created.json()["volume"]["id"]
    session.advise(lambda: created.shape({"volume": {"id": uuid}}))

    told = {"id": made, "name": wanted["name"], "metadata": METADATA, "bootable": bootable}
    volumes.reached(made).shape(VOLUME).shape({"volume": told})

    volumes.update_volume(made, {"name": wanted["name"]}).status(200).shape(CREATED_VOLUME)
    words = {"name": session.name(), "description": "An orchard, and what grows there"}
    volumes.update_volume(made, words).status(200).shape(CREATED_VOLUME).shape({"volume": words})
    answer = volumes.volume(made).status(200).shape(VOLUME).shape({"volume": told | words})
    shown: dict[str, Any] = answer.json()["volume"]
    return shown


def ends(volumes: Volumes, volume: str) -> None:
    """Require that a volume can be deleted, and is gone then."""
    volumes.delete_volume(volume).status(202)
    volumes.gone(volume)


@api_test(
    "27fb0e9f-fb64-41dd-8bdb-1ffa762f0d51",
    service="block-storage",
    creates={"volume": 2},
    reference=REFERENCE,
    seconds=3,
    fails_if=Change(on=UPDATE, body=with_json("volume.description", None), nth=2),
)
def test_create_show_update_delete(volumes: Volumes, session: Session) -> None:
    """A blank volume is created with a name and metadata, shown, renamed, and deleted."""
    shown = lives(volumes, session, bootable="false")
    # Any description may stand beside a name, and a name may be given twice.
    zone = {"availability_zone": shown["availability_zone"]} if shown["availability_zone"] else {}
    described = volumes.blueprint(description=f"@#$%^* {session.name()}", **zone)
    other = volumes.create_volume(described).status(202).shape(CREATED_VOLUME).json()["volume"]["id"]
    volumes.reached(other).shape(VOLUME)
    same = {"name": shown["name"], "description": None}
    volumes.update_volume(other, same).status(200).shape(CREATED_VOLUME)
    ends(volumes, shown["id"])


@api_test(
    "54a01030-c7fc-447c-86ee-c1182beae638",
    service="block-storage",
    creates={"volume": 1},
    uses=("image",),
    reference=REFERENCE,
    seconds=4,
    fails_if=Change(on=SHOW, body=with_json("volume.bootable", "False")),
)
def test_create_from_image(volumes: Volumes, images: Images, session: Session) -> None:
    """A volume that is made from an image is bootable, and is otherwise shown, renamed and deleted like a blank one."""
    with session.setting_up():
        image = images.image(session.common("image")["id"]).status(200).json()
    size = max(1, image.get("min_disk") or 0, -(-(image.get("virtual_size") or image.get("size") or 0) // 2**30))
    shown = lives(volumes, session, bootable="true", imageRef=image["id"], size=size)
    ends(volumes, shown["id"])


@api_test(
    "3f591b4a-7dc6-444c-bd51-77469506b3a1",
    service="block-storage",
    creates={"volume": 1},
    uses=("volume",),
    reference=REFERENCE,
    seconds=3,
    fails_if=Change(on=UPDATE, body=with_json("volume.name", "plum"), nth=2),
)
def test_create_as_clone(volumes: Volumes, session: Session) -> None:
    """A volume that is made as a copy of another one is shown, renamed and deleted like a blank one."""
    source = session.common("volume")
    shown = lives(volumes, session, bootable="false", source_volid=source["id"], size=source["size"])
    session.advise(lambda: volumes.volume(source["id"]).status(200).shape({"volume": {"status": "available"}}))
    ends(volumes, shown["id"])
