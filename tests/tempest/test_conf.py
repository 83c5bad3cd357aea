"""tempest.conf and the accounts file, from what is known of a cloud."""

from __future__ import annotations

import json
import random
import string
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from defcore.cloud.credential import Credential
from defcore.errors import InputError
from defcore.tempest import conf
from defcore.tempest.facts import Account, Facts, Flavor, Image

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.tempest.environment import Environment

FACTS = Facts(
    auth_url="https://cloud/v3",
    region="north",
    interface="internal",
    services={"identity": "identity", "compute": "compute", "volume": "block-storage", "object-store": "object-store"},
    images=(Image("small", 10, 64, 1), Image("large", 20, 64, 1)),
    flavors=(Flavor("tiny", 32, 1), Flavor("nano", 64, 1), Flavor("thin", 128, 0), Flavor("micro", 128, 2)),
    external=("net-id", "outside"),
    extensions=("router", "quotas"),
    announced=("slo", "tempurl"),
)
CREDENTIAL = Credential("x", "password", {}, "north", "internal", True, None, {})  # noqa: FBT003 - verify
MAIN = Account("x", "me", "se$cret", "mine", "Meadow", "Meadow", ("member", "reader"))
ALT = replace(MAIN, entry="x-alt", user="other", project="theirs")
EMPTY = replace(MAIN, entry="x-empty", user="nobody", project="void")
READER = replace(MAIN, entry="x-reader", user="reader", roles=("reader",))
RESELLER = replace(MAIN, entry="x-reseller", user="reseller", roles=("Seller",))
ADMIN = replace(MAIN, entry="x-admin", user="root", project="admin", user_domain="Default", roles=("admin",))
ALL = [MAIN, ALT, EMPTY, READER, RESELLER]


def test_the_configuration_follows_from_the_cloud() -> None:
    """A wrong image, flavor, type or interface makes Tempest fail on a cloud in which nothing is wrong."""
    found = conf.settings(FACTS, CREDENTIAL, ALL, None)
    assert found["identity"] == {"uri_v3": "https://cloud/v3", "region": "north", "v3_endpoint_type": "internal"}
    compute = found["compute"]
    # The smallest pair that the images fit on, and to whose disk a server can be resized.
    assert [compute[key] for key in ("image_ref", "image_ref_alt", "flavor_ref", "flavor_ref_alt")] == [
        "small",
        "large",
        "nano",
        "micro",
    ]
    assert compute["endpoint_type"] == "internalURL"
    assert found["volume"]["catalog_type"] == "block-storage"
    assert found["network"] == {"public_network_id": "net-id", "floating_network_name": "outside"}
    assert found["network-feature-enabled"] == {"api_extensions": "router,quotas"}
    assert found["object-storage-feature-enabled"] == {
        "discoverable_apis": "slo,tempurl",
        "container_sync": "false",
    }
    assert found["service_available"] == {
        "cinder": "true",
        "neutron": "false",
        "glance": "false",
        "swift": "true",
        "nova": "true",
        "designate": "false",
        "heat": "false",
        "horizon": "false",
    }
    assert found["object-storage"]["operator_role"] == "member"
    assert found["object-storage"]["reseller_admin_role"] == "Seller"


def test_with_an_admin_every_class_gets_users_of_its_own() -> None:
    """Else -n would be bounded by the accounts that somebody thought of making."""
    found = conf.settings(FACTS, CREDENTIAL, ALL, ADMIN)["auth"]
    assert found["use_dynamic_credentials"] == "true"
    assert (found["admin_username"], found["admin_project_name"]) == ("root", "admin")
    assert found["admin_user_domain_name"] == "Default"
    # Where ordinary people live, and not where the admin does.
    assert found["default_credentials_domain_name"] == "Meadow"
    assert found["tempest_roles"] == ""
    odd = replace(MAIN, roles=("_member_", "reader"))
    settings = conf.settings(FACTS, CREDENTIAL, [odd], ADMIN)
    assert settings["auth"]["tempest_roles"] == "_member_"
    assert settings["object-storage"]["operator_role"] == "_member_"
    assert conf.settings(FACTS, CREDENTIAL, [], ADMIN)["auth"]["tempest_roles"] == ""


def test_without_an_admin_the_accounts_are_shared_out() -> None:
    """A cloud whose owner gives no admin away must be testable too."""
    found = conf.settings(FACTS, CREDENTIAL, [replace(MAIN, network="lan"), ALT], None)
    assert found["auth"] == {"use_dynamic_credentials": "false", "test_accounts_file": "accounts.yaml"}
    assert found["compute"]["fixed_network_name"] == "lan"


def test_what_the_cloud_does_not_say_is_left_to_tempest() -> None:
    """A cloud without images or flavors in sight must not stop what needs none."""
    bare = replace(FACTS, services={"identity": "identity"}, images=(), external=None, extensions=None, announced=None)
    found = conf.settings(bare, CREDENTIAL, ALL, None)
    assert "image_ref" not in found["compute"]
    assert "network-feature-enabled" not in found
    one = conf.settings(replace(FACTS, images=FACTS.images[:1], flavors=()), CREDENTIAL, ALL, None)["compute"]
    assert one["image_ref"] == one["image_ref_alt"] == "small"
    assert "flavor_ref" not in one
    # Where none fits, the smallest is tried all the same.
    huge = conf.settings(replace(FACTS, images=(Image("huge", 1, 999, 99),)), CREDENTIAL, ALL, None)["compute"]
    assert huge["flavor_ref"] == "tiny"


