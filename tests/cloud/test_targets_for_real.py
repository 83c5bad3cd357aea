"""Clouds that are not ours, in the ways of ``clouds.yaml``: each is logged in to, and tests are run on it."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from defcore import refcloud as reference
from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.errors import InputError
from defcore.refcloud.entries import to_yaml

from .gates import Authority, Forwarder, HttpProxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Desk

OBJECT = "tempest.api.object_storage.test_object_services.ObjectTest.test_create_object"
OTHERS = "tempest.api.object_storage.test_container_acl.ObjectTestACLs.test_read_object_with_rights"
TOKEN = "6f8e4436-fc96-4282-8122-e41df57197a9"  # noqa: S105 - a test's id


@pytest.fixture
def own(refcloud: reference.Cloud) -> dict[str, Any]:
    """Give the plain cloud's main entry, to be changed."""
    return json.loads(json.dumps(refcloud.entries["plain"]))  # type: ignore[no-any-return]


@pytest.fixture
def gates() -> Iterator[list[Forwarder | HttpProxy]]:
    """Give a list of gates, which are closed in the end."""
    opened: list[Forwarder | HttpProxy] = []
    yield opened
    for gate in opened:
        gate.close()


def tried(desk: Desk, entries: dict[str, Any], *tests: str, **environment: str) -> dict[str, Any]:
    """Run tests on the entry ``x`` with the real command; return outcome and reason by the last word of their names."""
    _written(desk, entries)
    words = [word for test in tests for word in ("--test", test)]
    found = desk.run("run", "--cloud", "x", "-n", "1", "--out", "run", *words, timeout=120, **environment)
    assert (desk.folder / "run" / "run.json").exists(), found.stderr
    record = json.loads((desk.folder / "run" / "run.json").read_text(encoding="utf-8"))
    return {item["name"].rpartition(".")[2]: outcome(item) for item in record["results"]}


def outcome(result: dict[str, Any]) -> Any:  # noqa: ANN401 - a word, or a word and its reason
    """Return the outcome, with its reason where there is one."""
    reason = [item.get("reason") for item in result["attempts"]][-1:]
    return (result["outcome"], reason[0]) if any(reason) else result["outcome"]


