"""All that is told of security groups, their rules, and subnet pools. https://docs.openstack.org/api-ref/network/v2/"""

from __future__ import annotations

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.match import containing
from defcore.kit.network.addresses import blocks
from defcore.kit.network.common import described, special
from defcore.kit.network.witness import Witness

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/"
SHOW = "GET /v2.0/security-groups/{security_group_id}"
SHOW_RULE = "GET /v2.0/security-group-rules/{security_group_rule_id}"
NEEDS = ("network:security-group",)


@api_test(
    "d597a710-72c8-475c-8eef-d0def2877217",
    service="network",
    reference=REFERENCE + "#security-groups-security-groups",
    extensions=NEEDS,
    creates={"security-group": 1, "security-group-rule": 2},
    seconds=1,
    fails_if=Change(on=SHOW, body=with_json("security_group.description", "another")),
)
def test_security_group_complete(networks: Networks, session: Session) -> None:
    """Every answer about a security group has all that is promised of it, as it was asked for, until it is deleted."""
    groups, first = networks.security_group, {"name": special(session), "description": "Äpfel"}
    ours = Witness(groups, **first).made(groups.create(**first)).shown().listed()
    then = {"name": special(session), "description": "plus de café"}
    ours.told(groups.update(ours.id, **then), then).shown().listed()
    groups.delete(ours.id).status(204)
    ours.gone()


@api_test(
    "e812ab49-3c1c-42f7-8bd1-b7b1d30f629e",
    service="network",
    reference=REFERENCE + "#security-group-rules-security-group-rules",
    extensions=NEEDS,
    creates={"security-group": 1, "security-group-rule": 3},
    seconds=1,
    fails_if=Change(on=SHOW_RULE, body=with_json("security_group_rule.port_range_max", 65535)),
)
def test_rule_complete(networks: Networks) -> None:
    """Every answer about a rule of a security group has all that is promised of it, as it was asked for."""
    (cidr,), group = blocks(1), networks.security_group.new()
    asked = {
        "security_group_id": group["id"],
        "direction": "ingress",
        "ethertype": "IPv4",
        "protocol": "tcp",
        "port_range_min": 80,
        "port_range_max": 443,
        "remote_ip_prefix": cidr,
        **described(networks, "plus de café"),
    }
    ours = Witness(networks.rule, **asked, remote_group_id=None).made(networks.rule.create(**asked))
    ours.shown().listed()
    shown = networks.security_group.show(group["id"])
    Witness(networks.security_group, id=group["id"], name=group["name"]).told(shown)
    rules = [rule["id"] for rule in shown.json()["security_group"]["security_group_rules"]]
    shown.require("$.security_group.security_group_rules[*].id", containing(ours.id), rules)
    networks.rule.delete(ours.id).status(204)
    ours.gone()


@api_test(
    "39b978ec-e488-47bb-be22-493095c57488",
    service="network",
    reference=REFERENCE + "#subnet-pools-extension-subnetpools",
    extensions=("network:subnet_allocation",),
    creates={"subnet-pool": 1},
    seconds=1,
    fails_if=Change(
        on="GET /v2.0/subnetpools/{subnetpool_id}", body=with_json("subnetpool.prefixes", ["192.0.2.0/24"])
    ),
)
def test_subnet_pool_complete(networks: Networks, session: Session) -> None:
    """Every answer about a subnet pool has all that is promised of it, as it was asked for, until it is deleted."""
    pools, first = networks.subnet_pool, {"name": special(session), "prefixes": blocks(1), "default_quota": 512}
    first |= described(networks, "Äpfel")
    ours = Witness(pools, **first, ip_version=4, shared=False).made(pools.create(**first)).shown().listed()
    then = {"name": special(session), **described(networks, "plus de café")}
    ours.told(pools.update(ours.id, **then), then).shown().listed()
    pools.delete(ours.id).status(204)
    ours.gone()
