"""The add-on for names as data: the facts of its published predecessor, in our own words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from defcore.guideline import dump, load_file, resolve
from defcore.guideline.diff import diff
from defcore.locate import data_dir


def test_writing_gives_the_same_bytes() -> None:
    """If the writer changed a byte, saving the add-on would change its digest and every verdict's reference."""
    path = data_dir("guidelines") / "dns.2026.11.json"
    source = load_file(path)
    assert dump(source.guideline) == path.read_bytes()
    assert source.provenance.repairs == ()


def test_is_found_by_its_id() -> None:
    """Whoever wants to judge the add-on names it like any other guideline."""
    found = resolve("dns.2026.11").guideline
    assert [item.key for item in found.programs] == ["interoperable-cloud-dns"]
    assert found.programs[0].required_platform_components[0].name == "os_powered_compute"


def test_facts_are_those_of_dns_2020_06() -> None:
    """Ten tests, two capabilities, one designated project: nothing else was carried over, and nothing left out."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    found = diff(load_file(Path(folder) / "dns.2020.06.json").guideline, resolve("dns.2026.11").guideline)
    assert [(item.before, item.after, item.gained, item.lost) for item in found.must_pass] == [(10, 10, (), ())]
    assert not (found.added)
    assert not (found.removed)
    assert not (found.regrouped)
    assert not (found.moves)
    assert not (found.tests)
    assert not (found.sections)
    assert not (found.parts)
    assert {item.what for item in found.facts} == {"achievements of dns-record-crud", "achievements of dns-zone-crud"}
