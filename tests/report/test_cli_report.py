"""Tests of ``defcore report`` from words to file."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from defcore.cli.report import report
from defcore.errors import InputError
from defcore.guideline import resolve

from .builders import dead_cases, product, run_of
from .checks import Page, junit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Write a run record of a cloud that nobody reached."""
    path = tmp_path / "run.json"
    path.write_text(run_of(dead_cases()).model_dump_json())
    return path


@pytest.fixture
def program() -> str:
    """Name one program of the guideline that ships."""
    return resolve().guideline.programs[0].key


def _call(*words: object) -> str:
    result = CliRunner().invoke(report, [str(word) for word in words], catch_exceptions=False, standalone_mode=False)
    return result.stdout


def _refused(*words: object) -> InputError:
    with pytest.raises(InputError) as caught:
        _call(*words)
    assert "\n" not in str(caught.value)
    return caught.value


def test_html_is_written_to_the_file(run: Path, program: str, tmp_path: Path) -> None:
    """If it fails, the first thing that a vendor shows to management is not there."""
    output = tmp_path / "report.html"
    described = tmp_path / "product.json"
    described.write_text(product().model_dump_json())
    assert _call(run, "-f", "html", "-o", output, "--program", program, "--product", described) == ""
    words = Page(output.read_text(encoding="utf-8")).words
    assert "Example Cloud 4.2" in words
    assert "Untested" in words
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("form", ["subunit", "refstack"])
def test_formats_of_the_run_alone_need_no_program(run: Path, form: str) -> None:
    """If it fails, results cannot be handed on where no guideline is agreed on."""
    result = CliRunner().invoke(report, [str(run), "-f", form, "-o", "-"], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout_bytes.startswith(b"\xb3" if form == "subunit" else b'{\n "cpid"')


@pytest.mark.parametrize("form", ["md", "junit", "json", "csv", "in-toto"])
def test_other_formats_go_to_stdout(run: Path, program: str, form: str) -> None:
    """If it fails, a report cannot be piped into another program."""
    text = _call(run, "-f", form, "-o", "-", "--program", program)
    if form == "junit":
        junit(text)
    elif form == "csv":
        assert text.startswith("id,name,outcome,")
    elif form == "in-toto":
        assert json.loads(text)["predicate"]["result"] == "FAILED"
    elif form == "json":
        assert json.loads(text)["interop"] == "untested"
    else:
        assert text.startswith("# Cloud example")


def test_html_needs_a_file(run: Path, program: str) -> None:
    """If it fails, a forgotten -o floods the terminal with a page."""
    assert _refused(run, "--program", program).code == "no-output"


def test_an_unwritable_place_is_one_line_and_leaves_nothing(run: Path, program: str, tmp_path: Path) -> None:
    """If it fails, a wrong output path costs a traceback, or half a report."""
    missing = tmp_path / "no" / "where.html"
    error = _refused(run, "-o", missing, "--program", program)
    assert (error.code, error.exit_code) == ("unwritable", 2)
    assert not missing.parent.exists()
    folder = tmp_path / "folder"
    folder.mkdir()
    assert _refused(run, "-o", folder, "--program", program).code == "unwritable"
    assert list(folder.iterdir()) == []


def test_a_device_is_never_replaced(run: Path, program: str) -> None:
    """If it fails, ``-o /dev/null`` by root replaces the device with a file."""
    assert _refused(run, "-f", "md", "-o", os.devnull, "--program", program).code == "unwritable"


def test_an_old_report_survives_bad_input(program: str, tmp_path: Path) -> None:
    """If it fails, a run that cannot be read costs the vendor the report of the last one."""
    output = tmp_path / "report.md"
    output.write_text("old")
    broken = tmp_path / "run.json"
    broken.write_text("{")
    assert _refused(broken, "-f", "md", "-o", output, "--program", program).exit_code == 2
    assert output.read_text() == "old"


def test_unknown_words_are_one_line(run: Path, program: str, tmp_path: Path) -> None:
    """If it fails, a misspelt guideline, program or file is a traceback."""
    output = tmp_path / "x.md"
    for words in (
        ["--program", "no-such-program"],
        ["--program", program, "--guideline", "1999.01"],
        ["--program", program, "--product", tmp_path / "none.json"],
    ):
        assert _refused(run, "-f", "md", "-o", output, *words).exit_code == 2
    assert _refused(tmp_path / "gone", "-f", "md", "-o", output, "--program", program).exit_code == 2
    assert not output.exists()


def test_the_program_may_be_left_away_only_when_there_is_one(run: Path, tmp_path: Path) -> None:
    """If it fails, a guideline with one program makes people type its name, or one with more picks by chance."""
    source = resolve()
    error = _refused(run, "-f", "md")
    assert error.code == "no-program"
    assert all(item.key in str(error) for item in source.guideline.programs)
    raw = json.loads(source.provenance.content)
    raw["platforms"] = dict(list(raw["platforms"].items())[:1])
    single = tmp_path / "single.json"
    single.write_text(json.dumps(raw))
    assert _call(run, "-f", "md", "--guideline", single).startswith("# Cloud example")
