"""What Tempest must be told of a cloud, asked of clouds that are real, and of one that answers as told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import responses

from defcore.cloud.credential import Credential
from defcore.tempest.facts import Flavor, Image, account, look

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "http://cloud.example"
IMAGES = [
    {"id": "large", "size": 9, "min_ram": 1, "min_disk": 2},
    {"id": "small", "size": 3, "min_ram": 0, "min_disk": None},
]
NETWORKS = [
    {"id": "a", "name": "zoo", "router:external": True, "subnets": ["s"]},
    {"id": "b", "name": "bar", "router:external": True, "subnets": []},
    {"id": "c", "name": "shared", "project_id": "other", "subnets": ["s"]},
    {"id": "d", "name": "own", "project_id": "p", "subnets": ["s"]},
]


class Cloud:
    """Answers as told: path to status and JSON."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock
        self.kinds = ["identity", "compute", "image", "network", "block-storage", "volumev3", "object-store"]

    def token(self) -> None:
        """Let everybody log in."""
        endpoints = [
            {
                "type": kind,
                "endpoints": [{"interface": "public", "region": "r", "region_id": "r", "url": self.url(kind)}],
            }
            for kind in self.kinds
        ]
        token = {
            "methods": ["password"],
            "user": {"id": "u", "name": "me", "domain": {"id": "d", "name": "Meadow"}},
            "project": {"id": "p", "name": "mine", "domain": {"id": "d", "name": "Meadow"}},
            "roles": [{"id": "m", "name": "member"}],
            "issued_at": "2026-11-20T00:00:00.000000Z",
            "expires_at": "2999-11-20T00:00:00.000000Z",
            "catalog": endpoints,
        }
        headers = {"X-Subject-Token": "t"}
        self.mock.post(f"{URL}/identity/v3/auth/tokens", json={"token": token}, status=201, headers=headers)

    @staticmethod
    def url(kind: str) -> str:
        """Give the address of a service."""
        ends = {"identity": "/v3", "compute": "/v2.1", "object-store": "/v1/AUTH_p"}
        return f"{URL}/{kind}{ends.get(kind, '')}"

    def says(self, path: str, value: Any, status: int = 200) -> None:  # noqa: ANN401 - a JSON value
        """Answer with JSON."""
        self.mock.get(f"{URL}/{path}", body=json.dumps(value), status=status, content_type="application/json")


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """Give a cloud that answers as told."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(f"{URL}/identity/v3", json={"version": {"id": "v3.14"}})
        yield Cloud(mock)


def credential(**auth: str) -> Credential:
    """Give a credential for it."""
    usual = {"auth_url": f"{URL}/identity/v3", "username": "me", "password": "pw", "project_name": "mine"}
    usual |= {"user_domain_name": "Meadow", "project_domain_name": "Meadow"}
    return Credential("x", "v3password", {**usual, **auth}, None, ["publicURL"], True, None, {})  # noqa: FBT003


def test_everything_is_asked_of_the_cloud(cloud: Cloud) -> None:
    """A user writes clouds.yaml and nothing else; what Tempest wants besides, it must be told by us."""
    cloud.token()
    cloud.says("image/v2/images", {"images": IMAGES})
    cloud.says("compute/v2.1/flavors/detail", {"flavors": [{"id": "f", "ram": 64, "disk": 1}]})
    cloud.says("network/v2.0/networks", {"networks": NETWORKS})
    cloud.says("network/v2.0/extensions", {"extensions": [{"alias": "router"}, {"alias": "agent"}]})
    cloud.says("object-store/info", {"swift": {}, "slo": {}})
    found = look(credential())
    assert found.images == (Image("small", 3, 0, 0), Image("large", 9, 1, 2))
    assert found.flavors == (Flavor("f", 64, 1),)
    assert found.external == ("a", "zoo")
    assert found.extensions == ("agent", "router")
    assert found.announced == ("slo", "swift")
    assert (found.region, found.interface, found.notes) == ("r", "public", ())
    assert found.services["volume"] == "volumev3"
    mine = account(credential())
    assert mine
    assert (mine.user, mine.project, mine.user_domain, mine.roles) == ("me", "mine", "Meadow", ("member",))
    assert mine.network == "own"
    assert "pw" not in repr(mine)


def test_a_service_that_does_not_tell_is_a_note(cloud: Cloud) -> None:
    """One service that is down must not keep the tests of the others from being run."""
    cloud.token()
    cloud.says("image/v2/images", {}, status=503)
    cloud.says("compute/v2.1/flavors/detail", {"flavors": []})
    found = look(credential())
    assert found.images == ()
    assert found.extensions is None
    assert found.announced is None
    assert found.notes[0] == f"Tempest was not told of images: {URL}/image/v2/images: status 503"
    assert "Tempest cannot boot a server: the project sees no public image" in found.notes
    assert any("networks" in note for note in found.notes)


def test_a_small_cloud_is_asked_little(cloud: Cloud) -> None:
    """A cloud that has only an object store is no broken one."""
    cloud.kinds = ["identity", "object-store"]
    cloud.token()
    cloud.says("object-store/info", [])
    found = look(credential())
    assert found.services == {"identity": "identity", "object-store": "object-store"}
    assert found.notes == ()
    mine = account(credential())
    assert mine
    assert mine.network is None


def test_without_a_password_there_is_no_account() -> None:
    """Tempest knows no other way to log in, and nothing must be tried."""
    assert account(credential(password="")) is None
