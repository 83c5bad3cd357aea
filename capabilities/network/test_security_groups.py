"""Security groups. https://docs.openstack.org/api-ref/network/v2/#security-groups-security-groups"""

from __future__ import annotations

import uuid

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.match import containing
from defcore.kit.network.shapes import SECURITY_GROUP

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
LIST = "GET /v2.0/security-groups"
SHOW = "GET /v2.0/security-groups/{security_group_id}"
DELETE = "DELETE /v2.0/security-groups/{security_group_id}"
NEEDS = ("network:security-group",)
ONE = {"security-group": 1, "security-group-rule": 2}
"""A new group lets everything out, with a rule for each version of IP."""


@api_test(
    "e30abd17-fef9-4739-8617-dc26da88e686",
    service="network",
    reference=REFERENCE + "#list-security-groups",
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=LIST, body=with_json("security_groups", [])),
)
def test_list_security_groups(networks: Networks, session: Session) -> None:
    """The list of security groups holds one that is called default."""
    session.common("security-group")
    listed = networks.security_group.listing("default", "name")
    listed.require("$.security_groups[*].name", containing("default"), networks.security_group.found(listed, "name"))


@api_test(
    "bfd128e5-3c92-44b6-9d66-7fe29d22c802",
    service="network",
    reference=REFERENCE + "#update-security-group",
    extensions=NEEDS,
    creates=ONE,
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("security_group.description", "another")),
)
def test_create_list_update_show_delete_security_group(networks: Networks, session: Session) -> None:
    """A security group is listed, can be renamed and described anew, and is no longer listed once it is deleted."""
    name, groups = session.name(), networks.security_group
    created = groups.create(name=name).status(201).shape({"security_group": {"id": str, "name": name}})
    session.advise(lambda: created.shape({"security_group": SECURITY_GROUP}))
    group = created.json()["security_group"]["id"]
    listed = groups.listing(group)
    listed.require("$.security_groups[*].id", containing(group), groups.found(listed))
    after = {"name": session.name(), "description": "plum and pear"}
    groups.update(group, **after).status(200).shape({"security_group": after})
    groups.show(group).status(200).shape({"security_group": after})
    groups.delete(group).status(204)
    listed = groups.listing(group)
    listed.require("$.security_groups[*].id", [], [item for item in groups.found(listed) if item == group])


@api_test(
    "2323061e-9fbf-4eb0-b547-7e8fafc90849",
    service="network",
    reference=REFERENCE + "#create-security-group",
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on="POST /v2.0/security-groups", status=201),
)
def test_create_second_default_group(networks: Networks, session: Session) -> None:
    """A project gets no second security group that is called default."""
    session.common("security-group")
    networks.security_group.create(name="default", description=session.name()).status(409)


@api_test(
    "424fd5c3-9ddc-486a-b45f-39bf0c820fc6",
    service="network",
    reference=REFERENCE + "#show-security-group",
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=SHOW, status=200),
)
def test_show_missing_security_group(networks: Networks, session: Session) -> None:
    """A security group that does not exist is not found."""
    group = session.common("security-group")["id"]
    session.once("security-group", lambda: networks.security_group.show(group).status(200))
    networks.security_group.show(str(uuid.uuid4())).status(404)


@api_test(
    "1f1bb89d-5664-4956-9fcd-83ee0fa603df",
    service="network",
    reference=REFERENCE + "#delete-security-group",
    extensions=NEEDS,
    creates=ONE,
    seconds=0.5,
    fails_if=Change(on=DELETE, status=204),
)
def test_delete_missing_security_group(networks: Networks, session: Session) -> None:
    """A security group that does not exist cannot be deleted."""
    with session.setting_up():
        networks.security_group.delete(networks.security_group.new()["id"]).status(204)
    networks.security_group.delete(str(uuid.uuid4())).status(404)
