"""Components that a guideline takes from other files: found beside it or among those that ship, never fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.guideline import find, load_file
from defcore.guideline.find import import_guidelines
from defcore.guideline.refs import Reference, references

from .builders import Doc, put, text_of
from .old_files import add_on, v1_3, v2_0, vertical

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installation without guidelines, and a folder to put files in."""
    (tmp_path / "guidelines").mkdir()
    monkeypatch.setattr(find, "data_dir", lambda name: tmp_path / name)
    folder = tmp_path / "mine" / "add-ons"
    folder.mkdir(parents=True)
    return folder


def write(path: Path, doc: Doc) -> Path:
    """Write a guideline."""
    path.write_text(text_of(doc))
    return path


def resolved(path: Path) -> Reference:
    """Return the one reference of a file."""
    (found,) = references(load_file(path))
    return found


@pytest.mark.parametrize("where", [".", "..", "../guidelines"])
def test_a_file_nearby_is_found(shelf: Path, where: str) -> None:
    """The group kept add-ons in a folder below its platforms; a clone of it must resolve without a network."""
    (shelf / where).mkdir(exist_ok=True)
    host = write(shelf / where / "2018.02.json", v2_0())
    found = resolved(write(shelf / "dns.2018.02.json", add_on()))
    assert found.digest == load_file(host).provenance.digest
    assert found.component == load_file(host).guideline.component("os_powered_storage")
    assert (found.at_hand, found.problem, found.program) == (True, None, "dns")
    assert found.path == ("add-ons", "DNS", "required_platform_components", 0)


def test_a_guideline_that_ships_is_found(shelf: Path, tmp_path: Path) -> None:
    """An add-on of one's own builds on a platform that everybody has."""
    write(tmp_path / "guidelines" / "2018.02.json", v2_0())
    assert resolved(write(shelf / "dns.json", add_on())).problem is None


def test_the_nearest_file_wins(shelf: Path, tmp_path: Path) -> None:
    """Who edits a copy of a platform beside the add-on means that copy."""
    write(tmp_path / "guidelines" / "2018.02.json", v2_0())
    near = write(shelf / "2018.02.json", put(v2_0(), ("metadata", "reference"), "mine"))
    assert resolved(write(shelf / "dns.json", add_on())).digest == load_file(near).provenance.digest


def test_a_file_that_lacks_the_component(shelf: Path) -> None:
    """nfv.next asks 2017.09 for a component by the name that it got later; that is told, and the file still loads."""
    doc = put(v1_3("1.6"), ("id",), "2017.09")
    write(shelf / "2017.09.json", doc)
    found = resolved(write(shelf / "nfv.next.json", vertical()))
    assert (found.component, found.at_hand) == (None, True)
    assert found.problem == "guideline 2017.09 has no component 'os_powered_compute'"


@pytest.mark.parametrize(
    "source",
    ["http://opendev.org/openstack/interop/2031.05.json", "https://example.org/", "no good name!", "", "a/b?c"],
)
def test_a_file_that_is_not_at_hand(shelf: Path, source: str) -> None:
    """Nothing is fetched: what is not here is said not to be here."""
    doc = put(add_on(), ("add-ons", "DNS", "required_platform_components", 0, "source"), source)
    found = resolved(write(shelf / "dns.json", doc))
    assert (found.problem, found.at_hand, found.file) == ("that file is not at hand", False, None)


def test_a_file_that_cannot_be_read(shelf: Path) -> None:
    """A broken neighbour must not stop an add-on from being looked at."""
    (shelf / "2018.02.json").write_text("{")
    found = resolved(write(shelf / "dns.json", add_on()))
    assert found.problem is not None
    assert found.problem.startswith("that file cannot be read: is not valid JSON")
    assert not found.at_hand


@pytest.mark.parametrize("ending", ["", ".json", ".json/", ".json?plain=1", ".json#L4"])
def test_the_last_part_of_an_address_names_the_file(shelf: Path, ending: str) -> None:
    """The repository moved house four times, so the rest of an address means nothing."""
    write(shelf / "2018.02.json", v2_0())
    source = f"https://git.openstack.org/cgit/openstack/interop/tree/2018.02{ending}"
    doc = put(add_on(), ("add-ons", "DNS", "required_platform_components", 0, "source"), source)
    assert resolved(write(shelf / "dns.json", doc)).problem is None


def test_a_file_is_read_once(shelf: Path) -> None:
    """Two references to one file are to the same bytes."""
    ref = {"name": "os_powered_storage", "source": "http://opendev.org/openstack/interop/2018.02.json"}
    write(shelf / "2018.02.json", v2_0())
    doc = put(add_on(), ("add-ons", "DNS", "optional_platform_components"), [ref])
    first, second = references(load_file(write(shelf / "dns.json", doc)))
    assert first.component is second.component


def test_no_reference_at_all(shelf: Path) -> None:
    """A platform stands by itself."""
    assert references(load_file(write(shelf / "2018.02.json", v2_0()))) == ()


def test_a_guideline_that_was_imported_is_found(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who imported the published platform must not be told that it is not at hand."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    import_guidelines(write(tmp_path / "2018.02.json", v2_0()))
    assert resolved(write(shelf / "dns.json", add_on())).problem is None
