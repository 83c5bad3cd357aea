"""All that is told of an image when it is registered, shown, changed, filled and deleted.

https://docs.openstack.org/api-ref/image/v2/#images
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from defcore.kit import Change, Images, Session, api_test, with_json
from defcore.kit.checks import explained, holding, in_json, leading_to
from defcore.kit.image.shapes import linked
from defcore.kit.match import one_of

REFERENCE = "https://docs.openstack.org/api-ref/image/v2/"
WORDS = "f\u00fcr \u30c6\u30b9\u30c8 \u00e9"
"""Words beyond ASCII."""


@api_test(
    "7b1ee11b-132d-4175-8930-370d015d5e99",
    service="image",
    reference=f"{REFERENCE}#create-image",
    creates={"image": 1},
    seconds=0.3,
    fails_if=Change(on="POST /v2/images", header=("Location", "/v2/images")),
)
def test_register_in_full(images: Images, session: Session) -> None:
    """The answer to a registration tells where the image is, all that was asked for, and all that is shown of it."""
    base, methods = images.base(), images.import_methods()
    wanted = {
        "name": session.name(),
        "container_format": "bare",
        "disk_format": "raw",
        "visibility": "private",
        "min_disk": 1,
        "min_ram": 64,
        "protected": False,
        "tags": [session.name(), WORDS],
    }
    answer = images.create_image(wanted).status(201).check(in_json).shape(base | {"status": "queued"})
    made = answer.json()
    answer.header("Location", leading_to(f"/v2/images/{made['id']}")).shape(linked(made["id"]))
    told = {item.strip() for item in (answer.get("OpenStack-image-import-methods") or "").split(",") if item.strip()}
    answer.require("header OpenStack-image-import-methods", sorted(methods), sorted(told))
    holding(answer, "$", wanted, made)
    holding(answer, "$", images.shown(made["id"])[0], made)


@api_test(
    "ecd872b8-04d4-4be6-ae6f-dc9ddaa014fd",
    service="image",
    reference=f"{REFERENCE}#show-image",
    uses=("images",),
    seconds=0.2,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("visibility", "public")),
)
def test_show_in_full(images: Images, session: Session) -> None:
    """An image without content is shown with all base members, as the answer to its registration told them."""
    made, base = session.common("images")["blank"], images.base()
    answer = images.image(made["id"]).status(200).check(in_json).shape(base | linked(made["id"]))
    holding(answer, "$", made, answer.json())


@api_test(
    "6cc7f0fe-705e-4862-a21f-ee5502f7a6e4",
    service="image",
    reference=f"{REFERENCE}#update-image",
    creates={"image": 1},
    seconds=0.3,
    fails_if=Change(on="PATCH /v2/images/{image_id}", body=with_json("tags", [])),
)
def test_update_in_full(images: Images, session: Session) -> None:
    """A change is told, shown and listed with the new values, and the old ones of all that stays."""
    base, made = images.base(), images.new_image(tags=[session.name()])
    [before] = images.shown(made["id"])
    wanted: dict[str, Any] = {
        "name": f"{session.name()} {WORDS}",
        "tags": [session.name(), WORDS],
        "min_ram": 128,
        "min_disk": 2,
    }
    expected = {key: value for key, value in before.items() if key != "updated_at"} | wanted
    answer = images.update_image(made["id"], **wanted).status(200).check(in_json).shape(base | linked(made["id"]))
    holding(answer, "$", expected, answer.json())
    shown = images.image(made["id"]).status(200)
    holding(shown, "$", expected, shown.json())
    listed = images.images(name=wanted["name"]).status(200)
    holding(listed, "$.images", [expected], listed.json()["images"])


@api_test(
    "37304c02-3ab7-4389-9eb0-50ab851137e9",
    service="image",
    reference=f"{REFERENCE}#update-image",
    creates={"image": 1},
    seconds=0.2,
    fails_if=Change(on="PATCH /v2/images/{image_id}", status=200),
)
def test_no_change_of_what_is_the_services(images: Images) -> None:
    """A user cannot set the status of an image."""
    made = images.new_image()
    explained(images.update_image(made["id"], status="active"), 403)
    images.image(made["id"]).status(200).shape({"status": made["status"]})


@api_test(
    "ec250a5c-e1bf-4c84-b52e-b1b8d4da7548",
    service="image",
    reference=f"{REFERENCE}#image-data",
    creates={"image": 1},
    seconds=0.3,
    fails_if=Change(on="GET /v2/images/{image_id}/file", header=("Content-MD5", "0" * 32)),
)
def test_content_in_full(images: Images) -> None:
    """Content can be given to an image once, is told by its size and hashes, and comes back with its type and hash."""
    image, content = images.new_image()["id"], secrets.token_bytes(1024)
    images.upload(image, content).status(204).body(b"")
    explained(images.upload(image, content[::-1]), 409)
    shown = images.image(image).status(200).shape({"status": "active", "size": len(content)})
    told = shown.json()
    if told.get("os_hash_algo") is not None:
        shown.shape({"os_hash_algo": one_of("sha512", "sha384", "sha256", "sha224", "sha1", "md5")})
        shown.shape({"os_hash_value": hashlib.new(told["os_hash_algo"], content).hexdigest()})
    answer = images.download(image).status(200).body(content)
    answer.header("Content-Type", "application/octet-stream")
    # No MD5 is told where the operator has forbidden it.
    if told.get("checksum") is not None:
        checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
        shown.shape({"checksum": checksum})
        answer.header("Content-MD5", checksum)


@api_test(
    "50dbf959-2493-4a84-9a5a-37e44dc37fd1",
    service="image",
    reference=f"{REFERENCE}#delete-image",
    uses=("images",),
    creates={"image": 1},
    seconds=0.3,
    fails_if=Change(on="GET /v2/images/{image_id}/file", status=200),
)
def test_delete_in_full(images: Images, session: Session) -> None:
    """Of an image that was deleted nothing can be read or changed any more, and the lists have only the others."""
    other, image = session.common("images")["small"]["id"], images.new_image(b"content", tags=["old"])["id"]
    ids = f"in:{other},{image}"
    with session.setting_up():
        images.images(id=ids).status(200)
    images.delete_image(image).status(204).body(b"")
    images.gone(image)
    explained(images.image(image), 404)
    explained(images.download(image), 404)
    explained(images.update_image(image, name=session.name()), 404)
    explained(images.add_tag(image, "new"), 404)
    explained(images.delete_tag(image, "old"), 404)
    explained(images.delete_image(image), 404)
    left = images.images(id=ids).status(200)
    left.require("the ids in $.images", [other], [item["id"] for item in left.json()["images"]])
