"""The network service (Neutron API v2.0), its kinds of things, and the preparations that its tests share."""

from __future__ import annotations

from contextlib import contextmanager
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from defcore.kit.network.addresses import blocks
from defcore.kit.network.collection import Collection, Thing
from defcore.kit.owing import told
from defcore.kit.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer

ADD = "/routers/{router_id}/add_router_interface"
REMOVE = "/routers/{router_id}/remove_router_interface"


class Networks(Service):
    """Networking API v2.0, https://docs.openstack.org/api-ref/network/v2/."""

    version = "/v2.0"

    def __init__(self, actor: Actor, url: str) -> None:
        """Speak to Neutron at ``url``."""
        super().__init__(actor, url)
        self.network = Collection(self, "network", "network")
        self.subnet = Collection(self, "subnet")
        self.port = Collection(self, "port", "port")
        self.router = Collection(self, "router", "router")
        self.subnet_pool = Collection(self, "subnetpool", "subnet-pool")
        self.security_group = Collection(self, "security_group", "security-group")
        self.rule = Collection(self, "security_group_rule", name="")

    @property
    def floating_ip(self) -> Collection:
        """Floating IPs: they have no name, so ours stands in the description, where the cloud has one."""
        name = "" if self.lacks("standard-attr-description") else "description"
        return Collection(self, "floatingip", "floating-ip", name)

    # -- further operations ------------------------------------------------------------------------------------------

    def versions(self) -> Answer:
        """GET /: the versions of the API."""
        return self.request("GET /", self.root())

    def extensions(self) -> Answer:
        """GET /v2.0/extensions."""
        return self.request("GET /v2.0/extensions", "/extensions")

    def lacks(self, extension: str) -> bool:
        """Say whether the list of extensions is without this one; where there is no list, nothing is told."""
        announced = self.session.common("network-extensions")
        return announced is not None and extension not in announced

    def announced(self) -> list[str]:
        """Return the aliases of the extensions that the service tells of."""
        return self.session.common("network-extensions") or []

    def add_interface(self, router: str, **what: str) -> Answer:
        """PUT /v2.0/routers/{router_id}/add_router_interface: a ``subnet_id`` or ``port_id``."""
        return self.request(f"PUT /v2.0{ADD}", ADD.format(router_id=router), what)

    def remove_interface(self, router: str, **what: str) -> Answer:
        """PUT /v2.0/routers/{router_id}/remove_router_interface; its port goes with it."""
        answer = self.request(f"PUT /v2.0{REMOVE}", REMOVE.format(router_id=router), what)
        if answer.exchange.status == 200 and not answer.exchange.altered:  # noqa: PLR2004 - HTTP
            self.session.over(str(told(answer, "port_id")))
        return answer

    # -- what is lent ------------------------------------------------------------------------------------------------

    @contextmanager
    def lent_router(self, *, keep: bool = False) -> Iterator[Thing]:
        """Lend a router that a test may change; it is given back without gateway, interfaces and routes.

        With ``keep`` it is not given back at all. Its ``uses`` is ``("lent-router",)``.
        """
        with self.session.lent("lent-router", keep=keep) as router:
            yield router

    @contextmanager
    def lent_network(self) -> Iterator[Thing]:
        """Lend a network with two subnets; what was put on it has been taken away when it is given back.

        Its ``uses`` is ``("lent-network",)``.
        """
        with self.session.lent("lent-network") as network:
            yield network

    @contextmanager
    def lent_security_group(self) -> Iterator[Thing]:
        """Lend a security group; rules may stay in it that no test asks for once more.

        Its ``uses`` is ``("lent-security-group",)``.
        """
        with self.session.lent("lent-security-group") as group:
            yield group

    # -- preparations --------------------------------------------------------------------------------------------------

    def create_subnet(self, network: str, cidr: str, **more: Any) -> Answer:  # noqa: ANN401 - members of a subnet
        """POST /v2.0/subnets, of the version that ``cidr`` is of."""
        return self.subnet.create(network_id=network, cidr=cidr, ip_version=ip_network(cidr).version, **more)

    def new_subnet(self, network: str, cidr: str, **more: Any) -> Thing:  # noqa: ANN401 - members of a subnet
        """Prepare a subnet; return it as it was made."""
        return self.subnet.new(network_id=network, cidr=cidr, ip_version=ip_network(cidr).version, **more)

    def new_network(self) -> Thing:
        """Prepare a network with a subnet; return it as it was made, the subnet under ``subnet``."""
        return self.with_subnet(self.network.new())

    def with_subnet(self, network: Thing) -> Thing:
        """Prepare a subnet of a network; return the network with it, under ``subnet``."""
        subnet = self.new_subnet(network["id"], blocks(1)[0])
        return network | {"subnets": [subnet["id"]], "subnet": subnet}

    def new_interface(self, router: str, **what: str) -> Thing:
        """Prepare an interface of a router; return what the cloud tells of it."""
        with self.session.setting_up():
            added: Thing = self.add_interface(router, **what).status(200).shape({"port_id": str}).json()
            return added
