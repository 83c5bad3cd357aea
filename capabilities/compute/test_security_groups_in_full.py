"""Security groups by way of the compute service, from their beginning to their end.

https://docs.openstack.org/api-ref/compute/#security-groups-os-security-groups-deprecated
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit import Change, Compute, Session, api_test, with_item, with_json
from defcore.kit.checks import refused
from defcore.kit.compute.checks import done, once, told
from defcore.kit.compute.security_groups import GROUP, GROUPS, SecurityGroups
from defcore.kit.match import containing

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
EXTENSION = ("network:security-group",)
LIST, SHOW = "GET /os-security-groups", "GET /os-security-groups/{security_group_id}"
OF_SERVER = "GET /servers/{server_id}/os-security-groups"
ODD = "Gruppe-\N{LATIN SMALL LETTER E WITH ACUTE}-\N{COLON SIGN}"


@pytest.fixture(name="groups")
def _groups(compute: Compute) -> SecurityGroups:
    return SecurityGroups(compute)


def _listed(answer: Answer, project: str) -> list[dict[str, Any]]:
    """Return the groups in a list, all of which must be the project's."""
    found: list[dict[str, Any]] = told(answer, GROUPS).json()["security_groups"]
    for item in found:
        answer.require(f"the project of group {item['id']}", project, item["tenant_id"])
    return found


@api_test(
    "edb6a18b-ff73-4e49-87cc-3c0292641728",
    service="compute",
    reference=f"{REFERENCE}#create-security-group",
    extensions=EXTENSION,
    creates={"security-group": 1},
    seconds=0.6,
    fails_if=Change(on=LIST, body=with_item("security_groups", tenant_id="another")),
)
def test_from_creation_to_deletion(groups: SecurityGroups, compute: Compute, session: Session) -> None:
    """A security group is told of alike when it is made, shown and listed, and not at all once it is deleted."""
    wanted = {"name": f"{session.name()}-{ODD}", "description": f"made for a test {ODD}"}
    made = told(groups.create(**wanted), GROUP).shape({"security_group": wanted | {"tenant_id": compute.project_id}})
    group = made.json()["security_group"]
    shown = told(groups.one(group["id"]), GROUP)
    shown.require("$.security_group", group, shown.json()["security_group"])
    answer = groups.all()
    once(answer, "$.security_groups", group, _listed(answer, compute.project_id))
    done(groups.delete(group["id"]), 202)
    refused(groups.gone(group["id"]), 404)
    answer = groups.all()
    ids = [item["id"] for item in _listed(answer, compute.project_id)]
    answer.require("the id in the list", [], [item for item in ids if item == group["id"]])
    refused(groups.delete(group["id"]), 404)


@api_test(
    "0296361f-ae0a-4fbf-aef5-b987af1f518e",
    service="compute",
    reference=f"{REFERENCE}#update-security-group",
    extensions=EXTENSION,
    creates={"security-group": 1},
    seconds=0.5,
    fails_if=Change(on="PUT /os-security-groups/{security_group_id}", body=with_json("security_group.rules", [None])),
)
def test_changed(groups: SecurityGroups, session: Session) -> None:
    """A security group that is changed is told of so at once, shown and listed, and there is no other to be changed."""
    group = groups.new()
    wanted = group | {"name": f"{session.name()}-{ODD}", "description": f"changed by a test {ODD}"}
    changed = told(groups.update(group["id"], wanted["name"], wanted["description"]), GROUP)
    changed.require("$.security_group", wanted, changed.json()["security_group"])
    shown = told(groups.one(group["id"]), GROUP)
    shown.require("$.security_group", wanted, shown.json()["security_group"])
    listed = told(groups.all(), GROUPS)
    once(listed, "$.security_groups", wanted, listed.json()["security_groups"])
    refused(groups.update(str(uuid.uuid4()), wanted["name"], "changed by a test"), 404)


@api_test(
    "805a18b6-d0af-4758-a9fc-27e0e1fde8ce",
    service="compute",
    reference=f"{REFERENCE}#remove-security-group-from-a-server-removesecuritygroup-action",
    extensions=EXTENSION,
    uses=("lent-server",),
    creates={"security-group": 1},
    seconds=1,
    fails_if=Change(on=OF_SERVER, nth=2, body=with_item("security_groups")),
)
def test_added_and_removed(groups: SecurityGroups, compute: Compute, session: Session) -> None:
    """A security group that is added to a server is listed there as it was made and named by it until it is removed."""
    group = groups.new()
    name = {"name": group["name"]}
    with compute.lent() as server:
        with session.setting_up():
            before = _listed(groups.of(server["id"]), compute.project_id)
            compute.server(server["id"]).status(200)
        done(compute.action(server["id"], "addSecurityGroup", name), 202)
        answer = groups.of(server["id"])
        once(answer, "$.security_groups", group, _listed(answer, compute.project_id))
        shown = compute.server(server["id"]).status(200)
        shown.require("$.server.security_groups", containing(name), shown.json()["server"].get("security_groups"))
        done(compute.action(server["id"], "removeSecurityGroup", name), 202)
        answer = groups.of(server["id"])
        left = _listed(answer, compute.project_id)
        answer.require("$.security_groups[*].id", sorted(x["id"] for x in before), sorted(x["id"] for x in left))
        shown = compute.server(server["id"]).status(200)
        others = [item for item in shown.json()["server"].get("security_groups", []) if item == name]
        shown.require("the group among $.server.security_groups", [], others)
