"""What tests share of the network service: the network that servers are on, a port, a router, a security group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.match import Each, nonempty
from defcore.kit.network.addresses import blocks, nth
from defcore.kit.outcomes import UnsupportedError
from defcore.kit.pins import pinned

if TYPE_CHECKING:
    from defcore.kit.network.client import Networks
    from defcore.kit.session import Session

REFUSED = (403, 404, 409)
"""What a cloud answers that lets nobody, or not us, make networks: by policy, or by quota."""
GOOD_RULE = {"direction": "ingress", "ethertype": "IPv4", "protocol": "tcp", "port_range_min": 22, "port_range_max": 22}
"""What the shared security group lets in: where a rule is refused, one like this was accepted."""
_NETWORKS = {"networks": Each({"id": nonempty})}


def special(session: Session) -> str:
    """Return a fresh name of ours with characters beyond ASCII, one of them at its end."""
    return f"{session.name()} žluťoučký, Größe, 網路ñ"


def described(networks: Networks, text: str) -> dict[str, str]:
    """Return the description of a thing, where things have one."""
    return {"description": text} if "standard-attr-description" in networks.announced() else {}


def extensions(session: Session) -> list[str] | None:
    """Read which extensions the service announces; None where it gives no list."""
    answer = session.actor("main").network.extensions()
    if answer.exchange.status != 200:  # noqa: PLR2004 - HTTP
        return None
    return [item["alias"] for item in answer.shape({"extensions": Each({"alias": str})}).json()["extensions"]]


def network(session: Session) -> dict[str, Any] | None:
    """Make a network, or choose one where the cloud does not let us; None for a cloud without a network service.

    One that we have made has its subnet under ``subnet``.
    """
    try:
        client = session.actor("main").network
    except UnsupportedError:
        return None
    if session.pins.get("network"):
        return pinned(session, "network", _all(client))
    made = client.network.create()
    if made.exchange.status not in REFUSED:
        ours: dict[str, Any] = made.status(201).shape({"network": {"id": str}}).json()["network"]
        return client.with_subnet(ours)
    theirs = [item for item in _all(client) if item.get("subnets") and not item.get("router:external")]
    theirs.sort(key=lambda item: (item.get("shared", False), item["id"]))
    if not theirs:
        made.status(201)
    chosen: dict[str, Any] = theirs[0]
    return chosen


def _all(client: Networks) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.network.list(limit="500").status(200).shape(_NETWORKS).json()["networks"]
    return found


def private_network(session: Session) -> dict[str, Any]:
    """Return the network of our own: that which servers are on, or another one where it is somebody else's."""
    found: dict[str, Any] | None = session.common("network")
    return found if found and "subnet" in found else session.actor("main").network.new_network()


def external_network(session: Session) -> dict[str, Any]:
    """Choose a network that leads outside: the default one, or any; a cloud without is told to lack it."""
    answer = session.actor("main").network.network.list(**{"router:external": "True"}).status(200).shape(_NETWORKS)
    found = [item for item in answer.json()["networks"] if item.get("router:external")]
    if named := pinned(session, "external-network", found):
        return named
    if not found:
        message = "the project sees no external network"
        raise UnsupportedError(message)
    found.sort(key=lambda item: (not item.get("is_default"), not item.get("subnets"), item["id"]))
    chosen: dict[str, Any] = found[0]
    return chosen


def port(session: Session) -> dict[str, Any]:
    """Make the port that is only looked at."""
    return session.actor("main").network.port.new(network_id=session.common("private-network")["id"])


def router(session: Session) -> dict[str, Any]:
    """Make a router between our own network and the one outside, if there is one; ``port_id`` is its port inside."""
    client, inside = session.actor("main").network, session.common("private-network")
    try:
        gateway = {"external_gateway_info": {"network_id": session.common("external-network")["id"]}}
    except UnsupportedError:
        gateway = {}
    made = client.router.new(**gateway)
    interface = client.new_interface(made["id"], subnet_id=inside["subnet"]["id"])
    session.debts.also(made["id"], port=interface["port_id"])
    return made | interface | {"id": made["id"]}


def lent_router(session: Session) -> dict[str, Any]:
    """Make a router, without a gateway and interfaces, which one test after the other may change."""
    return session.actor("main").network.router.new()


def lent_network(session: Session) -> dict[str, Any]:
    """Make a network with two subnets, on which one test after the other may put ports and further subnets.

    Each subnet gives addresses from its pool alone, which begins and ends with those that stand under ``pool``.
    """
    client = session.actor("main").network
    made, subnets = client.network.new(), []
    for cidr in blocks(2):
        pool = {"start": nth(cidr, 100), "end": nth(cidr, 110)}
        subnets.append(client.new_subnet(made["id"], cidr, allocation_pools=[pool]) | {"pool": pool})
    return made | {"subnets": subnets}


def lent_security_group(session: Session) -> dict[str, Any]:
    """Make a security group to which one test after the other may add rules."""
    return session.actor("main").network.security_group.new()


def security_group(session: Session) -> dict[str, Any]:
    """Make a security group with a rule, ``GOOD_RULE``, which stands under ``rule``."""
    client = session.actor("main").network
    made = client.security_group.new()
    return made | {"rule": client.rule.new(security_group_id=made["id"], **GOOD_RULE)}
