"""What a cloud remembers of an action on a server, wherever it is told.

https://docs.openstack.org/api-ref/compute/#servers-actions-servers-os-instance-actions
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from defcore.kit import Change, Compute, Session, api_test, with_json
from defcore.kit.checks import refused
from defcore.kit.compute.actions import RECORDED_ALL, RECORDED_ONE, recorded, recorded_one
from defcore.kit.compute.checks import told

if TYPE_CHECKING:
    from defcore.kit import Answer

LIST = "GET /servers/{server_id}/os-instance-actions"


@api_test(
    "2696360a-82cf-40f5-9a57-a88338403331",
    service="compute",
    reference="https://docs.openstack.org/api-ref/compute/#show-server-action-details",
    uses=("lent-server",),
    creates={},
    seconds=1,
    fails_if=Change(on=f"{LIST}/{{request_id}}", body=with_json("instanceAction.message", "another")),
)
def test_recorded(compute: Compute, session: Session) -> None:
    """An action on a server joins those that are listed, is shown alike, and there is none for a request of nobody."""
    mine = {"user_id": compute.user_id, "project_id": compute.project_id}
    with compute.lent() as server:
        before = _requests(told(recorded(compute, server["id"]), RECORDED_ALL))
        with session.setting_up():
            compute.action(server["id"], "reboot", {"type": "HARD"}).status(202)
            compute.ready(server["id"])
        listed = told(recorded(compute, server["id"]), RECORDED_ALL)
        new = [item for item in listed.json()["instanceActions"] if item["request_id"] not in before]
        wanted = {"action": "reboot", "instance_uuid": server["id"]} | mine
        listed.require("what is new in $.instanceActions", [wanted], new)
        listed.require("the requests", sorted([*before, new[0]["request_id"]]), sorted(_requests(listed)))
        shown = told(recorded_one(compute, server["id"], new[0]["request_id"]), RECORDED_ONE)
        shown.shape({"instanceAction": new[0]})
        refused(recorded_one(compute, server["id"], f"req-{uuid.uuid4()}"), 404)


def _requests(listed: Answer) -> list[str]:
    return [item["request_id"] for item in listed.json()["instanceActions"]]
