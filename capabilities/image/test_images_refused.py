"""What the image service refuses. https://docs.openstack.org/api-ref/image/v2/"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Images, Session, api_test
from defcore.kit.checks import explained

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/"


def see_one(images: Images, session: Session) -> None:
    """Show that an image that is there is found."""
    image = session.common("images")["small"]["id"]
    session.once("image", lambda: images.image(image).status(200))


@api_test(
    "668743d5-08ad-4480-b2b8-15da34f81d9f",
    service="image",
    reference=f"{REFERENCE}#show-image",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="GET /v2/images/{image_id}", status=200),
)
def test_show_no_image(images: Images, session: Session) -> None:
    """An image that does not exist is not found."""
    see_one(images, session)
    images.image(str(uuid.uuid4())).status(404)


@api_test(
    "ef45000d-0a72-4781-866d-4cb7bf2562ad",
    service="image",
    reference=f"{REFERENCE}#show-image",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="GET /v2/images/{image_id}", status=200),
)
def test_show_without_id(images: Images, session: Session) -> None:
    """A request for an image that does not say which finds none."""
    see_one(images, session)
    images.image("").status(404)


@api_test(
    "6fe40f1c-57bd-4918-89cc-8500f850f3de",
    service="image",
    reference=f"{REFERENCE}#delete-image",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="DELETE /v2/images/{image_id}", status=204),
)
def test_delete_no_image(images: Images, session: Session) -> None:
    """An image that does not exist is not found to be deleted."""
    see_one(images, session)
    images.delete_image(str(uuid.uuid4())).status(404)


@api_test(
    "32248db1-ab88-4821-9604-c7c369f1f88c",
    service="image",
    reference=f"{REFERENCE}#delete-image",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="DELETE /v2/images/{image_id}", status=204),
)
def test_delete_without_id(images: Images, session: Session) -> None:
    """A deletion that does not say of which image finds none."""
    see_one(images, session)
    images.delete_image("").status(404)


@api_test(
    "292bd310-369b-41c7-a7a3-10276ef76753",
    service="image",
    reference=f"{REFERENCE}#create-image",
    uses=("images",),
    creates={"image": 1},
    seconds=0.1,
    fails_if=Change(on="POST /v2/images", status=201),
)
def test_register_with_unknown_container_format(images: Images, session: Session) -> None:
    """An image is not registered with a container format that the service does not know."""
    session.common("images")
    wanted = {"name": session.name(), "container_format": "wrong", "disk_format": "raw"}
    images.create_image(wanted).status(400)


@api_test(
    "70c6040c-5a97-4111-9e13-e73665264ce1",
    service="image",
    reference=f"{REFERENCE}#create-image",
    uses=("images",),
    creates={"image": 1},
    seconds=0.1,
    fails_if=Change(on="POST /v2/images", status=201),
)
def test_register_with_unknown_disk_format(images: Images, session: Session) -> None:
    """An image is not registered with a disk format that the service does not know."""
    session.common("images")
    wanted = {"name": session.name(), "container_format": "bare", "disk_format": "wrong"}
    images.create_image(wanted).status(400)


@api_test(
    "3377e61a-2e45-47eb-b274-5bb0a039e17e",
    service="image",
    reference=f"{REFERENCE}#create-image",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="POST /v2/images", body=lambda _: b""),
)
def test_register_with_what_is_taken(images: Images, session: Session) -> None:
    """An image is not registered with a visibility that there is not, and not under the id of another one."""
    made = images.new_image()
    explained(images.create_image({"name": session.name(), "visibility": "wrong"}), 400)
    explained(images.create_image({"name": session.name(), "id": made["id"]}), 409)
