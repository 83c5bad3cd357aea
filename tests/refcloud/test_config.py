"""The configuration files, as text."""

from __future__ import annotations

import configparser
import json
from typing import TYPE_CHECKING

import pytest

from defcore.refcloud import profiles
from defcore.refcloud.config import render, write
from defcore.refcloud.config.files import RENDERERS
from defcore.refcloud.services import SERVICES

from .samples import layout

if TYPE_CHECKING:
    from pathlib import Path


def read(text: str) -> configparser.ConfigParser:
    """Read an ini file strictly: a section or option that comes twice is an error."""
    parser = configparser.ConfigParser(interpolation=None, default_section="none")
    parser.read_string(text)
    return parser


def test_every_service_can_be_rendered() -> None:
    """If this fails, a service that can be chosen has no configuration."""
    assert set(RENDERERS) == set(SERVICES)
    files = render(layout(profiles.PLAIN))
    assert set(files) >= {
        "keystone.conf",
        "glance-api.conf",
        "placement.conf",
        "neutron.conf",
        "nova.conf",
        "cinder.conf",
    }
    for text in files.values():
        read(text)


def test_only_what_was_chosen_is_rendered() -> None:
    """If this fails, a light cloud is configured for services that it does not run."""
    files = render(layout(profiles.PLAIN, ("identity", "object-store")))
    assert {name for name in files if not name.startswith("swift")} == {"keystone.conf"}


def test_every_filter_of_the_object_store_is_configured() -> None:
    """If this fails, the object store does not start: its pipeline names a filter that has no section."""
    parser = read(render(layout(profiles.PLAIN))["swift-proxy.conf"])
    *filters, application = parser["pipeline:main"]["pipeline"].split()
    assert parser.has_section(f"app:{application}")
    assert all(parser.has_section(f"filter:{name}") for name in filters)
    assert filters.index("tempurl") < filters.index("authtoken") < filters.index("staticweb") < filters.index("slo")


def test_the_flawed_cloud_has_its_defects_and_no_others() -> None:
    """If this fails, the demonstration of a defect shows none, or shows more than its description admits."""
    flawed, plain = (read(render(layout(item))["swift-proxy.conf"]) for item in (profiles.FLAWED, profiles.PLAIN))
    pipelines = [item["pipeline:main"]["pipeline"].split() for item in (flawed, plain)]
    assert [name for name in pipelines[1] if name not in pipelines[0]] == ["account_quotas"]
    assert flawed["filter:tempurl"]["methods"] == "GET HEAD"
    assert "methods" not in plain["filter:tempurl"]


@pytest.mark.parametrize("profile", profiles.PROFILES.values(), ids=lambda profile: profile.name)
def test_services_meet_one_another_without_the_proxy(profile: profiles.Profile) -> None:
    """If this fails, the services of a TLS cloud do not trust one another."""
    for text in render(layout(profile)).values():
        parser = read(text)
        for section in parser.sections():
            assert parser[section].get("auth_url", "http://127.0.0.1").startswith("http://127.0.0.1")


@pytest.mark.parametrize(("profile", "seconds"), [(profiles.PLAIN, 0), (profiles.SLOW, 20)])
def test_servers_boot_as_slowly_as_the_profile_says(profile: profiles.Profile, seconds: float) -> None:
    """How long a suite takes on a slow cloud could not be measured."""
    parser = read(render(layout(profile))["nova.conf"])
    assert float(parser["DEFAULT"]["refcloud_boot_seconds"]) == seconds


def test_quotas_are_those_of_the_profile() -> None:
    """If this fails, the odd cloud has no small quotas, and suites that need large ones pass on it."""
    files = render(layout(profiles.ODD, tuple(SERVICES)))
    assert read(files["nova.conf"])["quota"]["instances"] == "10"
    assert read(files["neutron.conf"])["quotas"]["quota_network"] == "5"
    assert read(files["cinder.conf"])["DEFAULT"]["quota_volumes"] == "10"


def test_the_catalogue_names_public_urls() -> None:
    """If this fails, users of the odd cloud are sent past its proxy."""
    cloud = layout(profiles.ODD)
    public, inner = cloud.endpoints()["object-store"]
    assert public == "https://127.0.0.1:20000/cloud/objects/v1/AUTH_%(project_id)s"
    assert inner.startswith("http://127.0.0.1:")
    assert "volumev3" not in cloud.endpoints()
    assert "volumev3" in layout(profiles.PLAIN).endpoints()


def test_files_with_passwords_are_private(tmp_path: Path) -> None:
    """If this fails, other users of the machine can read the passwords of every service."""
    from dataclasses import replace

    write(replace(layout(profiles.ODD), data=tmp_path))
    files = [*(tmp_path / "etc").iterdir(), tmp_path / "cloud.json"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert json.loads((tmp_path / "cloud.json").read_text())["prefixes"]["/cloud/objects"] == "object-store"
