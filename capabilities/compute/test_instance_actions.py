"""What a cloud remembers of actions on a server.

https://docs.openstack.org/api-ref/compute/#servers-actions-servers-os-instance-actions
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Session, api_test, with_json, without_items
from defcore.kit.compute.actions import RECORDED_ALL, RECORDED_ONE, recorded, recorded_one
from defcore.kit.match import containing

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
LIST = "GET /servers/{server_id}/os-instance-actions"


@api_test(
    "77ca5cc5-9990-45e0-ab98-1de8fead201a",
    service="compute",
    reference=f"{REFERENCE}#list-actions-for-server",
    uses=("lent-server",),
    seconds=1,
    fails_if=Change(on=LIST, body=without_items("instanceActions", "action", "reboot")),
)
def test_list(compute: Compute, session: Session) -> None:
    """The list of a server's actions holds its creation and each one since, and nothing else."""
    with compute.lent() as server:
        with session.setting_up():
            before = recorded(compute, server["id"]).status(200).shape(RECORDED_ALL).json()["instanceActions"]
            compute.action(server["id"], "reboot", {"type": "HARD"}).status(202)
            compute.ready(server["id"])
        answer = recorded(compute, server["id"]).status(200).shape(RECORDED_ALL)
        actions = [item["action"] for item in answer.json()["instanceActions"]]
        answer.require("$.instanceActions[*].action", containing("create"), actions)
        expected = sorted([*(item["action"] for item in before), "reboot"])
        answer.require("$.instanceActions[*].action", expected, sorted(actions))


@api_test(
    "aacc71ca-1d70-4aa5-bbf6-0ff71470e43c",
    service="compute",
    reference=f"{REFERENCE}#show-server-action-details",
    uses=("server",),
    seconds=0.2,
    fails_if=Change(on=f"{LIST}/{{request_id}}", body=with_json("instanceAction.action", "delete")),
)
def test_show(compute: Compute, session: Session) -> None:
    """The creation of a server is remembered as an action on it, under the id of the request."""
    server = session.common("server")["id"]
    with session.setting_up():
        known = recorded(compute, server).status(200).shape(RECORDED_ALL).json()["instanceActions"]
    request = next((item["request_id"] for item in known if item["action"] == "create"), "")
    answer = recorded_one(compute, server, request).status(200).shape(RECORDED_ONE)
    answer.shape({"instanceAction": {"instance_uuid": server, "action": "create", "request_id": request}})
