"""Tests of ``defcore suite`` and of ``--suite``, from words to output."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from defcore.cli.suite import suite as group
from defcore.errors import InputError
from defcore.run.record import Outcome
from defcore.suite import collect
from tests.run.records import write_evidence

from .builders import ID1, ID2, declared, guideline, module, run_of

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = "https://docs.openstack.org/api-ref/dns/"
NEW = ("--name", "test_list_zones", "--service", "dns", "--operation", "GET /v2/zones", "--reference", REFERENCE)


def _call(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


def _refused(*words: object) -> str:
    result = _call(*words)
    assert isinstance(result.exception, InputError), result
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Write a suite of one test with its guideline."""
    module(tmp_path, "store/test_a.py", declared("test_a", ID1))
    (tmp_path / "guidelines").mkdir()
    (tmp_path / "guidelines" / "own.2027.01.json").write_bytes(guideline({"own.test_a": ID1}))
    return tmp_path


def test_list_narrows_down(own: Path) -> None:
    """If it fails, somebody who looks for the tests of one operation has to read them all."""
    every = json.loads(_call("list", "--suite", own, "--format", "json").stdout)
    assert ID1 in {item["id"] for item in every}
    for words in (("--capability", "things"), ("--operation", "PUT /x")):
        assert [
            item["id"] for item in json.loads(_call("list", "--suite", own, *words, "--format", "json").stdout)
        ] == [ID1]
    result = _call("list", "--service", "identity")
    assert result.exit_code == 0
    assert set(re.findall(r"^[0-9a-f-]{36} +([a-z]\S*)", result.stdout, re.MULTILINE)) == {"identity"}


def test_show_tells_all_about_one(own: Path) -> None:
    """If it fails, a reviewer has to read the code to learn what a test needs."""
    said = _call("show", "test_a", "--suite", own).stdout
    assert "proves      things (guideline own.2027.01)" in said
    assert "needs       nothing beyond an ordinary user" in said
    assert "(as declared; no run of this revision was recorded)" in said
    assert json.loads(_call("show", ID1, "--suite", own, "--format", "json").stdout)["name"] == "own.test_a"
    assert "has no test" in _refused("show", "nothing")


def test_coverage_ends_with_1_only_when_nobody_has_a_test(own: Path) -> None:
    """If it fails, CI approves a guideline that cannot be tested, or refuses one for Tempest's tests."""
    good = _call("coverage", "--suite", own)
    assert good.exit_code == 0
    assert "1 of the 1 tests of guideline own.2027.01 are in the suite" in good.stdout
    (own / "guidelines" / "own.2027.01.json").write_bytes(guideline({"own.test_a": ID1, "own.gone": ID2}))
    bad = _call("coverage", "--suite", own)
    assert bad.exit_code == 1
    assert "Nobody has these tests, which the guideline names (1)\n  own.gone" in bad.stdout
    assert json.loads(_call("coverage", "--suite", own, "--format", "json").stdout)["broken"] == [ID2]


def test_new_begins_a_suite_that_can_be_read_at_once(tmp_path: Path) -> None:
    """If it fails, the first thing that an author of tests sees is an error."""
    folder = tmp_path / "mine"
    file, first = _call("new", folder, *NEW).stdout.split()
    assert file == str(folder / "dns" / "test_list_zones.py")
    _, second = _call(
        "new", folder, *NEW[2:], "--name", "test_other", "--file", "dns/test_list_zones.py"
    ).stdout.split()
    _, third = _call("new", folder, *NEW[4:], "--name", "test_info", "--service", "object-store").stdout.split()
    found = collect(folder)
    assert {key: test.function for key, test in found.items()} == {
        first: "test_list_zones",
        second: "test_other",
        third: "test_info",
    }
    assert found[first].meta.fails_if.on == "GET /v2/zones"
    words = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,I,D1,UP", "--line-length", "120"]
    assert subprocess.run([*words, str(folder)], check=False).returncode == 0
    by_hand = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(folder)], cwd=folder, check=False, capture_output=True, text=True
    )
    assert "need a cloud: add --cloud NAME" in by_hand.stderr + by_hand.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--name", "list_zones"), "--name 'list_zones' is not as it must be"),
        (("--service", "D N S"), "--service 'D N S'"),
        (("--operation", 'GET "'), "--operation"),
        (("--reference", "javascript:x"), "--reference"),
        (("--file", "../test_x.py"), "is no file test_….py below the folder"),
        (("--file", "dns/zones.py"), "is no file test_….py below the folder"),
    ],
)
def test_words_that_cannot_be_right_write_nothing(tmp_path: Path, words: tuple[str, str], said: str) -> None:
    """If it fails, a slip leaves a file that is no Python, or lies outside of the suite."""
    folder = tmp_path / "mine"
    assert said in _refused("new", folder, *NEW, *words)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    """If it fails, the second of two tests of one name hides the first."""
    assert _call("new", tmp_path, *NEW).exit_code == 0
    assert "has a test test_list_zones already" in _refused("new", tmp_path, *NEW)


def test_record_writes_what_passed_tests_were_about(own: Path, tmp_path: Path) -> None:
    """If it fails, an author cannot say which operations the tests of a suite cover."""
    run = tmp_path / "run"
    write_evidence(run, 0, {"operation": "GET /x", "stage": "test"})
    (run / "evidence").rename(run / "old")
    (run / "evidence").mkdir()
    (next((run / "old").iterdir())).rename(run / "evidence" / f"{ID1}.jsonl")
    (tmp_path / "run.json").write_text(run_of((ID1, Outcome.PASSED)).model_dump_json())
    assert "not a run directory" in _refused("record", run, "--to", own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("defcore.run.store.load_run", lambda _: run_of((ID1, Outcome.PASSED)))
        assert _call("record", run, "--to", own).exit_code == 0
    assert "operations  GET /x" in _call("show", "test_a", "--suite", own).stdout


def test_render_writes_all_pages(own: Path, tmp_path: Path) -> None:
    """If it fails, there is nothing to read for those who read no code."""
    out = tmp_path / "pages"
    assert _call("render", "-o", out, "--suite", own).exit_code == 0
    assert {"README.md", "object-store.md"} <= {path.name for path in out.iterdir()}


def test_a_wrong_suite_is_one_line(tmp_path: Path) -> None:
    """If it fails, a misspelt folder is a traceback."""
    assert "is no folder" in _refused("list", "--suite", tmp_path / "nowhere")
