"""Listing images and narrowing the list. https://docs.openstack.org/api-ref/image/v2/#list-images"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Each, Images, Session, api_test, with_item, without_items
from defcore.kit.image.client import next_marker
from defcore.kit.image.shapes import IMAGE
from defcore.kit.match import between

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/#list-images"
LIST = "GET /v2/images"


def check_narrowed(session: Session, answer: Answer, ours: str, **members: Any) -> None:  # noqa: ANN401 - shapes
    """Require a list of images that all have these members, and advise that the one called ``ours`` is among them."""
    answer.status(200).shape({"images": Each(members, least=1)})
    image = session.common("images")[ours]["id"]
    if not next_marker(answer):
        found = [item for item in answer.json()["images"] if item["id"] == image]
        session.advise(lambda: answer.require("$.images", 1, len(found)))


@api_test(
    "1e341d7a-90a9-494c-b143-2cdf2aeb6aee",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=without_items("images", "name", "defcore-")),
)
def test_list(images: Images, session: Session) -> None:
    """The list of images holds all that the project has registered, with content or without."""
    page = images.listed({item["id"] for item in session.common("images").values()})
    session.advise(lambda: page.shape({"images": Each(IMAGE)}))


@api_test(
    "9959ca1d-1aa7-4b7a-a1ea-0fff0499b37e",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", container_format=None)),
)
def test_list_by_container_format(images: Images, session: Session) -> None:
    """The list of images of one container format holds no image of another one."""
    session.common("images")
    check_narrowed(session, images.images(container_format="bare"), "small", container_format="bare")


@api_test(
    "4a4735a7-f22f-49b6-b0d9-66e1ef7453eb",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", disk_format=None)),
)
def test_list_by_disk_format(images: Images, session: Session) -> None:
    """The list of images of one disk format holds no image of another one."""
    session.common("images")
    check_narrowed(session, images.images(disk_format="raw"), "small", disk_format="raw")


@api_test(
    "7a95bb92-d99e-4b12-9718-7bc6ab73e6d2",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", visibility="public")),
)
def test_list_by_visibility(images: Images, session: Session) -> None:
    """The list of private images holds no image of another visibility."""
    session.common("images")
    check_narrowed(session, images.images(visibility="private"), "small", visibility="private")


@api_test(
    "7fc9e369-0f58-4d05-9aa5-0969e2d59d15",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", status="queued")),
)
def test_list_by_status(images: Images, session: Session) -> None:
    """The list of active images holds no image that has no content yet."""
    session.common("images")
    check_narrowed(session, images.images(status="active"), "small", status="active")


@api_test(
    "cf1b9a48-8340-480e-af7b-fe7e17690876",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", size=1)),
)
def test_list_by_size(images: Images, session: Session) -> None:
    """The list of images of one size holds no image of another size."""
    size = session.common("images")["small"]["size"]
    check_narrowed(session, images.images(size=str(size)), "small", size=size)


@api_test(
    "4ad8c157-971a-4ba8-aa84-ed61154b1e7f",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images", size=1)),
)
def test_list_by_range_of_sizes(images: Images, session: Session) -> None:
    """The list of images from one size to another holds no smaller and no larger image."""
    size = session.common("images")["large"]["size"]
    low, high = size - 500, size + 500
    answer = images.images(size_min=str(low), size_max=str(high))
    check_narrowed(session, answer, "large", size=between(low, high))


@api_test(
    "e914a891-3cc8-4b40-ad32-e0a39ffbddbb",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.1,
    fails_if=Change(on=LIST, body=with_item("images")),
)
def test_list_with_limit(images: Images, session: Session) -> None:
    """The list of images is as long as was asked for where there are more."""
    session.common("images")
    answer = images.images(limit="1").status(200).shape({"images": [dict]})
    session.advise(lambda: answer.require("$.next", str, answer.json().get("next")))
