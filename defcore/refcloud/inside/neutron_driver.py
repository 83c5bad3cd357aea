"""An ML2 mechanism driver that binds every port at once, and floating IPs that follow their port."""

from __future__ import annotations

from typing import Any

from neutron.objects import router
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins.ml2 import api
from stevedore import extension

NAMESPACE = "neutron.ml2.mechanism_drivers"


class Driver(api.MechanismDriver):
    """Stands in for an L2 agent: what it is asked to bind is bound and ACTIVE."""

    def initialize(self) -> None:
        """Tell that port security is honoured."""
        self.vif_details = {portbindings.CAP_PORT_FILTER: True}

    @property
    def connectivity(self) -> str:
        """Say which kind of network this driver serves."""
        return str(portbindings.CONNECTIVITY_L2)

    def bind_port(self, context: Any) -> None:
        """Bind to the first segment offered."""
        for segment in context.segments_to_bind[:1]:
            context.set_binding(
                segment[api.ID],
                portbindings.VIF_TYPE_OVS,
                dict(self.vif_details),
                status=constants.PORT_STATUS_ACTIVE,
            )


class EntryPoint:
    """Hands the driver to stevedore without an installed distribution."""

    name = "refcloud"
    value = "refcloud_inside.neutron_driver:Driver"
    group = NAMESPACE

    @staticmethod
    def load() -> type[Driver]:
        """Give the driver."""
        return Driver


def _follow_port(_resource: str, _event: str, _trigger: object, payload: Any) -> None:
    """Report what an L3 agent would: a floating IP is ACTIVE while it has a port."""
    found = router.FloatingIP.get_object(payload.context.elevated(), id=payload.resource_id)
    if found is None:
        return
    active = bool(found.fixed_port_id)
    wanted = constants.FLOATINGIP_STATUS_ACTIVE if active else constants.FLOATINGIP_STATUS_DOWN
    if found.status != wanted:
        found.status = wanted
        found.update()


def register() -> None:
    """Make driver and callback known in this process."""
    for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
        registry.subscribe(_follow_port, resources.FLOATING_IP, event)
    list_installed = extension.ExtensionManager.list_entry_points

    def list_all(self: Any) -> list[Any]:
        found = list(list_installed(self))
        return [*found, EntryPoint()] if self.namespace == NAMESPACE else found

    extension.ExtensionManager.list_entry_points = list_all  # type: ignore[method-assign]
