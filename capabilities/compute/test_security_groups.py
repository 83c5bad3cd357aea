"""Security groups by way of the compute service.

https://docs.openstack.org/api-ref/compute/#security-groups-os-security-groups-deprecated
"""

from __future__ import annotations

import pytest

from defcore.kit import Change, Compute, Session, api_test, with_json, without_items
from defcore.kit.compute.security_groups import GROUP, GROUPS, SecurityGroups
from defcore.kit.match import containing

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
EXTENSION = ("network:security-group",)
USES = ("lent-server",)
LIST, SHOW = "GET /os-security-groups", "GET /os-security-groups/{security_group_id}"


@pytest.fixture(name="groups")
def _groups(compute: Compute) -> SecurityGroups:
    return SecurityGroups(compute)


@api_test(
    "eb2b087d-633d-4d0d-a7bd-9e6ba35b32de",
    service="compute",
    reference=f"{REFERENCE}#list-security-groups",
    extensions=EXTENSION,
    creates={"security-group": 2},
    seconds=0.3,
    fails_if=Change(on=LIST, body=without_items("security_groups", "name", "defcore-")),
)
def test_create_list_and_delete(groups: SecurityGroups) -> None:
    """Security groups are listed as they were made until they are deleted."""
    made = [groups.new() for _ in range(2)]
    listed = groups.all().status(200).shape(GROUPS)
    ours = [item for item in listed.json()["security_groups"] if item in made]
    listed.require("$.security_groups", sorted(item["id"] for item in made), sorted(item["id"] for item in ours))
    for item in made:
        groups.delete(item["id"]).status(202)
        groups.gone(item["id"])
    listed = groups.all().status(200).shape(GROUPS)
    listed.require("$.security_groups", [], [item for item in listed.json()["security_groups"] if item in made])


@api_test(
    "ecc0da4a-2117-48af-91af-993cca39a615",
    service="compute",
    reference=f"{REFERENCE}#create-security-group",
    extensions=EXTENSION,
    creates={"security-group": 1},
    seconds=0.3,
    fails_if=Change(on=SHOW, body=with_json("security_group.name", "defcore-stripped")),
)
def test_create_show_and_delete(groups: SecurityGroups, session: Session) -> None:
    """The name of a security group may begin and end with spaces and hold some, and is shown as it was given."""
    name = f" {session.name()} group "
    made = groups.create(name, "made for a test").status(200).shape(GROUP).shape({"security_group": {"name": name}})
    group = made.json()["security_group"]["id"]
    shown = groups.one(group).status(200).shape(GROUP)
    shown.require("$", made.json(), shown.json())
    groups.delete(group).status(202)
    groups.gone(group)


@api_test(
    "7d4e1d3c-3209-4d6d-b020-986304ebad1f",
    service="compute",
    reference=f"{REFERENCE}#update-security-group",
    extensions=EXTENSION,
    creates={"security-group": 1},
    seconds=0.3,
    fails_if=Change(on=SHOW, body=with_json("security_group.description", "unchanged")),
)
def test_update(groups: SecurityGroups, session: Session) -> None:
    """A security group has its new name and description once they are changed."""
    group, name, description = groups.new()["id"], session.name(), "changed by a test"
    groups.update(group, name, description).status(200).shape(GROUP)
    wanted = {"name": name, "description": description}
    groups.one(group).status(200).shape(GROUP).shape({"security_group": wanted})


@api_test(
    "79517d60-535a-438f-af3d-e6feab1cbea7",
    service="compute",
    reference=f"{REFERENCE}#list-security-groups-by-server",
    extensions=EXTENSION,
    uses=USES,
    creates={"security-group": 2},
    seconds=1,
    fails_if=Change(
        on="GET /servers/{server_id}/os-security-groups", body=without_items("security_groups", "name", "defcore-")
    ),
)
def test_list_of_a_server(groups: SecurityGroups, compute: Compute, session: Session) -> None:
    """The security groups that are added to a server are listed as its own."""
    made = [groups.new() for _ in range(2)]
    with compute.lent() as server:
        for item in made:
            compute.action(server["id"], "addSecurityGroup", {"name": item["name"]}).status(202)
        listed = groups.of(server["id"]).status(200).shape(GROUPS)
        ids = [item["id"] for item in listed.json()["security_groups"]]
        for item in made:
            listed.require("$.security_groups[*].id", containing(item["id"]), ids)
        with session.setting_up():
            for item in made:
                compute.action(server["id"], "removeSecurityGroup", {"name": item["name"]}).status(202)


@api_test(
    "fe4abc0d-83f5-4c50-ad11-57a1127297a2",
    service="compute",
    reference=f"{REFERENCE}#add-security-group-to-a-server-addsecuritygroup-action",
    extensions=EXTENSION,
    uses=USES,
    creates={"security-group": 2},
    seconds=1.5,
    fails_if=Change(on="DELETE /os-security-groups/{security_group_id}", status=202),
)
def test_in_use(groups: SecurityGroups, compute: Compute) -> None:
    """A security group cannot be deleted as long as a server has it, and can once that server is gone."""
    first, second = groups.new(), groups.new()
    with compute.lent(keep=True) as server:
        compute.action(server["id"], "addSecurityGroup", {"name": first["name"]}).status(202)
        groups.delete(first["id"]).status(400)
        compute.action(server["id"], "reboot", {"type": "HARD"}).status(202)
        compute.ready(server["id"])
        compute.action(server["id"], "addSecurityGroup", {"name": second["name"]}).status(202)
        groups.delete(second["id"]).status(400)
        compute.delete_server(server["id"]).status(204)
        compute.gone(server["id"])
        for item in (first, second):
            groups.delete(item["id"]).status(202)
