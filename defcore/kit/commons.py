"""What all tests of a run may share, by key: a test names it in ``uses``, and nobody changes it."""

from __future__ import annotations

from defcore.kit.common import Common
from defcore.kit.compute.common import flavor, server
from defcore.kit.image.common import image
from defcore.kit.network.common import network
from defcore.kit.volume.common import volume

COMMONS: dict[str, Common] = {
    "image": Common(image),
    "flavor": Common(flavor, uses=("image",)),
    "network": Common(network, {"network": 1, "subnet": 1}),
    "server": Common(server, {"server": 1, "port": 1}, ("image", "flavor", "network")),
    "volume": Common(volume, {"volume": 1}),
}
