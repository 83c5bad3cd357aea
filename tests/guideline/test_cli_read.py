"""``defcore guideline list | show | convert`` from words to lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.cli.main import main
from defcore.guideline import dump, load_bytes, load_file

from .builders import text_of
from .old_files import add_on, every, v1_2, v2_0

if TYPE_CHECKING:
    from pathlib import Path


def call(*words: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        main(["guideline", *(str(word) for word in words)])
    return int(caught.value.code or 0)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a file of schema 1.2."""
    path = tmp_path / "2015.03.json"
    path.write_text(text_of(v1_2()))
    return path


def test_list_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer sees which guidelines there are without looking for files."""
    assert call("list", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["unreadable"] == []
    assert {"id": "2026.11", "schema": "2.0", "status": "draft"}.items() <= found["guidelines"][0].items()
    assert call("list") == 0
    assert "interoperable-cloud-storage" in capsys.readouterr().out


def test_list_a_folder(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One broken file must not hide the others."""
    (old.parent / "2015.04.json").write_text("{")
    assert call("list", old.parent) == 0
    captured = capsys.readouterr()
    assert "2015.03  1.2" in captured.out
    assert "not readable:" in captured.err
    assert call("list", old.parent, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [item["programs"] for item in found["guidelines"]] == [["openstack-powered-platform"]]
    assert len(found["unreadable"]) == 1


def test_show(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures are what people compare guidelines by."""
    assert call("show", old) == 0
    captured = capsys.readouterr()
    assert "schema     1.2" in captured.out
    assert "object" in captured.out
    assert "slips of the file" in captured.err
    assert call("show", old, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["components"]["object"] == {"required_capabilities": 1, "must_pass": 1, "flagged": 1}


def test_show_references(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An add-on says which file its host was taken from, or that it is not at hand."""
    path = tmp_path / "dns.2018.02.json"
    path.write_text(text_of(add_on()))
    assert call("show", path) == 0
    assert "2018.02.json: that file is not at hand" in capsys.readouterr().out
    host = tmp_path / "2018.02.json"
    host.write_text(text_of(v2_0()))
    assert call("show", path) == 0
    assert load_file(host).provenance.digest in capsys.readouterr().out


def test_show_by_id(capsys: pytest.CaptureFixture[str]) -> None:
    """The guideline that ships is shown without a file, and without a warning."""
    assert call("show", "2026.11") == 0
    captured = capsys.readouterr()
    assert "os_powered_storage" in captured.out
    assert captured.err == ""


def test_convert_to_stdout(old: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Stdout is the guideline and nothing else, so that it can be piped; the warnings name their places."""
    assert call("convert", old) == 0
    captured = capsysbinary.readouterr()
    assert captured.out == dump(load_file(old).guideline)
    assert load_bytes(captured.out, "new.json").guideline.capabilities == load_file(old).guideline.capabilities
    assert f"warning: {old}:17: $.platform.depricated: key 'depricated' read".encode() in captured.err


def test_convert_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file is written whole, and its path is said."""
    path = tmp_path / "2016.01.json"
    path.write_text(text_of(every("1.6")))
    new = tmp_path / "new.json"
    assert call("convert", path, "-o", new) == 0
    assert load_file(new).guideline.schema == "2.0"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith(f"{new}: guideline 2016.01, schema 2.0\n")


@pytest.mark.parametrize("command", ["show", "convert"])
def test_bad_input_gets_one_line(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A script stops at exit code 2, and a person reads what to do."""
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    for word in (bad, "2031.05", tmp_path / "none.json"):
        assert call(command, word) == 2
        captured = capsys.readouterr()
        assert (captured.out, captured.err.count("\n")) == ("", 1)
