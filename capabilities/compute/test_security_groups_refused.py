"""What the compute service refuses about security groups.

https://docs.openstack.org/api-ref/compute/#security-groups-os-security-groups-deprecated
"""

from __future__ import annotations

import uuid

import pytest

from defcore.kit import Change, Compute, Session, api_test
from defcore.kit.compute.security_groups import GROUPS, SecurityGroups

REFERENCE = "https://docs.openstack.org/api-ref/compute/"
EXTENSION = ("network:security-group",)
ONE = "/os-security-groups/{security_group_id}"


@pytest.fixture(name="groups")
def _groups(compute: Compute, session: Session) -> SecurityGroups:
    """Show that security groups are there to be listed."""
    groups = SecurityGroups(compute)
    with session.setting_up():
        groups.all().status(200)
    return groups


@api_test(
    "673eaec1-9b3e-48ed-bdf1-2786c1b9661c",
    service="compute",
    reference=f"{REFERENCE}#show-security-group-details",
    extensions=EXTENSION,
    seconds=0.1,
    fails_if=Change(on=f"GET {ONE}", status=200),
)
def test_show_no_group(groups: SecurityGroups) -> None:
    """A security group that does not exist is not found."""
    groups.one(str(uuid.uuid4())).status(404)


@api_test(
    "27edee9c-873d-4da6-a68a-3c256efebe8f",
    service="compute",
    reference=f"{REFERENCE}#update-security-group",
    extensions=EXTENSION,
    seconds=0.1,
    fails_if=Change(on=f"PUT {ONE}", status=200),
)
def test_update_no_group(groups: SecurityGroups, session: Session) -> None:
    """A security group that does not exist is not found to be changed."""
    groups.update(str(uuid.uuid4()), session.name(), "changed by a test").status(404)


@api_test(
    "6727c00b-214c-4f9e-9a52-017ac3e98411",
    service="compute",
    reference=f"{REFERENCE}#delete-security-group",
    extensions=EXTENSION,
    seconds=0.1,
    fails_if=Change(on=f"DELETE {ONE}", status=202),
)
def test_delete_no_group(groups: SecurityGroups) -> None:
    """A security group that does not exist is not found to be deleted."""
    groups.delete(str(uuid.uuid4())).status(404)


@api_test(
    "1438f330-8fa4-4aeb-8a94-37c250106d7f",
    service="compute",
    reference=f"{REFERENCE}#delete-security-group",
    extensions=EXTENSION,
    seconds=0.1,
    fails_if=Change(on=f"DELETE {ONE}", status=202),
)
def test_delete_without_id(groups: SecurityGroups) -> None:
    """A deletion that does not say of which security group finds none."""
    groups.delete("").status(404)


@api_test(
    "36a1629f-c6da-4a26-b8b8-55e7e5d5cd58",
    service="compute",
    reference=f"{REFERENCE}#delete-security-group",
    extensions=EXTENSION,
    seconds=0.1,
    fails_if=Change(on=f"DELETE {ONE}", status=202),
)
def test_delete_default(compute: Compute) -> None:
    """The security group called default cannot be deleted."""
    groups = SecurityGroups(compute)
    listed = groups.all().status(200).shape(GROUPS)
    found = [item["id"] for item in listed.json()["security_groups"] if item["name"] == "default"]
    listed.require("$.security_groups[?@.name == 'default']", [str], found)
    groups.delete(found[0]).status(400)
