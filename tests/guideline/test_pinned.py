"""Tests of guidelines that the user imports."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from defcore.cli.main import cli
from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.guideline.find import import_guidelines, imported_guidelines
from defcore.guideline.pinned import pinned
from defcore.locate import user_dir

from .builders import document, put, text_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a user who imported nothing yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return user_dir("guidelines")


def written(path: Path, name: str, label: str = "a label") -> Path:
    """Write a guideline of that id."""
    value = put(put(document(), ("metadata", "id"), name), ("metadata", "authority", "label"), label)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text_of(value))
    return path


def refused(place: Path) -> InputError:
    """Import what cannot be imported; nothing must change."""
    before = imported_guidelines()
    with pytest.raises(InputError) as caught:
        import_guidelines(place)
    assert imported_guidelines() == before
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_imported_guideline_is_known_by_its_id(tmp_path: Path, home: Path) -> None:
    """If it fails, --guideline 2020.06 is only understood as long as the file lies about."""
    path = written(tmp_path / "some.json", "2020.06")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (item,) = import_guidelines(path)
    assert (item.id, item.digest, item.new, item.before) == ("2020.06", digest, True, None)
    path.unlink()
    assert resolve("2020.06").provenance.digest == digest
    assert [file.name for file in home.iterdir()] == [f"2020.06.{digest}.json"]
    with pytest.raises(InputError, match="no guideline is called") as caught:
        resolve("2019.11")
    assert "2020.06, 2026.11" in (caught.value.hint or "")


def test_the_guidelines_of_a_folder_are_imported_all_or_none(tmp_path: Path) -> None:
    """If it fails, half of a folder is known, and nobody can say which half."""
    folder = tmp_path / "published"
    written(folder / "2018.02.json", "2018.02")
    written(folder / "dns.2020.06.json", "dns.2020.06")
    (folder / "README.md").write_text("words")
    bad = folder / "2020.06.json"
    bad.write_text("{")
    assert refused(folder).code == "bad-json"
    bad.unlink()
    assert [item.id for item in import_guidelines(folder)] == ["2018.02", "dns.2020.06"]
    assert [item.new for item in import_guidelines(folder)] == [False, False]


def test_other_bytes_under_a_known_id_are_refused_unless_they_shall_take_its_place(tmp_path: Path, home: Path) -> None:
    """If it fails, somebody's edited copy of a guideline takes the place of the published one unseen."""
    first = written(tmp_path / "a.json", "2020.06")
    old = import_guidelines(first)[0].digest
    other = written(tmp_path / "b.json", "2020.06", "another")
    error = refused(other)
    assert error.code == "other-bytes"
    assert old in error.what
    (item,) = import_guidelines(other, replace=True)
    assert (item.new, item.before) == (True, old)
    assert resolve("2020.06").guideline.authority.label == "another"
    assert len(list(home.iterdir())) == 1


def test_a_byte_that_changed_since_is_found_out(tmp_path: Path, home: Path) -> None:
    """If it fails, a guideline can be bent after it was pinned."""
    import_guidelines(written(tmp_path / "a.json", "2020.06"))
    (kept,) = home.iterdir()
    (home / "stray.json").write_text("what is not named as an import is none")
    kept.write_text(kept.read_text() + "\n")
    with pytest.raises(InputError) as caught:
        resolve("2020.06")
    assert caught.value.code == "pin-broken"


def test_an_id_that_is_kept_twice_is_refused(tmp_path: Path, home: Path) -> None:
    """If it fails, chance decides by which of two guidelines a cloud is judged."""
    import_guidelines(written(tmp_path / "a.json", "2020.06"))
    (home / f"2020.06.{'0' * 64}.json").write_text("{}")
    with pytest.raises(InputError) as caught:
        pinned(home)
    assert caught.value.code == "pinned-twice"


@pytest.mark.parametrize(("name", "code"), [("2026.11", "ships"), ("../2020.06", "bad-id")])
def test_ids_that_are_taken_or_no_names_are_refused(name: str, code: str, tmp_path: Path) -> None:
    """If it fails, an import shadows what ships, or writes where it must not."""
    assert refused(written(tmp_path / "a.json", name)).code == code


def test_two_files_of_one_id_are_refused(tmp_path: Path) -> None:
    """If it fails, the last of two wins."""
    written(tmp_path / "p" / "2020.06.json", "2020.06")
    written(tmp_path / "p" / "next.json", "2020.06")
    assert refused(tmp_path / "p").code == "same-id"


def test_a_folder_without_guidelines_and_a_place_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it fails, a wrong folder looks like a success, or costs a traceback."""
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty").code == "no-guideline"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert refused(written(tmp_path / "a.json", "2020.06")).code == "unwritable"


def _call(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)


def test_the_command_keeps_lists_and_tells(tmp_path: Path) -> None:
    """If it fails, nobody sees what was kept, or that it took another's place."""
    path = written(tmp_path / "a.json", "2020.06")
    done = _call("guideline", "import", path)
    assert done.stdout == "2020.06\n"
    assert done.stderr.startswith("2020.06: kept, sha256 ")
    assert "was kept already" in _call("guideline", "import", path).stderr
    assert ", instead of " in _call("guideline", "import", written(path, "2020.06", "new"), "--replace").stderr
    table = _call("guideline", "list").stdout
    assert "2026.11" in table
    assert "2020.06" in table
    assert "2026.11" not in _call("guideline", "list", path.parent).stdout
    assert "2020.06" in _call("guideline", "show", "2020.06").stdout
