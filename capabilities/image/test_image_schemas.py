"""Schemas of images. https://docs.openstack.org/api-ref/image/v2/#image-schemas"""

from __future__ import annotations

from defcore.kit import Change, Images, Session, api_test, with_json
from defcore.kit.image.shapes import SCHEMA


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
