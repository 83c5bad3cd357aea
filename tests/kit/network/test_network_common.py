"""What the network tests share: made by us where the cloud lets us, and never somebody else's where it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import CheckFailedError
from defcore.kit.network import common
from defcore.kit.outcomes import NotRunError, UnsupportedError

if TYPE_CHECKING:
    from defcore.kit.session import Session

    from .conftest import Neutron

NETWORKS = "/v2.0/networks"
ADD = "PUT /v2.0/routers/{router_id}/add_router_interface"


@pytest.fixture
def ready(neutron: Neutron) -> Neutron:
    """Give a Neutron that makes whatever it is asked for, and has two networks outside."""
    neutron.says |= {
        f"POST {NETWORKS}": [(201, {"network": {"id": "ours"}})],
        "POST /v2.0/subnets": [(201, {"subnet": {"id": "s", "cidr": "198.18.0.0/24"}})],
        "POST /v2.0/routers": [(201, {"router": {"id": "r"}})],
        "POST /v2.0/ports": [(201, {"port": {"id": "p"}})],
        "POST /v2.0/security-groups": [(201, {"security_group": {"id": "g"}})],
        "POST /v2.0/security-group-rules": [(201, {"security_group_rule": {"id": "one"}})],
        ADD: [(200, {"port_id": "q", "id": "r"})],
        f"GET {NETWORKS}": [(200, {"networks": [outside("b"), outside("a")]})],
    }
    return neutron


def outside(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - members of a network
    """Make a network that leads outside."""
    return {"id": name, "name": f"{name}-name", "router:external": True, "subnets": ["x"]} | more


def test_the_shared_network_is_our_own(ready: Neutron, session: Session) -> None:
    """Servers and routers on somebody else's network are what nobody asked for."""
    assert session.common("network")["subnet"]["id"] == "s"
    assert session.common("private-network") == session.common("network")
    assert ready.operations == [f"POST {NETWORKS}", "POST /v2.0/subnets"]


def test_where_servers_are_on_a_pinned_network_routers_are_not(ready: Neutron, session: Session) -> None:
    """The user said where servers may be, and not that routers be put there."""
    session.pins["network"] = "a-name"
    assert session.common("network")["id"] == "a"
    assert session.common("private-network")["id"] == "ours"
    assert ready.operations == [f"GET {NETWORKS}", f"POST {NETWORKS}", "POST /v2.0/subnets"]


def test_where_nobody_makes_networks_servers_are_on_one_that_is_there(ready: Neutron, session: Session) -> None:
    """A cloud with provider networks only can still boot servers; its tests of networks fail by themselves."""
    theirs = [outside("a"), {"id": "c", "subnets": ["s"], "shared": True}, {"id": "d", "subnets": ["s"]}, {"id": "e"}]
    ready.says |= {f"POST {NETWORKS}": [(403, {})], f"GET {NETWORKS}": [(200, {"networks": theirs})]}
    assert session.common("network")["id"] == "d"
    with pytest.raises(CheckFailedError):
        session.common("private-network")
    ready.says[f"GET {NETWORKS}"] = [(200, {"networks": []})]
    with pytest.raises(CheckFailedError, match="expected 201, got 403"):
        common.network(session)


def test_the_network_outside_is_found_or_pinned(ready: Neutron, session: Session) -> None:
    """Floating IPs of the wrong network may cost money, or lead nowhere."""
    assert common.external_network(session)["id"] == "a"
    for found, wanted in (
        ([outside("a"), outside("b", is_default=True)], "b"),
        ([outside("a", subnets=[]), outside("b")], "b"),
        ([outside("a") | {"router:external": False}, outside("b", subnets=[])], "b"),
    ):
        ready.says[f"GET {NETWORKS}"] = [(200, {"networks": found})]
        assert common.external_network(session)["id"] == wanted
    session.pins["external-network"] = "a-name"
    with pytest.raises(NotRunError, match="external-network 'a-name' is pinned"):
        common.external_network(session)


def test_a_cloud_without_a_network_outside_is_told_to_lack_it(ready: Neutron, session: Session) -> None:
    """Its tests of floating IPs are unsupported, and its routers are made without a gateway."""
    ready.says[f"GET {NETWORKS}"] = [(200, {"networks": []})]
    with pytest.raises(UnsupportedError, match="no external network"):
        session.common("external-network")
    assert session.common("router") == {"id": "r", "port_id": "q"}
    assert (
        "external_gateway_info" not in next(body for op, _, body in ready.asked if op == "POST /v2.0/routers")["router"]
    )


def test_what_is_only_looked_at_is_made(ready: Neutron, session: Session) -> None:
    """A list without ours would have nothing to list."""
    assert session.common("router")["port_id"] == "q"
    sent = next(body for op, _, body in ready.asked if op == "POST /v2.0/routers")["router"]
    assert sent["external_gateway_info"] == {"network_id": "a"}
    assert session.common("port") == {"id": "p"}
    assert session.common("security-group") == {"id": "g", "rule": {"id": "one"}}
    assert ready.asked[-1][2]["security_group_rule"] == {"security_group_id": "g", **common.GOOD_RULE}
