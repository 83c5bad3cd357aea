"""What other projects see. https://docs.openstack.org/api-ref/network/v2/#list-networks

Lists and things are those of the project, and what is shared with it.
"""

from __future__ import annotations

from defcore.kit import Change, Session, api_test
from defcore.kit.network.witness import listed, refused

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#list-networks"


@api_test(
    "bddff650-fa6e-4c12-a392-6f9515b0021f",
    service="network",
    reference=REFERENCE,
    needs=("alt",),
    uses=("private-network", "port"),
    seconds=0.5,
    fails_if=Change(on="GET /v2.0/networks/{network_id}", status=200),
)
def test_hidden_from_other_projects(session: Session) -> None:
    """A network, a subnet and a port can neither be found nor changed by another project, and are not in its lists."""
    inside, theirs = session.common("private-network"), session.actor("alt").network
    ours = ((theirs.network, inside), (theirs.subnet, inside["subnet"]), (theirs.port, session.common("port")))
    for things, one in ours:
        refused(things.show(one["id"]), 404)
        refused(things.update(one["id"], name=one["name"]), 403, 404)
        listed(things.list(id=one["id"]), things)
