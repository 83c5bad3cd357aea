"""A volume that is attached to a server, as server and volume tell of it.

https://docs.openstack.org/api-ref/compute/#servers-with-volume-attachments-servers-os-volume-attachments
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Compute, Only, Volumes, api_test, with_json
from defcore.kit.checks import refused
from defcore.kit.compute.attachments import ATTACHED, ATTACHED_ALL, Attachments
from defcore.kit.compute.checks import done, told
from defcore.kit.volume import told as of_volumes

if TYPE_CHECKING:
    from defcore.kit import Answer

ODD = "\N{LATIN SMALL LETTER E WITH ACUTE}-\N{COLON SIGN}"


@api_test(
    "6dbec098-35bb-449d-a448-5bebcfe4fcad",
    service="compute",
    reference="https://docs.openstack.org/api-ref/compute/#attach-a-volume-to-an-instance",
    uses=("lent-server",),
    creates={"volume": 1},
    seconds=2,
    fails_if=Change(
        on="GET /servers/{server_id}/os-volume_attachments", body=with_json("volumeAttachments.0.device", "another")
    ),
)
def test_from_attaching_to_detaching(compute: Compute, volumes: Volumes) -> None:
    """A server and a volume tell alike that the one is attached to the other, and neither does once it is detached."""
    free = volumes.new_volume(description=f"made for a test {ODD}", metadata={"test": ODD})
    volume = free["id"]
    with compute.lent() as server:
        attached = Attachments(compute, server["id"])
        with compute.session.setting_up():
            attached.all().status(200).shape({"volumeAttachments": []})
        wanted = {"id": volume, "volumeId": volume, "serverId": server["id"]}
        made = told(attached.attach(volume), ATTACHED).shape({"volumeAttachment": wanted})
        by = [{"id": volume, "volume_id": volume, "server_id": server["id"]}]
        _alike(volumes.reached(volume, "in-use"), free, status="in-use", attachments=by)
        shown = told(attached.one(volume), ATTACHED).shape({"volumeAttachment": wanted})
        known = shown.json()["volumeAttachment"]
        made.require("$.volumeAttachment", known, made.json()["volumeAttachment"])
        listed = told(attached.all(), ATTACHED_ALL)
        listed.require("$.volumeAttachments", [known], listed.json()["volumeAttachments"])
        done(attached.detach(volume), 202)
        _alike(volumes.reached(volume), free)
        # The volume is free a moment before the server forgets it.
        refused(compute.session.wait.gone(lambda: attached.one(volume)), 404)
        listed = told(attached.all(), ATTACHED_ALL)
        listed.require("$.volumeAttachments", [], listed.json()["volumeAttachments"])
        refused(attached.detach(volume), 404)


def _alike(answer: Answer, before: dict[str, Any], **new: object) -> None:
    """Require that a volume is told of as before, but for what is new."""
    of_volumes.told(answer, 200).shape(Only({"volume": Only(of_volumes.again(before).members | new)}))