@pytest.fixture
def sdk(refcloud: reference.Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give an openstacksdk connection of the plain cloud's main user."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(refcloud.clouds_yaml))
    with warnings.catch_warnings(action="ignore"):
        import openstack

        connection = openstack.connect(cloud="plain")
        yield connection
        connection.close()


@pytest.fixture
def application(sdk: Any, own: dict[str, Any]) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """Give an entry that logs in with an application credential."""
    user = sdk.current_user_id
    made = sdk.identity.create_application_credential(user=user, name="defcore-test")
    auth = {"auth_url": own["auth"]["auth_url"], "application_credential_id": made.id}
    yield own | {"auth_type": "v3applicationcredential", "auth": auth | {"application_credential_secret": made.secret}}
    sdk.identity.delete_application_credential(user, made)


def test_an_application_credential_runs_all_but_what_needs_a_password(desk: Desk, application: dict[str, Any]) -> None:
    """Clouds with single sign-on have no passwords; what then cannot be tested must say why, and not fail."""
    found = tried(desk, {"x": application}, OBJECT, TOKEN)
    reason = "needs a password: entry x of clouds.yaml logs in by other means"
    assert found == {"test_create_object": "passed", "test_create_token": ("not_run", reason)}
    written = "".join(item.read_text("utf-8", "replace") for item in (desk.folder / "run").rglob("*") if item.is_file())
    assert application["auth"]["application_credential_secret"] not in written


def test_a_token_runs_all_but_what_needs_a_password(desk: Desk, sdk: Any, own: dict[str, Any]) -> None:  # noqa: ANN401
    """A short-lived token is all that some users may hand out."""
    auth = {"auth_url": own["auth"]["auth_url"], "token": sdk.auth_token, "project_id": sdk.current_project_id}
    found = tried(desk, {"x": own | {"auth_type": "v3token", "auth": auth}}, OBJECT, TOKEN)
    assert found["test_create_object"] == "passed"
    assert found["test_create_token"][0] == "not_run"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ({"auth_type": "v3token", "auth": {"token": "nonsense"}}, "the token may have expired"),
        (
            {
                "auth_type": "v3applicationcredential",
                "auth": {"application_credential_id": "x", "application_credential_secret": "y"},
            },
            "check id and secret",
        ),
        ({"auth": {"username": "x", "password": "y", "user_domain_name": "Default"}}, "check user, password, project"),
        ({"auth": {"username": "x", "password": "y"}}, "name the domains"),
    ],
)
def test_a_refused_log_in_says_what_to_check(
    words: dict[str, Any],
    hint: str,
    own: dict[str, Any],
    write_clouds: Callable[[dict[str, Any]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever logs in with a token has no password to check."""
    words = words | {"auth": words["auth"] | {"auth_url": own["auth"]["auth_url"]}}
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(write_clouds({"x": words})))
    with pytest.raises(InputError, match=f"(refuses|does not take) the log-in.*{hint}"):
        Target(read_credentials("x")["main"]).token()


def test_the_environment_is_a_cloud(desk: Desk, own: dict[str, Any]) -> None:
    """Many users have an openrc file and no clouds.yaml; openstacksdk calls their cloud ``envvars``."""
    names = {f"OS_{key.upper()}": value for key, value in own["auth"].items()}
    found = desk.run(
        "run", "--cloud", "envvars", "-n", "1", "--test", OBJECT, "--out", "run", OS_REGION_NAME="RegionOne", **names
    )
    assert "1 passed" in found.stderr
    assert own["auth"]["password"] not in found.stderr + found.stdout


def test_a_password_may_stand_in_secure_yaml(desk: Desk, own: dict[str, Any]) -> None:
    """Whoever shares a clouds.yaml keeps the passwords apart."""
    secret = own["auth"].pop("password")
    (desk.folder / "secure.yaml").write_text(to_yaml({"x": {"auth": {"password": secret}}}), encoding="utf-8")
    assert tried(desk, {"x": own}, OBJECT, TOKEN) == {"test_create_object": "passed", "test_create_token": "passed"}


def test_an_endpoint_may_be_overridden(desk: Desk, own: dict[str, Any], refcloud: reference.Cloud) -> None:
    """A service behind another address than the catalogue says is tested where the user says, for our own project."""
    url = f"http://127.0.0.1:{refcloud.ports['object-store']}/v1/AUTH_%(project_id)s"
    entry = own | {"region_name": "RegionOne", "object_store_endpoint_override": url, "interface": "moon"}
    assert tried(desk, {"x": entry}, OBJECT) == {"test_create_object": "passed"}


def test_a_client_certificate_is_shown(
    desk: Desk, own: dict[str, Any], refcloud: reference.Cloud, tmp_path: Path, gates: list[Forwarder | HttpProxy]
) -> None:
    """Some clouds let nobody in who has no certificate; both the log-in and the tests must show it."""
    authority = Authority(tmp_path)
    context = authority.context("127.0.0.1", clients=True)
    identity = Forwarder(refcloud.ports["identity"], context=context)
    store = Forwarder(refcloud.ports["object-store"], context=context)
    gates += [identity, store]
    own["auth"]["auth_url"] = f"https://127.0.0.1:{identity.port}/v3"
    entry = own | {
        "cacert": str(authority.path),
        "identity_endpoint_override": f"https://127.0.0.1:{identity.port}/v3",
        "object_store_endpoint_override": f"https://127.0.0.1:{store.port}/v1/AUTH_%(project_id)s",
    }
    refused = desk.run("doctor", "--cloud", "x", OS_CLIENT_CONFIG_FILE=str(_written(desk, {"x": entry})))
    assert refused.returncode == 3
    certificate, key = authority.issue("somebody")
    found = tried(desk, {"x": entry | {"cert": str(certificate), "key": str(key)}}, OBJECT, TOKEN)
    assert found == {"test_create_object": "passed", "test_create_token": "passed"}


def _written(desk: Desk, entries: dict[str, Any]) -> Path:
    path = desk.folder / "clouds.yaml"
    path.write_text(to_yaml(entries), encoding="utf-8")
    return path


def test_everything_goes_through_the_proxy(
    desk: Desk, own: dict[str, Any], gates: list[Forwarder | HttpProxy], refcloud: reference.Cloud
) -> None:
    """Behind a company's proxy nothing else leads out: log-in, doctor and tests must all take it."""
    proxy = HttpProxy("someone:s3cret")
    gates.append(proxy)
    url = proxy.url.replace("//", "//someone:s3cret@")
    found = tried(desk, {"x": own}, OBJECT, TOKEN, HTTP_PROXY=url, NO_PROXY="", no_proxy="")
    assert found == {"test_create_object": "passed", "test_create_token": "passed"}
    ports = {int(re.findall(r"127\.0\.0\.1:(\d+)", url)[0]) for _, url in proxy.seen}
    assert ports == {refcloud.ports["identity"], refcloud.ports["object-store"]}
    assert ("PUT", "object-store") in {(method, "object-store") for method, url in proxy.seen if "/v1/AUTH_" in url}


def test_a_proxy_can_be_left_out(desk: Desk, own: dict[str, Any], gates: list[Forwarder | HttpProxy]) -> None:
    """A cloud inside the company is reached without the proxy."""
    proxy = HttpProxy()
    gates.append(proxy)
    assert tried(desk, {"x": own}, OBJECT, HTTP_PROXY=proxy.url, NO_PROXY="127.0.0.1") == {
        "test_create_object": "passed"
    }
    assert proxy.seen == []


def test_tls_goes_through_the_proxy_in_a_tunnel(
    desk: Desk, refcloud_odd: reference.Cloud, gates: list[Forwarder | HttpProxy]
) -> None:
    """The usual case: https, a CA of its own, endpoints below a path, and a proxy that sees nothing but CONNECT."""
    proxy = HttpProxy()
    gates.append(proxy)
    entries = {"x": refcloud_odd.entries["odd"]}
    found = tried(desk, entries, OBJECT, TOKEN, HTTPS_PROXY=proxy.url, NO_PROXY="", no_proxy="")
    assert found == {"test_create_object": "passed", "test_create_token": "passed"}
    assert {method for method, _ in proxy.seen} == {"CONNECT"}
    doctor = desk.run("doctor", "--cloud", "x", HTTPS_PROXY=proxy.url, NO_PROXY="", no_proxy="")
    assert "its certificate is valid for another" in doctor.stdout


# -- a cloud that we change as its administrator ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def changed(cloud_home: reference.Home) -> Iterator[tuple[reference.Cloud, Forwarder, Forwarder]]:
    """Start a cloud, and give it a second region whose addresses are IPv6 ones."""
    with reference.running(cloud_home, "changed", services=("identity", "object-store")) as cloud:
        identity = Forwarder(cloud.ports["identity"], host="::1")
        store = Forwarder(cloud.ports["object-store"], host="::1")
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(action="ignore"):
            patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
            import openstack

            admin: Any = openstack.connect(cloud="changed-admin")
            admin.identity.create_region(id="six")
            urls = {
                "identity": f"http://[::1]:{identity.port}/v3",
                "object-store": f"http://[::1]:{store.port}/v1/AUTH_%(project_id)s",
            }
            for service in admin.identity.services():
                admin.identity.create_endpoint(
                    service_id=service.id, interface="public", region_id="six", url=urls[service.type]
                )
            admin.close()
        yield cloud, identity, store
        identity.close()
        store.close()


def test_a_region_with_ipv6_addresses(desk: Desk, changed: tuple[reference.Cloud, Forwarder, Forwarder]) -> None:
    """Addresses in brackets must survive every parser on the way, and the region must be the one that is named."""
    cloud, identity, store = changed
    entry = json.loads(json.dumps(cloud.entries["changed"])) | {"region_name": "six"}
    entry["auth"]["auth_url"] = f"http://[::1]:{identity.port}/v3"
    found = tried(desk, {"x": entry}, OBJECT, TOKEN)
    assert found == {"test_create_object": "passed", "test_create_token": "passed"}
    record = json.loads((desk.folder / "run" / "run.json").read_text(encoding="utf-8"))
    assert record["cloud"]["region"] == "six"
    assert record["cloud"]["catalogue"]["object-store"] == f"http://[::1]:{store.port}/v1/AUTH_PROJECT"


def test_a_region_of_one_service(
    changed: tuple[reference.Cloud, Forwarder, Forwarder],
    write_clouds: Callable[[dict[str, Any]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Openstacksdk lets a service have a region and an interface of its own, and so must we."""
    cloud, identity, _ = changed
    entry = cloud.entries["changed"] | {"identity_region_name": "six", "object_store_interface": "internal"}
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(write_clouds({"x": entry})))
    target = Target(read_credentials("x")["main"])
    assert target.endpoint("identity") == f"http://[::1]:{identity.port}/v3"
    assert (target.endpoint("object-store") or "").startswith(f"http://127.0.0.1:{cloud.ports['object-store']}/v1/")


def test_a_cloud_without_an_object_store(desk: Desk, cloud_home: reference.Home) -> None:
    """A compute cloud is told at once that nothing can be tested for storage; who insists gets unsupported."""
    with reference.running(cloud_home, "bare", services=("identity",)) as cloud:
        desk.environment["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
        doctor = desk.run("doctor", "--cloud", "bare")
        assert doctor.returncode == 2
        assert "object-store: the catalogue has no such service; it has: identity" in doctor.stdout
        refused = desk.run("run", "--cloud", "bare", "--out", "run")
        assert refused.returncode == 2
        assert not (desk.folder / "run").exists()
        insisted = desk.run("run", "--cloud", "bare", "--no-doctor", "--out", "run", "--test", OBJECT, "--test", TOKEN)
        assert "1 passed, 1 unsupported" in insisted.stderr
