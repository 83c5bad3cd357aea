"""Rules that are refused. https://docs.openstack.org/api-ref/network/v2/#create-security-group-rule

A rule like those that are refused here was accepted in the shared security group when that was made.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from defcore.kit import Change, Networks, Session, api_test
from defcore.kit.match import containing
from defcore.kit.network.common import GOOD_RULE

if TYPE_CHECKING:
    from defcore.kit import Answer

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#create-security-group-rule"
POST = "POST /v2.0/security-group-rules"
NEEDS = ("network:security-group",)
ORDER = "port_range_min must be <= port_range_max"
TCP = (
    (-16, 80, "Invalid value for port -16"),
    (80, 79, ORDER),
    (80, 65536, "Invalid value for port 65536"),
    (None, 6, ORDER),
    (-16, 65536, "Invalid value for port"),
)
ICMP = (
    (1, 256, "Invalid value for ICMP code"),
    (-1, 25, "Invalid value"),
    (None, 6, "ICMP type (port-range-min) is missing"),
    (300, 1, "Invalid value for ICMP type"),
)


def create(networks: Networks, session: Session, **members: Any) -> Answer:  # noqa: ANN401 - members of a rule
    """Ask for a rule that differs from the good one in these members."""
    return networks.rule.create(**{"security_group_id": session.common("security-group")["id"], **GOOD_RULE, **members})


@api_test(
    "981bdc22-ce48-41ed-900a-73148b583958",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=POST, status=201),
)
def test_bad_protocol(networks: Networks, session: Session) -> None:
    """A rule for a protocol that is none is refused."""
    create(networks, session, protocol="bad_protocol_name", port_range_min=None, port_range_max=None).status(400)


@api_test(
    "5f8daf69-3c5f-4aaa-88c9-db1d66f68679",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.5,
    fails_if=Change(on=POST, status=201),
)
def test_bad_remote_prefix(networks: Networks, session: Session) -> None:
    """A rule for a range of addresses that is none is refused."""
    for prefix in ("192.168.1./24", "192.168.1.1/33", "bad_prefix", "256"):
        create(networks, session, remote_ip_prefix=prefix).status(400)


@api_test(
    "4bf786fd-2f02-443c-9716-5b98e159a49a",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=POST, status=201),
)
def test_missing_remote_group(networks: Networks, session: Session) -> None:
    """A rule for the members of a security group that does not exist is refused."""
    for group in ("bad_group_id", str(uuid.uuid4())):
        create(networks, session, remote_group_id=group).status(404)


@api_test(
    "5666968c-fff3-40d6-9efc-df1c8bd01abb",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=POST, status=201),
)
def test_bad_ethertype(networks: Networks, session: Session) -> None:
    """A rule for a version of IP that is none is refused."""
    create(networks, session, ethertype="bad_ethertype").status(400)


@api_test(
    "0d9c7791-f2ad-4e2f-ac73-abf2373b0d2d",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.8,
    fails_if=Change(on=POST, status=201),
)
def test_bad_ports(networks: Networks, session: Session) -> None:
    """A rule whose ports, ICMP type or code are out of range or missing is refused, and the answer says why."""
    for protocol, cases in (("tcp", TCP), ("icmp", ICMP)):
        for first, last, words in cases:
            refused = create(networks, session, protocol=protocol, port_range_min=first, port_range_max=last)
            refused.status(400).require("body", containing(words), refused.text)


@api_test(
    "8fde898f-ce88-493b-adc9-4e4692879fc5",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=POST, status=201),
)
def test_duplicate_rule(networks: Networks, session: Session) -> None:
    """A rule that a security group has already is refused."""
    create(networks, session).status(409)


@api_test(
    "be308db6-a7cf-4d5c-9baf-71bafd73f35e",
    service="network",
    reference=REFERENCE,
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on=POST, status=201),
)
def test_rule_of_missing_group(networks: Networks, session: Session) -> None:
    """A rule of a security group that does not exist is refused."""
    create(networks, session, security_group_id=str(uuid.uuid4())).status(404)


@api_test(
    "4c094c09-000b-4e41-8100-9617600c02a6",
    service="network",
    reference="https://docs.openstack.org/api-ref/network/v2/#show-security-group-rule",
    extensions=NEEDS,
    uses=("security-group",),
    seconds=0.3,
    fails_if=Change(on="GET /v2.0/security-group-rules/{security_group_rule_id}", status=200),
)
def test_show_missing_rule(networks: Networks, session: Session) -> None:
    """A rule that does not exist is not found."""
    with session.setting_up():
        networks.rule.show(session.common("security-group")["rule"]["id"]).status(200)
    networks.rule.show(str(uuid.uuid4())).status(404)
