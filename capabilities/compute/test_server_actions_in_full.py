"""Actions on servers, with all that the reference says of their answers.

https://docs.openstack.org/api-ref/compute/#servers-run-an-action-servers-action
"""

from __future__ import annotations

from typing import Any

from defcore.kit import Change, Compute, Images, Maybe, Only, Session, api_test, with_json
from defcore.kit.checks import explained, in_json, leading_to, refused
from defcore.kit.compute.actions import allowed, create_image, wait_idle
from defcore.kit.compute.common import two_flavors
from defcore.kit.compute.full import one, usual
from defcore.kit.image.shapes import IMAGE
from defcore.kit.match import text_like

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
SHOW = "GET /servers/{server_id}"
ACTION = "POST /servers/{server_id}/action"
FOREIGN = "\u03ba\u03cc\u03c3\u03bc\u03bf\u03c2"
NEVER = ("ERROR", "ACTIVE")
"""States that end the waiting for another one: a server that is back there does not leave it by itself."""
HIDDEN = Maybe(shape=False)
MADE = text_like("the URL of an image", r"https?://\S+/images/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@api_test(
    "907f48c5-56bf-4a33-93e2-48aeaf86e6d5",
    service="compute",
    reference=f"{REFERENCE}#servers-run-an-action-servers-action",
    fails_if=Change(on=f"{ACTION} (lock)", header=("OpenStack-API-Version", None)),
    uses=("lent-server",),
    seconds=1.5,
)
def test_lock_stop_start_reboot(compute: Compute, session: Session) -> None:
    """A server is locked, unlocked, stopped, started and rebooted, and each answer says as of which version it is."""
    with compute.lent() as server:
        one(session, compute.server(server["id"]).status(200))
        usual(compute.action(server["id"], "lock").status(202))
        usual(refused(compute.action(server["id"], "os-stop"), 409))
        usual(compute.action(server["id"], "unlock").status(202))
        usual(compute.action(server["id"], "os-stop").status(202))
        compute.ready(server["id"], "SHUTOFF")
        usual(compute.action(server["id"], "os-start").status(202))
        compute.ready(server["id"])
        compute.action(server["id"], "os-stop").status(202)
        compute.ready(server["id"], "SHUTOFF")
        usual(compute.action(server["id"], "reboot", {"type": "HARD"}).status(202))
        compute.ready(server["id"])


@api_test(
    "1fc63390-9ad7-4510-a485-c622b67b469c",
    service="compute",
    reference=f"{REFERENCE}#resize-server-resize-action",
    fails_if=Change(on=SHOW, body=with_json("server.flavor.id", "another")),
    uses=("lent-server", "flavor", "other-flavor"),
    seconds=5,
)
def test_resize(compute: Compute, session: Session) -> None:
    """A server that is resized is shown with its new flavor until that is reverted, or for good if it is confirmed."""
    other = two_flavors(session)[1]["id"]
    with compute.lent(worn=True, whole=True) as server:
        with session.setting_up():
            before = compute.server(server["id"]).status(200).json()["server"]
        resized(compute, session, before, other)
        usual(compute.action(server["id"], "revertResize").status(202))
        shown_with(compute, session, before, "ACTIVE", before["flavor"]["id"])
        resized(compute, session, before, other)
        usual(compute.action(server["id"], "confirmResize").status(204))
        shown_with(compute, session, before, "ACTIVE", other)


def resized(compute: Compute, session: Session, before: dict[str, Any], flavor: str) -> None:
    """Resize a server, up to where that is to be confirmed or reverted."""
    answer = compute.action(before["id"], "resize", {"flavorRef": flavor})
    usual(allowed(answer, "resize a server").status(202))
    shown_with(compute, session, before, "VERIFY_RESIZE", flavor)


def shown_with(compute: Compute, session: Session, before: dict[str, Any], status: str, flavor: str) -> None:
    """Require that a server is shown with a flavor once it has a status, and otherwise as it was before."""
    over = [item for item in NEVER if item != status]
    shown = session.wait.until(lambda: compute.server(before["id"]), "server.status", status, over=over)
    one(session, shown)
    kept = {key: before[key] for key in ("id", "name", "created", "tenant_id", "user_id")}
    shown.shape({"server": kept | {"flavor": {"id": flavor}, "metadata": Only(before["metadata"])}})


@api_test(
    "381771cb-f308-480e-bdac-751a27df58f0",
    service="compute",
    reference=f"{REFERENCE}#create-image-createimage-action",
    fails_if=Change(on=f"{ACTION} (createImage)", header=("Location", None)),
    uses=("lent-server",),
    creates={"image": 1},
    seconds=0.7,
)
def test_create_image(compute: Compute, images: Images, session: Session) -> None:
    """An image that is made of a server is found where the answer says, by name and metadata of any letters."""
    name, meta = f"{session.name()}-{FOREIGN}", {"purpose": f"{FOREIGN}-7"}
    with compute.lent() as server:
        answer, image = create_image(compute, server["id"], {"name": name, "metadata": meta})
        usual(allowed(answer, "make images of servers").status(202)).header("Location", MADE)
        over = ("killed", "deleted")
        made = session.wait.until(lambda: images.image(image), "status", "active", over=over)
        in_json(made).shape(
            IMAGE | meta | {"id": image, "name": name, "owner": compute.project_id, "os_hidden": HIDDEN}
        )
        made.shape({"self": leading_to(f"/images/{image}"), "file": leading_to(f"/images/{image}/file")})
        made.shape({"schema": leading_to("/schemas/image")})
        lasting = {key: value for key, value in made.json().items() if key in IMAGE.keys() - {"updated_at"}}
        images.image(image).status(200).shape(lasting)
        images.delete_image(image).status(204)
        explained(images.gone(image), 404)
        with session.setting_up():
            # So that the next one to borrow it finds it idle.
            wait_idle(compute, server["id"])
