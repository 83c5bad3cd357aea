"""The network that servers are on: one of our own, unless the user says which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.match import Each, nonempty
from defcore.kit.outcomes import UnsupportedError
from defcore.kit.pins import pinned

if TYPE_CHECKING:
    from defcore.kit.session import Session

REFUSED = (403, 404, 409)
"""What a cloud answers that lets nobody, or not us, make networks: by policy, or by quota."""


def network(session: Session) -> dict[str, Any] | None:
    """Make a network, or choose one where the cloud does not let us; None for a cloud without a network service."""
    actor = session.actor("main")
    try:
        client = actor.network
    except UnsupportedError:
        return None
    found = client.networks(limit="500").status(200).shape({"networks": Each({"id": nonempty})}).json()["networks"]
    if named := pinned(session, "network", found):
        return named
    name = session.name()
    made = client.create_network({"name": name})
    if made.exchange.status not in REFUSED:
        return client.with_subnet(made.status(201).json()["network"])
    theirs = [item for item in found if item.get("subnets") and not item.get("router:external")]
    theirs.sort(key=lambda item: (item.get("shared", False), item["id"]))
    if not theirs:
        made.status(201)
    chosen: dict[str, Any] = theirs[0]
    return chosen
