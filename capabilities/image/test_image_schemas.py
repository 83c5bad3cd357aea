"""Schemas of images. https://docs.openstack.org/api-ref/image/v2/#image-schemas"""

from __future__ import annotations

from defcore.kit import Change, Either, Every, Images, Maybe, Session, api_test, with_json
from defcore.kit.checks import in_json
from defcore.kit.image.shapes import FORM, IMAGE, RELATED, SCHEMA

ADDED = Maybe(Either(bool, dict))
"""What a JSON schema may say of members that it does not name."""


@api_test(
    "622b925c-479f-4736-860d-adeaf13bc371",
    service="image",
    reference="https://docs.openstack.org/api-ref/image/v2/#show-image-schema",
    seconds=0.1,
    fails_if=Change(on="GET /v2/schemas/image", body=with_json("name", "images")),
)
def test_schema_of_an_image(images: Images, session: Session) -> None:
    """The service describes what an image looks like."""
    answer = images.schema("image").status(200).shape({"name": "image"})
    session.advise(lambda: answer.shape(SCHEMA))


@api_test(
    "25c8d7b2-df21-460f-87ac-93130bcdc684",
    service="image",
    reference="https://docs.openstack.org/api-ref/image/v2/#show-images-schema",
    seconds=0.1,
    fails_if=Change(on="GET /v2/schemas/images", body=with_json("name", "image")),
)
def test_schema_of_images(images: Images, session: Session) -> None:
    """The service describes what a list of images looks like."""
    answer = images.schema("images").status(200).shape({"name": "images"})
    session.advise(lambda: answer.shape(SCHEMA))


@api_test(
    "3d542d9c-8d8d-4bae-9a2c-5b045f699524",
    service="image",
    reference="https://docs.openstack.org/api-ref/image/v2/#show-image-schema",
    seconds=0.1,
    fails_if=Change(on="GET /v2/schemas/image", body=with_json("properties", {})),
)
def test_schema_of_an_image_in_full(images: Images) -> None:
    """The schema of an image says of what type each base member of an image is."""
    answer = images.schema("image").status(200).check(in_json)
    answer.shape({"name": "image", "properties": Every(dict), "links": RELATED, "additionalProperties": ADDED})
    answer.shape({"properties": dict.fromkeys(IMAGE, FORM)})


@api_test(
    "0598c2c8-6079-446c-ae58-e3f4c850d82c",
    service="image",
    reference="https://docs.openstack.org/api-ref/image/v2/#show-images-schema",
    seconds=0.1,
    fails_if=Change(on="GET /v2/schemas/images", body=with_json("properties.images", {})),
)
def test_schema_of_images_in_full(images: Images, session: Session) -> None:
    """The schema of a list of images says that it holds what the schema of an image describes."""
    with session.setting_up():
        schema = images.schema("image").status(200).json()
    item = {"name": "image", "properties": schema["properties"]}
    properties = {"images": {"type": "array", "items": item}, "first": FORM, "next": FORM, "schema": FORM}
    answer = images.schema("images").status(200).check(in_json)
    answer.shape({"name": "images", "properties": properties, "links": RELATED})
