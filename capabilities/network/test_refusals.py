"""What refusals say. https://docs.openstack.org/api-ref/network/v2/#response-format

What does not exist is refused alike wherever it is named. A request like each of those that are refused here was
accepted when what they are about was made.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from defcore.kit import Change, Networks, Session, api_test
from defcore.kit.network.addresses import blocks
from defcore.kit.network.common import GOOD_RULE
from defcore.kit.network.witness import refused

if TYPE_CHECKING:
    from defcore.kit.network.collection import Collection

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#response-format"
GROUPS = ("network:security-group",)
ROUTERS = ("network:router",)


def see_missing(session: Session, *kinds: Collection) -> None:
    """See that what does not exist can neither be shown nor changed nor deleted, by things of these kinds."""
    for things in kinds:
        nothing = str(uuid.uuid4())
        refused(things.show(nothing), 404)
        refused(things.update(nothing, name=session.name()), 404)
        refused(things.delete(nothing), 404)


@api_test(
    "954c8296-3e0b-4bc4-82a0-15a4c52b1d73",
    service="network",
    reference=REFERENCE,
    uses=("private-network", "port"),
    seconds=0.5,
    fails_if=Change(on="DELETE /v2.0/ports/{port_id}", status=204),
)
def test_missing_network_subnet_and_port(networks: Networks, session: Session) -> None:
    """Networks, subnets and ports that do not exist are refused as not found, and the refusal says so in JSON."""
    session.common("port")
    see_missing(session, networks.network, networks.subnet, networks.port)


@api_test(
    "16eb8829-44d9-4ec7-a45c-215c71fc774d",
    service="network",
    reference=REFERENCE,
    uses=("private-network", "port"),
    seconds=0.5,
    fails_if=Change(on="POST /v2.0/subnets", status=404),
)
def test_bad_network_subnet_and_port(networks: Networks, session: Session) -> None:
    """Requests for networks, subnets and ports that cannot be are refused, and the refusal says so in JSON."""
    inside = session.common("private-network")
    session.common("port")
    refused(networks.network.create(admin_state_up="perhaps"), 400)
    refused(networks.create_subnet(inside["id"], inside["subnet"]["cidr"]), 400, 409)
    refused(networks.create_subnet(str(uuid.uuid4()), blocks(1)[0]), 404)
    refused(networks.port.create(network_id=str(uuid.uuid4())), 404)
    refused(networks.subnet.update(inside["subnet"]["id"], cidr=blocks(1)[0]), 400)


@api_test(
    "37312d94-3972-4899-b5da-8f9f1ea0ef13",
    service="network",
    reference=REFERENCE,
    extensions=ROUTERS,
    creates={"router": 1, "floating-ip": 1},
    uses=("private-network", "external-network", "router"),
    seconds=1,
    fails_if=Change(on="PUT /v2.0/routers/{router_id}", status=409),
)
def test_bad_router_and_floating_ip(networks: Networks, session: Session) -> None:
    """Routers and floating IPs that do not exist or cannot be are refused, and the refusal says so in JSON."""
    inside, router = session.common("private-network"), session.common("router")["id"]
    session.common("external-network")
    see_missing(session, networks.router)
    nothing, floating = str(uuid.uuid4()), networks.floating_ip
    refused(floating.show(nothing), 404)
    refused(floating.update(nothing, port_id=None), 404)
    refused(floating.delete(nothing), 404)
    refused(floating.create(floating_network_id=inside["id"]), 400)
    refused(networks.router.create(admin_state_up="perhaps"), 400)
    refused(networks.add_interface(router, subnet_id=nothing), 400, 404)
    refused(networks.remove_interface(router, subnet_id=nothing), 404)
    refused(networks.router.delete(router), 409)


@api_test(
    "0001e4cb-1351-4090-8fd1-099ab200ab79",
    service="network",
    reference=REFERENCE,
    extensions=GROUPS,
    uses=("security-group",),
    seconds=0.5,
    fails_if=Change(on="POST /v2.0/security-group-rules", status=404),
)
def test_bad_security_group_and_rule(networks: Networks, session: Session) -> None:
    """Security groups and rules that do not exist or cannot be are refused, and the refusal says so in JSON."""
    group, nothing = session.common("security-group")["id"], str(uuid.uuid4())
    see_missing(session, networks.security_group)
    refused(networks.security_group.create(description=["no text"]), 400)
    refused(networks.rule.show(nothing), 404)
    refused(networks.rule.delete(nothing), 404)
    refused(networks.rule.create(security_group_id=group, **GOOD_RULE), 409)


@api_test(
    "de032f9a-8c71-40d3-82a2-7ee8e32401af",
    service="network",
    reference=REFERENCE,
    extensions=("network:subnet_allocation",),
    creates={"subnet-pool": 1},
    seconds=0.5,
    fails_if=Change(on="PUT /v2.0/subnetpools/{subnetpool_id}", status=409),
)
def test_bad_subnet_pool(networks: Networks, session: Session) -> None:
    """Subnet pools that do not exist or cannot be are refused, and the refusal says so in JSON."""
    ours = networks.subnet_pool.new(prefixes=blocks(1))
    see_missing(session, networks.subnet_pool)
    refused(networks.subnet_pool.create(prefixes=["nowhere"]), 400)
    refused(networks.subnet_pool.update(ours["id"], default_prefixlen=64), 400)
