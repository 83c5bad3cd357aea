"""All seven services, used by an ordinary member through openstacksdk."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from defcore import refcloud
from defcore.refcloud import profiles
from defcore.refcloud.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The SDK warns of its own next major version.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")


@pytest.fixture(scope="module", params=["plain", "odd"])
def full(request: pytest.FixtureRequest, home: refcloud.Home) -> Iterator[refcloud.Cloud]:
    """A cloud with all seven services, one profile after the other."""
    with refcloud.running(home, f"full-{request.param}", services=SERVICES, profile=request.param) as cloud:
        yield cloud


@pytest.fixture
def member(full: refcloud.Cloud, connect: Callable[[refcloud.Cloud, str], Any]) -> Any:  # noqa: ANN401
    """The member of the first project."""
    return connect(full, "")


@pytest.fixture
def profile(full: refcloud.Cloud) -> profiles.Profile:
    """How this cloud looks."""
    return profiles.find(full.profile)


def test_a_server_boots_with_volume_and_floating_ip(member: Any, profile: profiles.Profile) -> None:  # noqa: ANN401
    """If this fails, the reference cloud is none: a member cannot do what every user of a cloud does first."""
    flavor = member.compute.find_flavor(profile.flavors[0].name)
    image = member.image.find_image(profile.image)
    outside = member.network.find_network(profile.network)
    network = member.network.create_network(name="inside")
    subnet = member.network.create_subnet(name="inside", network_id=network.id, ip_version=4, cidr="10.9.0.0/24")
    router = member.network.create_router(name="way-out", external_gateway_info={"network_id": outside.id})
    member.network.add_interface_to_router(router, subnet_id=subnet.id)
    server = member.compute.create_server(
        name="first", flavor_id=flavor.id, image_id=image.id, networks=[{"uuid": network.id}]
    )
    server = member.compute.wait_for_server(server, interval=0.1, wait=60)
    assert server.status == "ACTIVE"

    (port,) = member.network.ports(device_id=server.id)
    address = member.network.create_ip(floating_network_id=outside.id, port_id=port.id)
    assert member.network.get_ip(address.id).status == "ACTIVE"

    volume = member.block_storage.create_volume(size=1, name="first")
    member.block_storage.wait_for_status(volume, "available", interval=0.1, wait=30)
    member.compute.create_volume_attachment(server, volume_id=volume.id)
    member.block_storage.wait_for_status(volume, "in-use", interval=0.1, wait=30)

    member.compute.delete_server(server)
    member.compute.wait_for_delete(server, interval=0.1, wait=60)
    member.network.delete_ip(address)
    member.network.remove_interface_from_router(router, subnet_id=subnet.id)
    member.network.delete_router(router)
    member.network.delete_network(network)
    member.block_storage.wait_for_status(volume, "available", interval=0.1, wait=30)
    member.block_storage.delete_volume(volume)
    member.block_storage.wait_for_delete(volume, interval=0.1, wait=30)


def test_an_image_of_one_s_own_is_downloaded_as_it_was_uploaded(member: Any) -> None:  # noqa: ANN401
    """If this fails, image tests find their own bytes changed."""
    data = bytes(range(256)) * 100
    image = member.image.create_image(name="own", data=data, disk_format="raw", container_format="bare")
    assert member.image.download_image(image).content == data
    member.image.delete_image(image)


def test_every_link_stays_where_users_are(full: refcloud.Cloud, member: Any) -> None:  # noqa: ANN401
    """If this fails, a client that follows a link of some service leaves the public URL that it came by."""
    for kind, path in (
        ("compute", "/flavors?limit=1"),
        ("network", "/networks?limit=1"),
        ("block-storage", "/volumes/detail"),
        ("identity", "/auth/projects"),
        ("image", "/images?limit=1"),
    ):
        proxy = getattr(member, kind.replace("-", "_"))
        root = re.sub(r"/v\d.*", "", member.session.get_endpoint(service_type=kind, interface="public"))
        assert root.startswith("https" if full.profile == "odd" else "http:")
        for link in links(proxy.get(path).json()):
            assert link.startswith((root, "/")), link


def links(value: object) -> list[str]:
    """Collect everything in an answer that looks like a URL of this cloud."""
    if isinstance(value, dict):
        return [link for inner in value.values() for link in links(inner)]
    if isinstance(value, list):
        return [link for inner in value for link in links(inner)]
    return [value] if isinstance(value, str) and "127.0.0.1" in value else []


def test_quotas_are_those_of_the_profile(member: Any, profile: profiles.Profile) -> None:  # noqa: ANN401
    """If this fails, the odd cloud is roomier than it says, and greedy suites pass on it."""
    quotas = profile.quotas
    limits = member.compute.get("/limits").json()["limits"]["absolute"]
    assert (limits["maxTotalInstances"], limits["maxTotalCores"]) == (quotas.servers, quotas.cores)
    limits = member.network.get(f"/quotas/{member.current_project_id}").json()["quota"]
    assert limits["network"] == quotas.networks
    limits = member.block_storage.get("/limits").json()["limits"]["absolute"]
    assert limits["maxTotalVolumes"] == quotas.volumes


def test_what_comes_and_goes_at_once_is_counted_right(member: Any) -> None:  # noqa: ANN401
    """If this fails, a suite that uses volumes in parallel is refused by a quota that is not full, now and then."""
    volumes = member.block_storage

    def used() -> int:
        return int(volumes.get("/limits").json()["limits"]["absolute"]["totalVolumesUsed"])

    def come_and_go(_: int) -> None:
        volume = volumes.create_volume(size=1)
        volumes.wait_for_status(volume, "available", interval=0.1, wait=60)
        volumes.delete_volume(volume)
        volumes.wait_for_delete(volume, interval=0.1, wait=60)

    before = used()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(12)))
    end = time.monotonic() + 5
    while used() != before and time.monotonic() < end:
        # A volume is gone a moment before its place is free.
        time.sleep(0.1)
    assert used() == before


def test_seven_services_are_up(full: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, a full cloud is not full, or its status is not to be trusted."""
    (status,) = [one for one in refcloud.status(home) if one.name == full.name]
    assert status.state == "up"
    assert {one.service for one in status.services if one.health == "ok"} >= set(SERVICES)
