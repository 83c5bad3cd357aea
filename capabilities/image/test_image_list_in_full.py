"""All that a list of images tells, its order and its pages. https://docs.openstack.org/api-ref/image/v2/#list-images"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Each, Images, Session, api_test, with_item, with_list
from defcore.kit.checks import explained, holding, in_json, leading_to
from defcore.kit.image.client import following
from defcore.kit.image.shapes import linked

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/#list-images"
LIST = "GET /v2/images"
SAMPLES = ("small", "large", "blank")
PATH = leading_to("/v2/images")


@api_test(
    "591ad028-f663-4c42-aec1-0f55b537a2aa",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.3,
    fails_if=Change(on=LIST, body=with_list("images", lambda items: [item | {"checksum": "0"} for item in items])),
)
def test_list_in_full(images: Images, session: Session) -> None:
    """Each image that was asked for is listed once, with all that is shown of it."""
    shown, base = images.shown(*(session.common("images")[key]["id"] for key in SAMPLES)), images.base()
    answer = images.images(id=f"in:{','.join(item['id'] for item in shown)}").status(200).check(in_json)
    answer.shape({"images": Each(base), "first": PATH, "schema": leading_to("/v2/schemas/images")})
    found = answer.json()["images"]
    holding(answer, "$.images", shown, found)
    for number, item in enumerate(found):
        answer.require(f"$.images[{number}]", linked(item["id"]), item)


@api_test(
    "a169e957-5584-44e2-8d10-61b1fa1094f7",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.3,
    fails_if=Change(on=LIST, body=with_list("images", lambda items: items[::-1])),
)
def test_list_in_order(images: Images, session: Session) -> None:
    """A list of images is sorted by the member and in the direction that was asked for."""
    both = [session.common("images")[key]["id"] for key in ("small", "large")]
    for direction, expected in (("asc", both), ("desc", both[::-1])):
        answer = images.images(id=f"in:{','.join(both)}", sort=f"size:{direction}").status(200)
        answer.require("the ids in $.images", expected, [item["id"] for item in answer.json()["images"]])


@api_test(
    "0bbbba10-c2f5-4de4-8e20-618d189c2b7e",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.3,
    fails_if=Change(on=LIST, nth=2, body=with_list("images", lambda items: items[:0])),
)
def test_list_in_pages(images: Images, session: Session) -> None:
    """The pages of a list of images follow each other by their links, each as long as asked for, without a gap."""
    ours = sorted((session.common("images")[key] for key in SAMPLES), key=lambda item: str(item["name"]))
    ids = f"in:{','.join(item['id'] for item in ours)}"
    answer = images.images(id=ids, sort="name:asc", limit="1").status(200)
    for number, item in enumerate(ours, start=1):
        answer.require("the ids in $.images", [item["id"]], [one["id"] for one in answer.json()["images"]])
        answer.shape({"first": PATH})
        if number < len(ours):
            answer = images.images(**following(answer.shape({"next": PATH}))).status(200)
    # A full page may be the last one, and not know it: then an empty one follows.
    if "next" in answer.json():
        answer = images.images(**following(answer)).status(200).shape({"images": []})
        answer.require("$.next", None, answer.json().get("next"))


@api_test(
    "2f9cc858-9fd7-4ec3-8baa-d632d345b77e",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=with_item("images")),
)
def test_list_by_name_or_tag(images: Images, session: Session) -> None:
    """A list of images of one name, or with one tag, has the image of that name or tag alone."""
    ours = session.common("images")["large"]
    for answer in (images.images(name=ours["name"]), images.images(tag=ours["tags"][0])):
        answer.status(200).shape({"images": [{"id": ours["id"], "name": ours["name"], "tags": ours["tags"]}]})


@api_test(
    "a0d08c1c-4b85-4c56-bd76-050fa110cf61",
    service="image",
    reference=REFERENCE,
    uses=("images",),
    seconds=0.2,
    fails_if=Change(on=LIST, body=lambda _: b""),
)
def test_no_list_after_what_is_not_there(images: Images, session: Session) -> None:
    """A list of images that is to begin after an image that does not exist is refused."""
    with session.setting_up():
        images.images(marker=session.common("images")["small"]["id"]).status(200)
    explained(images.images(marker=str(uuid.uuid4())), 400)
