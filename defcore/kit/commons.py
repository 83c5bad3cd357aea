"""What all tests of a run may share, by key: a test names it in ``uses``, and nobody changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit import object_common as obj
from defcore.kit.common import Common
from defcore.kit.compute.common import (
    deleted,
    extensions,
    flavor,
    keypair,
    lent,
    lent_there,
    other_flavor,
    other_image,
    server,
    server_there,
    servers,
    servers_there,
)
from defcore.kit.compute.guest import guest
from defcore.kit.image.common import image, samples
from defcore.kit.network import common as net
from defcore.kit.volume import common as vol

if TYPE_CHECKING:
    from collections.abc import Iterable

BLUEPRINT = ("image", "flavor", "network")
"""What every server needs."""
COMMONS: dict[str, Common] = {
    "image": Common(image),
    "images": Common(samples, {"image": 3}),
    "compute-extensions": Common(extensions),
    "flavor": Common(flavor, uses=("image",)),
    "other-image": Common(other_image, {"image": 1}, ("image", "flavor")),
    "other-flavor": Common(other_flavor, uses=("image", "flavor")),
    "network": Common(net.network, {"network": 1, "subnet": 1}, seconds=0.5),
    "network-extensions": Common(net.extensions),
    "private-network": Common(net.private_network, uses=("network",)),
    "external-network": Common(net.external_network),
    "port": Common(net.port, {"port": 1}, ("private-network",)),
    "router": Common(net.router, {"router": 1, "port": 1}, ("private-network", "external-network")),
    "lent-router": Common(net.lent_router, {"router": 1}, lent=1),
    "lent-network": Common(net.lent_network, {"network": 1, "subnet": 2}, seconds=0.5, lent=1),
    "security-group": Common(net.security_group, {"security-group": 1, "security-group-rule": 1}),
    "lent-security-group": Common(net.lent_security_group, {"security-group": 1, "security-group-rule": 8}, lent=1),
    "keypair": Common(keypair, {"keypair": 1}),
    "server": Common(server, {"server": 1, "port": 1}, (*BLUEPRINT, "keypair"), seconds=2, finish=server_there),
    "servers": Common(
        servers,
        {"server": 2, "port": 2},
        (*BLUEPRINT, "server", "other-image", "other-flavor"),
        seconds=3,
        finish=servers_there,
    ),
    "lent-server": Common(lent, {"server": 4, "port": 4}, BLUEPRINT, seconds=2, lent=4, finish=lent_there),
    "deleted-server": Common(lent, {"server": 1, "port": 1}, BLUEPRINT, seconds=3, finish=deleted),
    "guest": Common(guest, {"server": 1, "port": 1}, (*BLUEPRINT, "server")),
    "spare-user": Common(lambda _: None, lent=1),
    "volume": Common(vol.volume, {"volume": 1}, seconds=1, finish=vol.volume_there),
    "lent-volume": Common(vol.lent, {"volume": 2}, seconds=1, lent=2),
    "lent-snapshot": Common(vol.lent_snapshot, {"snapshot": 1}, ("volume",), lent=1),
    "volumes": Common(vol.volumes, {"volume": 2}, ("volume",), seconds=2, finish=vol.volumes_there),
    "snapshots": Common(vol.snapshots, {"snapshot": 3}, ("volumes",), seconds=4),
    "fruit": Common(obj.fruit, {"container": 1, "object": 4}, seconds=0.5),
    "containers": Common(obj.containers, {"container": 4}, ("fruit",), seconds=1),
    "room": Common(obj.room, {"container": 1}),
    "segments": Common(obj.segments, {"object": 2}, ("room",), seconds=0.5),
    "large-object": Common(obj.large_object, {"object": 1}, ("segments",), seconds=0.7),
}


def commons(keys: Iterable[str]) -> set[str]:
    """Return these keys and those of all that is needed to make them."""
    found: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in found:
            found.add(key)
            todo += COMMONS[key].uses
    return found
