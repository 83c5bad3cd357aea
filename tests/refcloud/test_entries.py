"""The clouds.yaml entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openstack.config

from defcore.refcloud import profiles
from defcore.refcloud.entries import entries, to_yaml

from .samples import layout

if TYPE_CHECKING:
    from pathlib import Path


def test_the_yaml_says_what_the_entries_say(tmp_path: Path) -> None:
    """If this fails, ``cloud up > clouds.yaml`` writes a file that openstacksdk reads otherwise, or not at all."""
    found = entries(layout(profiles.ODD))
    (tmp_path / "clouds.yaml").write_text(to_yaml(found))
    read = openstack.config.OpenStackConfig(config_files=[str(tmp_path / "clouds.yaml")], load_envvars=False)
    assert read.cloud_config["clouds"] == found


def test_every_person_has_an_entry() -> None:
    """If this fails, tests that need a second project, or a role, find no credential for it."""
    found = entries(layout(profiles.PLAIN))
    assert set(found) == {"x", "x-alt", "x-empty", "x-reader", "x-reseller", "x-spare", "x-admin"}
    projects = {name: entry["auth"]["project_name"] for name, entry in found.items()}
    assert projects["x"] == projects["x-reader"] == projects["x-reseller"] == projects["x-spare"]
    assert len({projects["x"], projects["x-alt"], projects["x-empty"], projects["x-admin"]}) == 4


def test_a_tls_cloud_names_its_authority_by_an_absolute_path() -> None:
    """If this fails, no client trusts the odd cloud, or only from one folder."""
    for entry in entries(layout(profiles.ODD)).values():
        assert entry["cacert"] == "/data/tls/ca.pem"
        assert entry["auth"]["auth_url"] == "https://127.0.0.1:20000/cloud/identity/v3"
    assert all("cacert" not in entry for entry in entries(layout(profiles.PLAIN)).values())
