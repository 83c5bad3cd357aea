"""Actions that change a server, and its end.

https://docs.openstack.org/api-ref/compute/#servers-run-an-action-servers-action
"""

from __future__ import annotations

import secrets

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.compute.actions import REBUILT, allowed, stop_and_start
from defcore.kit.compute.common import two_flavors, two_images

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
SHOW = "GET /servers/{server_id}"
ACTION = "POST /servers/{server_id}/action"
USES = ("lent-server",)
NEVER = ("ERROR", "ACTIVE")
"""States that end the waiting for another one: a server that is back there does not leave it by itself."""


@api_test(
    "2cb1baf6-ac8d-4429-bf0d-ba8a0ba53e32",
    service="compute",
    reference=f"{REFERENCE}#reboot-server-reboot-action",
    uses=USES,
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("server.status", "ERROR")),
)
def test_reboot(compute: Compute) -> None:
    """A server is active again after a hard reboot."""
    with compute.lent() as server:
        compute.action(server["id"], "reboot", {"type": "HARD"}).status(202)
        compute.ready(server["id"])


@api_test(
    "af8eafd4-38a7-4a4b-bdbc-75145a580560",
    service="compute",
    reference=f"{REFERENCE}#stop-server-os-stop-action",
    uses=USES,
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("server.status", "ERROR")),
)
def test_stop_and_start(compute: Compute) -> None:
    """A server is off once it is stopped, and active once it is started again."""
    with compute.lent() as server:
        stop_and_start(compute, server["id"])


@api_test(
    "80a8094c-211e-440a-ab88-9e59d556c7ee",
    service="compute",
    reference=f"{REFERENCE}#lock-server-lock-action",
    uses=USES,
    seconds=1.2,
    fails_if=Change(on=f"{ACTION} (os-stop)", status=202),
)
def test_lock_and_unlock(compute: Compute) -> None:
    """A locked server cannot be stopped and stays active until it is unlocked."""
    with compute.lent() as server:
        compute.action(server["id"], "lock").status(202)
        compute.server(server["id"]).status(200).shape({"server": {"status": "ACTIVE"}})
        compute.action(server["id"], "os-stop").status(409)
        compute.action(server["id"], "unlock").status(202)
        stop_and_start(compute, server["id"])


@api_test(
    "aaa6cdf3-55a7-461a-add9-1c8596b9a07c",
    service="compute",
    reference=f"{REFERENCE}#rebuild-server-rebuild-action",
    uses=(*USES, "image", "other-image"),
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("server.image.id", "unchanged")),
)
def test_rebuild(compute: Compute, session: Session) -> None:
    """A server that is rebuilt has its new image and name, and keeps its flavor and its addresses."""
    image = two_images(session)[1]["id"]
    meta = {"rebuild": "server"}
    wanted = {"imageRef": image, "name": session.name(), "metadata": meta, "adminPass": secrets.token_urlsafe(12)}
    with compute.lent(whole=True) as server:
        answer = compute.action(server["id"], "rebuild", wanted).status(202).shape(REBUILT)
        answer.shape({"server": {"id": server["id"], "image": {"id": image}, "flavor": server["flavor"]}})
        shown = session.wait.until(lambda: compute.server(server["id"]), "server.status", "ACTIVE")
        shown.shape({"server": {"image": {"id": image}, "name": wanted["name"], "addresses": server["addresses"]}})
        session.advise(lambda: shown.shape({"server": {"metadata": meta}}))


@api_test(
    "1499262a-9328-4eda-9068-db1ac57498d2",
    service="compute",
    reference=f"{REFERENCE}#confirm-resized-server-confirmresize-action",
    uses=(*USES, "flavor", "other-flavor"),
    seconds=2,
    fails_if=Change(on=SHOW, body=with_json("server.flavor", {"id": "unchanged"})),
)
def test_resize_and_confirm(compute: Compute, session: Session) -> None:
    """A server has its new flavor once its resize is confirmed."""
    flavor = two_flavors(session)[1]["id"]
    with compute.lent(worn=True, whole=True) as server:
        resize(compute, session, server["id"], flavor)
        compute.action(server["id"], "confirmResize").status(204)
        shown = session.wait.until(lambda: compute.server(server["id"]), "server.status", "ACTIVE")
        shown.shape({"server": {"flavor": {"id": flavor}}})


@api_test(
    "c03aab19-adb1-44f5-917d-c419577e9e68",
    service="compute",
    reference=f"{REFERENCE}#revert-resized-server-revertresize-action",
    uses=(*USES, "flavor", "other-flavor"),
    seconds=3,
    fails_if=Change(on=SHOW, body=with_json("server.flavor", {"id": "changed"})),
)
def test_resize_and_revert(compute: Compute, session: Session) -> None:
    """A server has its old flavor once its resize is reverted."""
    flavor = two_flavors(session)[1]["id"]
    with compute.lent(whole=True) as server:
        resize(compute, session, server["id"], flavor)
        compute.action(server["id"], "revertResize").status(202)
        shown = session.wait.until(lambda: compute.server(server["id"]), "server.status", "ACTIVE")
        shown.shape({"server": {"flavor": {"id": server["flavor"]["id"]}}})


def resize(compute: Compute, session: Session, server: str, flavor: str) -> None:
    """Resize a server, up to where that is to be confirmed or reverted."""
    allowed(compute.action(server, "resize", {"flavorRef": flavor}), "resize a server").status(202)
    session.wait.until(lambda: compute.server(server), "server.status", "VERIFY_RESIZE", over=NEVER)


@api_test(
    "925fdfb4-5b13-47ea-ac8a-c36ae6fddb05",
    service="compute",
    reference=f"{REFERENCE}#delete-server",
    uses=USES,
    gives=("deleted-server",),
    seconds=0.5,
    fails_if=Change(on="DELETE /servers/{server_id}", status=409),
)
def test_delete(compute: Compute, session: Session) -> None:
    """An active server that is deleted is there no more after a while."""
    with compute.lent(keep=True) as server:
        compute.delete_server(server["id"]).status(204)
        session.offer("deleted-server", server, compute.gone(server["id"]))