@pytest.mark.parametrize(
    ("verify", "told"),
    [(True, {}), (False, {"disable_ssl_certificate_validation": "true"}), ("/ca", {"ca_certificates_file": "/ca"})],
)
def test_tls_is_as_clouds_yaml_says(verify: bool | str, told: dict[str, str]) -> None:  # noqa: FBT001
    """A CA of the user's own must hold for Tempest too, and nothing else may switch the check off."""
    found = conf.settings(FACTS, replace(CREDENTIAL, verify=verify), ALL, None)["identity"]
    assert {key: found[key] for key in found if "cert" in key} == told


def test_accounts_stand_in_the_order_in_which_tempest_may_use_them_up() -> None:
    """A reader in the place of a member, or an empty project that is filled, fails tests on a cloud that is right."""
    found = json.loads(conf.accounts(ALL))
    assert [item["username"] for item in found] == ["other", "me", "nobody", "reader", "reseller"]
    assert [item["roles"] for item in found] == [["member"], ["member"], ["member"], ["reader"], ["Seller"]]
    assert "resources" not in found[0]
    (lan,) = json.loads(conf.accounts([replace(MAIN, network="lan", roles=("_member_",))]))
    assert lan["resources"] == {"network": "lan"}
    assert lan["roles"] == ["_member_", "member"]


@pytest.mark.parametrize(
    ("accounts", "compute", "found"),
    [
        ([MAIN], True, 1),
        (ALL, True, 1),
        ([*ALL, replace(MAIN, entry="x-tempest-1", project="p1"), replace(MAIN, entry="x-tempest-2")], True, 1),
        ([*ALL, replace(MAIN, entry="x-tempest-1", project="p1"), replace(MAIN, entry="x-tempest-2")], False, 2),
        (
            [*ALL, replace(ALT, entry="x-tempest-1"), replace(ALT, entry="x-t-2"), replace(ALT, roles=("reader",))],
            True,
            2,
        ),
    ],
)
def test_no_more_classes_run_than_there_are_accounts_for(accounts: list[Account], compute: bool, found: int) -> None:  # noqa: FBT001
    """One class too many, and Tempest ends all its tests for want of an account."""
    assert conf.concurrency(accounts, compute=compute) == found


def test_the_users_own_options_take_the_place_of_ours(tmp_path: Path) -> None:
    """Who knows the cloud better than it tells must be able to say so, in Tempest's own words."""
    path = tmp_path / "own.conf"
    path.write_text("[compute]\nimage_ref = mine%s$HOME\n# a word\n[new]\nx = 1\n")
    own = conf.own(path)
    text = conf.render({"compute": {"image_ref": "ours", "flavor_ref": "f$"}}, own)
    assert text == "[compute]\nimage_ref = mine%s$HOME\nflavor_ref = f$$\n\n[new]\nx = 1\n"


@pytest.mark.parametrize(
    "content", [b"image_ref = 1\n", b"[a]\nx = 1\nx = 2\n", b"\xff\xfe[a]\n", b"[compute\n", b"x" * (1024 * 1024 + 1)]
)
def test_what_is_no_tempest_conf_is_one_line(tmp_path: Path, content: bytes) -> None:
    """A wrong file must be told before anything is installed or sent."""
    path = tmp_path / "own.conf"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        conf.own(path)
    assert caught.value.code == "bad-tempest-conf"
    with pytest.raises(InputError):
        conf.own(tmp_path / "none.conf")


@pytest.mark.parametrize("value", ["two\nlines", "back\\$lash", "return\r"])
def test_a_value_that_the_file_cannot_hold_is_refused(value: str) -> None:
    """Else a password would be cut off, or put an option of its own into the file."""
    with pytest.raises(InputError, match="cannot hold"):
        conf.render({"auth": {"admin_password": value}})


def test_oslo_config_reads_each_value_as_it_was(tmp_path: Path, tempest: Environment) -> None:
    """A password with a dollar, a quote or a hash that arrives changed is a log-in refused, and nobody sees why."""
    dice = random.Random(4)  # noqa: S311 - the same values each time
    signs = string.printable.replace("\n", "").replace("\r", "").replace("\x0b", "").replace("\x0c", "") + "ß…"
    values = ["", " ", "'", '"', '"x"', "'x'", "$", "$$x", "${a}", "#", "; x", "=", "a = b", "%s", "\\", " x ", "[y]"]
    values += ["".join(dice.choices(signs, k=dice.randint(1, 20))) for _ in range(300)]
    values = [value for value in values if "\\$" not in value]
    path = tmp_path / "t.conf"
    path.write_text(conf.render({"s": {f"k{number}": value for number, value in enumerate(values)}}), encoding="utf-8")
    code = (
        "import json, sys; from oslo_config import cfg; c = cfg.ConfigOpts(); n = int(sys.argv[2]);"
        "c.register_opts([cfg.StrOpt(f'k{i}') for i in range(n)], group='s');"
        "c([], default_config_files=[sys.argv[1]]); print(json.dumps([getattr(c.s, f'k{i}') for i in range(n)]))"
    )
    words = [str(tempest.python), "-c", code, str(path), str(len(values))]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == values
