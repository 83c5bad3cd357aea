"""Images made of servers. https://docs.openstack.org/api-ref/compute/#create-image-createimage-action"""

from __future__ import annotations

from defcore.kit import Change, Compute, Images, Session, api_test, with_json
from defcore.kit.compute.actions import allowed, create_image, wait_idle
from defcore.kit.match import one_of

REFERENCE = "https://docs.openstack.org/api-ref/compute/#create-image-createimage-action"
SHOW = "GET /v2/images/{image_id}"
USES = ("lent-server", "flavor")
CREATES = {"image": 1}


@api_test(
    "3731d080-d4c5-4872-b41a-64d0d0021314",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.5,
    fails_if=Change(on=SHOW, body=with_json("image_type", "snapshot")),
)
def test_create_and_delete(compute: Compute, images: Images, session: Session) -> None:
    """An image of a server has the metadata that was asked for, needs no more than its server, and can be deleted."""
    with compute.lent(whole=True) as server:
        with session.setting_up():
            # As it is now: another test may have rebuilt it.
            origin = compute.server(server["id"]).status(200).json()["server"]["image"]["id"]
            needs = images.image(origin).status(200).json()
            disk = session.common("flavor")["disk"]
        name = session.name()
        answer, image = create_image(compute, server["id"], {"name": name, "metadata": {"image_type": "test"}})
        allowed(answer, "make images of servers").status(202)
        made = session.wait.until(lambda: images.image(image), "status", "active", over=("killed", "deleted"))
        made.shape({"name": name, "image_type": "test"})
        made.shape({"min_ram": needs["min_ram"], "min_disk": one_of(needs["min_disk"], disk)})
        images.delete_image(image).status(204)
        images.gone(image)
        wait_idle(compute, server["id"])


@api_test(
    "3b7c6fe4-dfe7-477c-9243-b06359db51e6",
    service="compute",
    reference=REFERENCE,
    uses=USES,
    creates=CREATES,
    seconds=0.5,
    fails_if=Change(on=SHOW, body=with_json("status", "killed")),
)
def test_create_with_letter_of_many_bytes(compute: Compute, images: Images, session: Session) -> None:
    """An image is made of a server under a name with a letter that takes several bytes."""
    with compute.lent() as server:
        name = f"{session.name()}-\N{COLON SIGN}"
        answer, image = create_image(compute, server["id"], {"name": name})
        allowed(answer, "make images of servers").status(202)
        made = images.ready(image)
        session.advise(lambda: answer.require("$.name", name, made["name"]))
        wait_idle(compute, server["id"])
