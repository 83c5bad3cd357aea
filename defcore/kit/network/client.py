"""The network service (Neutron API v2.0), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from defcore.kit.service import Service

if TYPE_CHECKING:
    from defcore.kit.answer import Answer


class Networks(Service):
    """Networking API v2.0, https://docs.openstack.org/api-ref/network/v2/."""

    version = "/v2.0"

    def networks(self, **params: str) -> Answer:
        """GET /v2.0/networks."""
        return self.request("GET /v2.0/networks", "/networks", params=params)

    def create_network(self, network: dict[str, Any]) -> Answer:
        """POST /v2.0/networks."""
        return self.create("network", "/networks", "network", network)

    def create_subnet(self, subnet: dict[str, Any]) -> Answer:
        """POST /v2.0/subnets."""
        return self.create("subnet", "/subnets", "subnet", subnet)

    def create(self, kind: str, path: str, key: str, value: dict[str, Any], name: str = "name") -> Answer:
        """Create one thing; its ``name``, which must be one of ours, is entered in the ledger first."""
        entry = self.session.owe(kind, self.role, {"name": value[name]})
        answer = self.request(f"POST /v2.0{path}", path, {key: value})
        if answer.exchange.status == 201:  # noqa: PLR2004 - HTTP
            self.session.learn(entry, id=str(answer.json().get(key, {}).get("id", "")))
        return answer

    def new_network(self) -> dict[str, Any]:
        """Prepare a network with a subnet; return it as it was made."""
        with self.session.setting_up():
            return self.with_subnet(self.create_network({"name": self.session.name()}).status(201).json()["network"])

    def with_subnet(self, network: dict[str, Any]) -> dict[str, Any]:
        """Prepare a subnet of a network; return the network with it."""
        with self.session.setting_up():
            cidr = f"10.{secrets.randbelow(254)}.{secrets.randbelow(254)}.0/24"
            subnet = {"name": self.session.name(), "network_id": network["id"], "ip_version": 4, "cidr": cidr}
            return network | {"subnets": [self.create_subnet(subnet).status(201).json()["subnet"]["id"]]}
