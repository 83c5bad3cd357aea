"""Rules of security groups. https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules"""

from __future__ import annotations

import secrets
from typing import Any

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.match import containing, one_of
from defcore.kit.network.addresses import blocks
from defcore.kit.network.shapes import RULE

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#create-security-group-rule"
POST = "POST /v2.0/security-group-rules"
SHOW = "GET /v2.0/security-group-rules/{security_group_rule_id}"
NEEDS = ("network:security-group",)
ONE = {"security-group": 1, "security-group-rule": 3}
"""A new group lets everything out, with a rule for each version of IP."""
OPEN = {
    "direction": "ingress",
    "ethertype": "IPv4",
    "port_range_min": None,
    "port_range_max": None,
    "remote_group_id": None,
    "remote_ip_prefix": None,
}


def port() -> int:
    """Return the first of some ports that hardly another rule in a lent group is for."""
    return 1 + secrets.randbelow(65000)


def create(networks: Networks, group: str, **members: Any) -> None:  # noqa: ANN401 - members of a rule
    """Create a rule of a group, and see that it is as it was asked for."""
    wanted = OPEN | members
    networks.rule.create(security_group_id=group, **wanted).status(201).shape({"security_group_rule": wanted})


@api_test(
    "cfb99e0e-7410-4a3d-8a0c-959a63ee77e9",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("lent-security-group",),
    seconds=1.5,
    fails_if=Change(on=SHOW, nth=2, body=with_json("security_group_rule.protocol", "sctp")),
)
def test_create_show_list_delete_rules(networks: Networks, session: Session) -> None:
    """Rules for TCP, UDP and ICMP are shown as they were created, are listed, and no longer once they are deleted."""
    made: list[str] = []
    with networks.lent_security_group() as lent:
        group = lent["id"]
        for protocol in ("tcp", "udp", "icmp"):
            members = {"direction": "ingress", "ethertype": "IPv4", "protocol": protocol}
            created = networks.rule.create(security_group_id=group, **members).status(201)
            rule = created.shape({"security_group_rule": {"id": str}}).json()["security_group_rule"]
            session.advise(lambda created=created: created.shape({"security_group_rule": RULE}))  # type: ignore[misc]
            shown = networks.rule.show(rule["id"]).status(200)
            shown.shape({"security_group_rule": {key: one_of(value) for key, value in rule.items()}})
            made.append(rule["id"])
        listed = networks.rule.list(security_group_id=group).status(200)
        for rule in made:
            listed.require("$.security_group_rules[*].id", containing(rule), networks.rule.found(listed))
            networks.rule.delete(rule).status(204)
        listed = networks.rule.list(security_group_id=group).status(200)
        left = [item for item in networks.rule.found(listed) if item in made]
        listed.require("$.security_group_rules[*].id", [], left)


@api_test(
    "87dfbcf9-1849-43ea-b1e4-efa3eeae9f71",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("lent-security-group",),
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("security_group_rule.port_range_max", 0)),
)
def test_rule_with_ports(networks: Networks) -> None:
    """A rule has the direction, the protocol and the ports that were asked for."""
    first = port()
    with networks.lent_security_group() as group:
        create(networks, group["id"], protocol="tcp", port_range_min=first, port_range_max=first)


@api_test(
    "c9463db8-b44d-4f52-b6c0-8dbda99f26ce",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    creates=ONE | {"security-group-rule": 7},
    seconds=1,
    fails_if=Change(on=POST, nth=2, body=with_json("security_group_rule.port_range_max", None)),
)
def test_rules_with_icmp_types(networks: Networks) -> None:
    """A rule for ICMP has the type and the code that were asked for, 0 among them, or no code."""
    group = networks.security_group.new()["id"]
    for kind, code in ((3, 2), (3, 0), (8, 0), (0, 0), (11, None)):
        create(networks, group, protocol="icmp", port_range_min=kind, port_range_max=code)


@api_test(
    "c2ed2deb-7a0c-44d8-8b4c-a5825b5c310b",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("lent-security-group", "security-group"),
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("security_group_rule.remote_group_id", None)),
)
def test_rule_with_remote_group(networks: Networks, session: Session) -> None:
    """A rule can be for the members of another security group."""
    other, first = session.common("security-group")["id"], port()
    with networks.lent_security_group() as group:
        ports = {"port_range_min": first, "port_range_max": first + 5}
        create(networks, group["id"], protocol="udp", remote_group_id=other, **ports)


@api_test(
    "16459776-5da2-4634-bce4-4b55ee3ec188",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("lent-security-group",),
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("security_group_rule.remote_ip_prefix", "0.0.0.0/0")),
)
def test_rule_with_remote_prefix(networks: Networks) -> None:
    """A rule can be for a range of addresses."""
    first, (cidr,) = port(), blocks(1)
    with networks.lent_security_group() as group:
        ports = {"port_range_min": first, "port_range_max": first + 1}
        create(networks, group["id"], protocol="tcp", remote_ip_prefix=cidr, **ports)


@api_test(
    "0a307599-6655-4220-bebc-fd70c64f2290",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    creates=ONE,
    seconds=0.5,
    fails_if=Change(on=POST, body=with_json("security_group_rule.protocol", "18")),
)
def test_rule_with_protocol_number(networks: Networks) -> None:
    """The protocol of a rule can be given by its number."""
    group = networks.security_group.new()["id"]
    created = networks.rule.create(security_group_id=group, direction="ingress", protocol=17).status(201)
    created.shape({"security_group_rule": {"direction": "ingress", "protocol": one_of(17, "17")}})
