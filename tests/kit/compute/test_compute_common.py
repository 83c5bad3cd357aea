"""What the compute tests choose and share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.compute import common
from defcore.kit.image import Images
from defcore.kit.outcomes import NotRunError, UnsupportedError

if TYPE_CHECKING:
    from .conftest import Nova

CHOSEN = {"id": "i", "name": "small", "size": 65536, "min_disk": 0, "min_ram": 0}


def flavor(name: str, ram: int, disk: int = 1) -> dict[str, Any]:
    """Give a flavor of one core."""
    return {"id": name, "name": name, "vcpus": 1, "ram": ram, "disk": disk}


def image(name: str, size: int, **more: object) -> dict[str, Any]:
    """Give an image that a server can boot."""
    usual = {"min_disk": 0, "min_ram": 0, "disk_format": "raw", "container_format": "bare"}
    return {"id": name, "name": name, "size": size} | usual | more


@pytest.fixture
def shared(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give what the tests share, without a cloud."""
    found: dict[str, Any] = {"image": CHOSEN, "flavor": flavor("m", 128)}
    monkeypatch.setattr(nova.session, "common", found.__getitem__)
    nova.image = Images(nova, "http://cloud/v2")  # type: ignore[arg-type, attr-defined]
    nova.says["GET /flavors/detail"] = [
        (200, {"flavors": [flavor("m", 128), flavor("n", 64, 0), flavor("l", 512), flavor("xl", 1024, 20)]})
    ]
    return found


def test_the_other_flavor_is_no_step_down(nova: Nova, shared: dict[str, Any]) -> None:
    """A server cannot be resized to a smaller disk: the test would fail on every cloud."""
    found = common.other_flavor(nova.session)
    assert found
    assert found["name"] == "l"
    shared["other-flavor"] = found
    assert common.two_flavors(nova.session) == (shared["flavor"], found)


@pytest.mark.usefixtures("shared")
def test_the_smallest_flavor_is_chosen(nova: Nova) -> None:
    """A run would cost its owner more than it must."""
    assert common.flavor(nova.session)["name"] == "n"
    nova.session.pins["flavor"] = "xl"
    assert common.flavor(nova.session)["name"] == "xl"


def test_no_flavor_that_is_large_enough(nova: Nova, shared: dict[str, Any]) -> None:
    """The reason must say what to do."""
    shared["image"] = CHOSEN | {"min_ram": 4096}
    with pytest.raises(NotRunError, match="no flavor is large enough"):
        common.flavor(nova.session)


def test_a_cloud_with_one_flavor(nova: Nova, shared: dict[str, Any]) -> None:
    """A cloud that has one size of servers does not fail what needs two."""
    nova.says["GET /flavors/detail"] = [(200, {"flavors": [flavor("m", 128)]})]
    shared["other-flavor"] = common.other_flavor(nova.session)
    with pytest.raises(UnsupportedError, match="no other flavor than m"):
        common.two_flavors(nova.session)


def test_another_image_that_is_there_is_taken(nova: Nova, shared: dict[str, Any]) -> None:
    """An upload that is not needed would count against the owner's quota."""
    images = [CHOSEN | image("i", 65536), image("huge", 2**31), image("other", 70000), image("defcore-x", 66000)]
    nova.says["GET /v2/images"] = [(200, {"images": images})]
    found = common.other_image(nova.session)
    assert found
    assert found["id"] == "other"
    shared["other-image"] = found
    assert common.two_images(nova.session) == (CHOSEN, found)


@pytest.mark.parametrize(
    ("created", "uploaded", "expected"), [(201, 204, "new"), (403, 204, None), (201, 413, None)], ids=str
)
def test_else_one_is_uploaded(
    nova: Nova, shared: dict[str, Any], created: int, uploaded: int, expected: str | None
) -> None:
    """On a cloud with one image nothing that needs two could be tested; where we may not upload, nothing fails."""
    nova.says["GET /v2/images"] = [(200, {"images": [CHOSEN | image("i", 65536)]})]
    nova.says["POST /v2/images"] = [(created, {"id": "new", "name": "n", "min_disk": 0, "min_ram": 0})]
    nova.says["PUT /v2/images/{image_id}/file"] = [(uploaded, {})]
    found = shared["other-image"] = common.other_image(nova.session)
    if expected is None:
        with pytest.raises(NotRunError, match="needs a second image beside small"):
            common.two_images(nova.session)
    else:
        assert found
        assert (found["id"], found["size"]) == (expected, 65536)


def test_a_cloud_that_makes_no_key_pairs_still_has_servers(nova: Nova, shared: dict[str, Any]) -> None:
    """All tests that look at a server would fail with the one about key pairs."""
    nova.says["POST /os-keypairs"] = [(200, {}), (403, {})]
    name = common.keypair(nova.session)
    assert name
    assert name.startswith("defcore-")
    assert nova.asked[-1][2]["keypair"]["public_key"].startswith("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI")
    shared["network"] = None
    shared["keypair"] = common.keypair(nova.session)
    assert shared["keypair"] is None
    nova.says["POST /servers"] = [(202, {"server": {"id": "1"}})]
    nova.says["GET /servers/{server_id}"] = [(200, {"server": {"id": "1", "status": "ACTIVE"}})]
    made = common.server(nova.session)
    assert "key_name" not in made["asked"]
    assert made["asked"]["accessIPv4"] == "192.0.2.34"
