"""Registering, filling, changing and deleting images. https://docs.openstack.org/api-ref/image/v2/#images"""

from __future__ import annotations

import secrets
import uuid

from defcore.kit import Change, Images, Session, api_test, flipped, with_json
from defcore.kit.image.shapes import IMAGE

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/"


@api_test(
    "139b765e-7f3d-4b3d-8b37-3ca3876ee318",
    service="image",
    reference=f"{REFERENCE}#image-data",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="GET /v2/images/{image_id}/file", nth=2, body=flipped),
)
def test_register_and_upload(images: Images, session: Session) -> None:
    """An image is registered without content, and gives back what is uploaded afterwards byte for byte."""
    wanted = {
        "name": session.name(),
        "container_format": "bare",
        "disk_format": "raw",
        "visibility": "private",
        "ramdisk_id": str(uuid.uuid4()),
    }
    registered = images.create_image(wanted).status(201)
    registered.shape({"id": str, "name": wanted["name"], "visibility": "private", "status": "queued"})
    session.advise(lambda: registered.shape(IMAGE | wanted))
    image = registered.json()["id"]
    images.download(image).status(204).body(b"")

    content = secrets.token_bytes(1024)
    images.upload(image, content).status(204)
    shown = images.image(image).status(200)
    shown.shape({"id": image, "name": wanted["name"], "ramdisk_id": wanted["ramdisk_id"], "size": len(content)})
    session.advise(lambda: shown.shape(IMAGE | wanted | {"status": "active"}))
    images.download(image).status(200).body(content)


@api_test(
    "f66891a7-a35c-41a8-b590-a065c2a1caa6",
    service="image",
    reference=f"{REFERENCE}#update-image",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("name", "defcore-unchanged")),
)
def test_update(images: Images, session: Session) -> None:
    """An image is called by its new name once that was given to it."""
    image, name = images.new_image()["id"], session.name()
    updated = images.update_image(image, name=name).status(200)
    session.advise(lambda: updated.shape(IMAGE | {"id": image, "name": name}))
    images.image(image).status(200).shape({"id": image, "name": name})


@api_test(
    "f848bb94-1c6e-45a4-8726-39e3a5b23535",
    service="image",
    reference=f"{REFERENCE}#delete-image",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="DELETE /v2/images/{image_id}", status=403),
)
def test_delete(images: Images) -> None:
    """An image that was deleted can neither be shown nor is it listed any more."""
    image = images.new_image()["id"]
    images.delete_image(image).status(204)
    images.gone(image)
    listed = images.images().status(200)
    listed.require("$.images", [], [item for item in listed.json()["images"] if item["id"] == image])


@api_test(
    "e57fc127-7ba0-4693-92d7-1d8a05ebcba9",
    service="image",
    reference=f"{REFERENCE}#delete-image",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="DELETE /v2/images/{image_id}", status=204),
)
def test_deleted(images: Images, session: Session) -> None:
    """An image that was deleted is not found, neither to be shown nor to be deleted again."""
    with session.setting_up():
        image = images.new_image()["id"]
        images.delete_image(image).status(204)
        images.gone(image)
    images.image(image).status(404)
    images.delete_image(image).status(404)
