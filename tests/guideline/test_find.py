"""Finding a guideline and a program by the words that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.guideline import find, find_program, known_guidelines, resolve
from defcore.guideline.find import in_folder, shipped_guidelines

from .builders import document, load, put, text_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installation with the guidelines 2026.11 and 2027.05, a draft called next and a text."""
    folder = tmp_path / "guidelines"
    folder.mkdir()
    for name in ("2027.05", "2026.11"):
        (folder / f"{name}.json").write_text(text_of(put(document(), ("metadata", "id"), name)))
    (folder / "next.json").write_text("not even JSON")
    (folder / "README.md").write_text("words")
    monkeypatch.setattr(find, "data_dir", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_newest_without_a_word(shelf: Path) -> None:
    """Who says nothing means the guideline of today, not the first in the folder."""
    assert resolve().provenance.file == str(shelf / "2027.05.json")


def test_by_id(shelf: Path) -> None:
    """The id is what people say aloud."""
    assert resolve("2026.11").provenance.file == str(shelf / "2026.11.json")


@pytest.mark.parametrize("name", ["mine.json", "mine"])
def test_by_file(shelf: Path, name: str) -> None:
    """A guideline of one's own needs no place in the installation."""
    path = shelf / name
    path.write_text(text_of(put(document(), ("metadata", "id"), "mine")))
    assert resolve(str(path)).guideline.id == "mine"


def test_a_file_that_is_not_there(shelf: Path) -> None:
    """What looks like a file is reported as one that is missing, at its path."""
    with pytest.raises(InputError, match="No such file") as caught:
        resolve(str(shelf / "2031.05.json"))
    assert caught.value.where == str(shelf / "2031.05.json")


@pytest.mark.parametrize("word", ["2031.05", "next", "x" * 5000, "a\0b", "no/such/place"])
@pytest.mark.usefixtures("shelf")
def test_an_unknown_word_names_the_known_ones(word: str) -> None:
    """One line must be enough to choose again; the word may come out of somebody's run record."""
    with pytest.raises(InputError) as caught:
        resolve(word)
    assert caught.value.code == "unknown-guideline"
    assert caught.value.what == f"no guideline is called {word!r}"
    assert caught.value.hint == "give a file, or one of: 2026.11, 2027.05; `defcore guideline import` adds others"


def test_the_known_ones_oldest_first(shelf: Path) -> None:
    """Which are the two latest depends on this list being whole."""
    assert [item.guideline.id for item in known_guidelines()] == ["2026.11", "2027.05"]
    assert shelf.is_dir()


def test_an_installation_without_guidelines_says_so(shelf: Path) -> None:
    """A broken package must be named as one, not end in a traceback."""
    for path in shelf.glob("2*.json"):
        path.unlink()
    with pytest.raises(InputError, match="no guideline ships with this installation") as caught:
        resolve()
    assert caught.value.where == str(shelf)


def test_an_add_on_is_found_but_is_never_the_newest(shelf: Path) -> None:
    """Who says nothing means a platform; an add-on counts in a series of its own (C6)."""
    name = "dns.2028.05"
    (shelf / f"{name}.json").write_text(text_of(put(document(), ("metadata", "id"), name)))
    (shelf / "2028.05.exceptions.json").write_text("{}")
    assert resolve(name).guideline.id == name
    assert resolve().guideline.id == "2027.05"
    assert [item.guideline.id for item in known_guidelines()] == ["2026.11", "2027.05"]
    assert [path.stem for path in shipped_guidelines()] == ["2026.11", "2027.05", name]


def test_the_guidelines_of_a_folder(shelf: Path) -> None:
    """A folder holds other files too; only what is named as a guideline is one."""
    for name in ("2015.next.json", "nfv.next.json", "package.json", "2026.11.exceptions.json", "2020.6.json"):
        (shelf / name).write_text("{}")
    (shelf / "2029.05.json").mkdir()
    assert [path.name for path in in_folder(shelf)] == [
        "2015.next.json",
        "2026.11.json",
        "2027.05.json",
        "next.json",
        "nfv.next.json",
    ]


def test_what_ships_can_be_found_by_its_id() -> None:
    """A file whose name and id differ would be found under neither."""
    for item in known_guidelines():
        assert resolve(item.guideline.id) == item


def test_a_program_is_found() -> None:
    """Planner and scorer must mean the same program by the same word."""
    guideline = load(document()).guideline
    assert find_program(guideline, "Small Cloud") is guideline.programs[0]


def test_an_unknown_program_names_those_there_are() -> None:
    """One line must be enough to choose again."""
    guideline = load(document()).guideline
    with pytest.raises(InputError) as caught:
        find_program(guideline, "strorage")
    words = "guideline 2026.11 has no program 'strorage' (one of: small-cloud, names, far-away, store)"
    assert str(caught.value) == words


def test_a_guideline_without_programs_says_so() -> None:
    """A list of nothing would read like a fault of ours."""
    empty = load({**document(), "platforms": {}, "add-ons": {}, "verticals": {}, "components": {}}).guideline
    with pytest.raises(InputError, match="it has none at all"):
        find_program(empty, "store")
