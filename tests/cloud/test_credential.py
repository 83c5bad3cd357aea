"""Reading ``clouds.yaml``: what is found, and what is told about a file that is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.credential import AUXILIARY, Credential, read_credentials
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AUTH = {"auth_url": "https://keystone/v3", "username": "me", "password": "planted-password", "project_name": "p"}
ENTRY = {"auth": AUTH, "region_name": "r1"}


@pytest.fixture
def clouds(
    write_clouds: Callable[[dict[str, Any]], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, Any]], None]:
    """Make entries those that openstacksdk finds."""

    def use(entries: dict[str, Any]) -> None:
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(write_clouds(entries)))

    return use


def test_the_entry_and_its_auxiliary_ones_are_found(clouds: Callable[[dict[str, Any]], None]) -> None:
    """A vendor whose second project is not found would get tests that did not run, and no verdict."""
    clouds(dict.fromkeys(("x", "x-alt", "x-admin", "y", "x-else"), ENTRY))
    found = read_credentials("x")
    assert {role: item.name for role, item in found.items()} == {"main": "x", "alt": "x-alt", "admin": "x-admin"}
    main = found["main"]
    assert (main.region, main.interface, main.verify, main.cert, main.endpoints) == ("r1", "public", True, None, {})
    assert main.auth["password"] == "planted-password"  # noqa: S105 - planted


def test_a_named_entry_takes_the_place_of_the_usual_one(clouds: Callable[[dict[str, Any]], None]) -> None:
    """``--alt NAME`` must not be overruled by an entry that happens to be called CLOUD-alt."""
    clouds(dict.fromkeys(("x", "x-alt", "y"), ENTRY))
    assert read_credentials("x", {"alt": "y"})["alt"].name == "y"


@pytest.mark.parametrize(("name", "named", "missing"), [("z", {}, "z"), ("x", {"alt": "w"}, "w")])
def test_an_unknown_entry_is_told_with_those_that_exist(
    clouds: Callable[[dict[str, Any]], None], name: str, named: dict[str, str], missing: str
) -> None:
    """Most errors are errors of configuration: the user must see which names there are, and where."""
    clouds({"x": ENTRY, "y": ENTRY})
    with pytest.raises(InputError) as caught:
        read_credentials(name, named)
    assert str(caught.value).startswith(f"clouds.yaml has no entry '{missing}' (clouds.yaml has: ")
    assert "x, y" in str(caught.value)


def test_without_any_file_its_places_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing that a newcomer sees must tell what is missing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "none.yaml"))
    monkeypatch.setattr("openstack.config.loader.CONFIG_FILES", [])
    with pytest.raises(InputError, match=r"there is none: it is looked for here, in ~/.config/openstack"):
        read_credentials("x")


@pytest.mark.parametrize(
    "text",
    [
        "clouds: {x: [}",
        "clouds: [a, b]",
        "- a",
        "clouds:\n\tx: 1",
        "\x00",
        "clouds: {x: {auth: text}}",
        "clouds: {x: text}",
        "clouds: {x: {auth: {username: u}}}",
        "clouds: {x: {profile: no-such-profile-anywhere, auth: {username: u}}}",
        "clouds: {x: {auth_type: no-such-type, auth: {auth_url: 'https://k'}}}",
        "clouds: {x: {auth: {auth_url: 'https://k', unheard_of: 1}}}",
    ],
)
def test_a_broken_file_is_one_clear_line(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in the file where most users give up must not be shown as a fault of defcore's."""
    path = tmp_path / "clouds.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(path))
    with pytest.raises(InputError) as caught:
        read_credentials("x")
    assert "clouds.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tls_and_overrides_are_taken_over(clouds: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    """A cloud with a CA of its own, or one service at another address, could not be tested."""
    ca = tmp_path / "ca.pem"
    ca.write_text("", encoding="ascii")
    entry = ENTRY | {"cacert": str(ca), "interface": "internal", "object_store_endpoint_override": "http://o"}
    clouds({"x": entry, "x-alt": ENTRY | {"verify": False, "cert": str(ca), "key": str(ca)}})
    found = read_credentials("x")
    assert (found["main"].verify, found["main"].interface) == (str(ca), "internal")
    assert found["main"].endpoints == {"object-store": "http://o"}
    assert (found["alt"].verify, found["alt"].cert) == (False, (str(ca), str(ca)))


def test_what_is_set_for_one_service_is_read_as_openstacksdk_reads_it(clouds: Callable[[dict[str, Any]], None]) -> None:
    """Overrides come under aliases of a service, with dashes, or in the old spelling; a region may be a list."""
    entry = {
        "auth": AUTH,
        "regions": ["r1", "r2"],
        "interface": ["internal", "public"],
        "volume_endpoint_override": "http://v",
        "object-store-endpoint-override": "http://o/%(project_id)s",
        "compute_endpoint": "http://c",
        "image_endpoint_override": "",
        "network_region_name": "r9",
        "object_store_interface": "admin",
    }
    clouds({"x": entry})
    main = read_credentials("x")["main"]
    overrides = {"block-storage": "http://v", "object-store": "http://o/%(project_id)s", "compute": "http://c"}
    assert main.endpoints == overrides
    assert (main.region, main.interface) == ("r1", ["internal", "public"])
    assert (main.regions, main.interfaces) == ({"network": "r9"}, {"object-store": "admin"})
    assert Credential.from_wire(json.loads(json.dumps(main.to_wire()))) == main


def test_an_application_credential_without_its_type_is_told(clouds: Callable[[dict[str, Any]], None]) -> None:
    """The one word that is forgotten most; openstacksdk's own message names a Python class."""
    auth = {"auth_url": "https://k", "application_credential_id": "i", "application_credential_secret": "planted"}
    clouds({"x": {"auth": auth}})
    with pytest.raises(InputError, match="needs auth_type: v3applicationcredential"):
        read_credentials("x")


def test_a_worker_gets_what_we_read(clouds: Callable[[dict[str, Any]], None], tmp_path: Path) -> None:
    """A worker with another credential than the runner would test another project."""
    clouds({"x": ENTRY | {"cert": str(tmp_path), "key": str(tmp_path)}})
    main = read_credentials("x")["main"]
    assert Credential.from_wire(json.loads(json.dumps(main.to_wire()))) == main


def test_secrets_are_told_to_the_scrubber_and_not_printed(clouds: Callable[[dict[str, Any]], None]) -> None:
    """A traceback or a log line that prints a credential must not print its password."""
    auth = {"auth_url": "https://k", "application_credential_id": "i", "application_credential_secret": "planted-app"}
    clouds({"x": ENTRY, "x-alt": {"auth_type": "v3applicationcredential", "auth": auth}})
    found = read_credentials("x")
    assert "planted" not in repr(found)
    assert (found["main"].secrets(), found["alt"].secrets()) == (("planted-password",), ("planted-app",))


def test_the_roles_are_the_documented_ones() -> None:
    """Entries beyond these are nothing that defcore may touch."""
    assert AUXILIARY == ("alt", "empty", "reader", "reseller", "spare", "admin")
