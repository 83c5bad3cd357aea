"""Volumes attached to a server.

https://docs.openstack.org/api-ref/compute/#servers-with-volume-attachments-servers-os-volume-attachments
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Volumes, api_test, with_item, with_json
from defcore.kit.compute.actions import stop_and_start
from defcore.kit.compute.attachments import ATTACHED, ATTACHED_ALL, Attachments

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
USES = ("lent-server", "lent-volume")


@api_test(
    "52e9045a-e90d-4c0d-9087-79d657faffff",
    service="compute",
    reference=f"{REFERENCE}#attach-a-volume-to-an-instance",
    uses=USES,
    seconds=2.5,
    fails_if=Change(on="GET /v3/{project_id}/volumes/{volume_id}", body=with_json("volume.status", "error")),
)
def test_attach_and_detach(compute: Compute, volumes: Volumes) -> None:
    """A server with a volume stops and starts while the volume is in use, and again once it is free."""
    with compute.lent() as server, volumes.lent() as lent:
        volume = lent["id"]
        attached = Attachments(compute, server["id"])
        attached.attach(volume).status(200).shape(ATTACHED)
        volumes.ready(volume, "in-use")
        stop_and_start(compute, server["id"])
        attached.detach(volume).status(202)
        volumes.ready(volume)
        stop_and_start(compute, server["id"])


@api_test(
    "7fa563fe-f0f7-43eb-9e22-a1ece036b513",
    service="compute",
    reference=f"{REFERENCE}#list-volume-attachments-for-an-instance",
    uses=USES,
    seconds=1.5,
    fails_if=Change(on="GET /servers/{server_id}/os-volume_attachments", body=with_item("volumeAttachments")),
)
def test_list_and_show(compute: Compute, volumes: Volumes) -> None:
    """A server shows each volume that is attached to it, and lists these and no other one."""
    known: list[dict[str, str]] = []
    with compute.lent() as server, volumes.lent() as one, volumes.lent() as other:
        both = (one["id"], other["id"])
        attached = Attachments(compute, server["id"])
        for volume in both:
            answer = attached.attach(volume).status(200).shape(ATTACHED)
            known.append(answer.json()["volumeAttachment"])
            volumes.ready(volume, "in-use")
            listed = attached.all().status(200).shape(ATTACHED_ALL)
            listed.require("$.volumeAttachments", len(known), len(listed.json()["volumeAttachments"]))
            if len(known) == 1:
                listed.shape({"volumeAttachments": known})
        for item in known:
            shown = attached.one(item["id"]).status(200).shape(ATTACHED)
            wanted = {"id": item["id"], "volumeId": item["volumeId"], "serverId": server["id"]}
            shown.shape({"volumeAttachment": wanted})
        for volume in both:
            attached.detach(volume).status(202)
            volumes.ready(volume)
