"""Tags of images. https://docs.openstack.org/api-ref/image/v2/#image-tags"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Images, Session, api_test, with_json
from defcore.kit.checks import explained, holding
from defcore.kit.match import containing

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/"


@api_test(
    "10407036-6059-4f95-a2cd-cbbbee7ed329",
    service="image",
    reference=f"{REFERENCE}#image-tags",
    creates={"image": 1},
    seconds=0.1,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("tags", [])),
)
def test_add_and_delete(images: Images, session: Session) -> None:
    """An image has a tag from when it is added until it is deleted."""
    image, tag = images.new_image()["id"], session.name()
    images.add_tag(image, tag).status(204)
    images.image(image).status(200).shape({"tags": containing(tag)})
    images.delete_tag(image, tag).status(204)
    after = images.image(image).status(200).shape({"tags": list})
    after.require("$.tags", [], [item for item in after.json()["tags"] if item == tag])


@api_test(
    "8cd30f82-6f9a-4c6e-8034-c1b51fba43d9",
    service="image",
    reference=f"{REFERENCE}#add-image-tag",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="PUT /v2/images/{image_id}/tags/{tag}", status=204),
)
def test_add_to_no_image(images: Images, session: Session) -> None:
    """No tag is added to an image that does not exist."""
    image = session.common("images")["small"]["id"]
    session.once("image", lambda: images.image(image).status(200))
    images.add_tag(str(uuid.uuid4()), session.name()).status(404)


@api_test(
    "39c023a2-325a-433a-9eea-649bf1414b19",
    service="image",
    reference=f"{REFERENCE}#delete-image-tag",
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on="DELETE /v2/images/{image_id}/tags/{tag}", status=204),
)
def test_delete_no_tag(images: Images, session: Session) -> None:
    """A tag that an image does not have is not found to be deleted."""
    image = session.common("images")["small"]
    with session.setting_up():
        images.image(image["id"]).status(200).shape({"tags": image["tags"]})
    images.delete_tag(image["id"], session.name()).status(404)


@api_test(
    "80fbeeee-f525-4022-8090-67483fc87d3f",
    service="image",
    reference=f"{REFERENCE}#image-tags",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("tags", [])),
)
def test_tags_in_full(images: Images, session: Session) -> None:
    """An image has each tag that is added once, beside the others, and one that was deleted is not found."""
    first, tag = session.name(), session.name()
    image = images.new_image(tags=[first])["id"]
    for _ in range(2):
        images.add_tag(image, tag).status(204).body(b"")
    both = images.image(image).status(200).shape({"tags": list})
    holding(both, "$.tags", [first, tag], both.json()["tags"])
    images.delete_tag(image, tag).status(204).body(b"")
    images.image(image).status(200).shape({"tags": [first]})
    explained(images.delete_tag(image, tag), 404)
