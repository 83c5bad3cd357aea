"""Subnet pools. https://docs.openstack.org/api-ref/network/v2/#subnet-pools-extension-subnetpools"""

from __future__ import annotations

from defcore.kit import Change, Networks, Session, api_test, with_json
from defcore.kit.network.addresses import blocks
from defcore.kit.network.shapes import SUBNET_POOL

REFERENCE = "https://docs.openstack.org/api-ref/network/v2/#subnet-pools-extension-subnetpools"


@api_test(
    "62595970-ab1c-4b7f-8fcc-fddfe55e9811",
    service="network",
    reference=REFERENCE,
    extensions=("network:subnet_allocation",),
    creates={"subnet-pool": 1},
    seconds=0.5,
    fails_if=Change(on="PUT /v2.0/subnetpools/{subnetpool_id}", body=with_json("subnetpool.name", "another")),
)
def test_create_show_update_delete_subnet_pool(networks: Networks, session: Session) -> None:
    """A subnet pool is shown with the name that it was given, can be renamed, and is gone once it is deleted."""
    name = session.name()
    created = networks.subnet_pool.create(name=name, prefixes=blocks(2)).status(201)
    pool = created.shape({"subnetpool": {"id": str, "name": name}}).json()["subnetpool"]["id"]
    session.advise(lambda: created.shape({"subnetpool": SUBNET_POOL}))
    networks.subnet_pool.show(pool).status(200).shape({"subnetpool": {"name": name}})
    name = session.name()
    networks.subnet_pool.update(pool, name=name).status(200).shape({"subnetpool": {"name": name}})
    networks.subnet_pool.delete(pool).status(204)
    networks.subnet_pool.show(pool).status(404)
