"""Tests of ``defcore compare`` from words to output."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from defcore.attest import keys
from defcore.cli.compare import compare
from defcore.cli.main import cli
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.run.record import Engine, Outcome
from tests.report.checks import Page

from .builders import PROGRAM, record, written

REPORTS = written(Path(tempfile.mkdtemp(prefix="defcore-tests-")))
FULL, PUBLIC, KEY = REPORTS / "report.dsse.json", REPORTS / "report.public.dsse.json", REPORTS / "key.pub"


def _call(*words: object) -> str:
    result = CliRunner().invoke(compare, [str(word) for word in words], catch_exceptions=False, standalone_mode=False)
    return result.stdout


def _refused(kind: type[DefcoreError], *words: object) -> str:
    with pytest.raises(kind) as caught:
        _call(*words)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    """Write two run records of the storage program; the second lost a test."""
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(record(guideline="2026.11", program=PROGRAM).model_dump_json())
    two.write_text(record({record().results[1].id: Outcome.FAILED}, id="run-2").model_dump_json())
    return one, two


def test_two_runs_are_judged_by_one_guideline_and_compared(runs: tuple[Path, Path]) -> None:
    """If it fails, a vendor does not see what got worse since last week."""
    text = _call(*runs)
    assert "B against A: 72 of 73 tests that both tell of are the same (98.6 %); 1 worse" in text
    assert "Worse: passes in A, not in B (1)" in text
    value = json.loads(_call(*runs, "-f", "json"))
    assert [item["interop"] for item in value["columns"]] == ["pass", "fail"]


def test_runs_that_no_guideline_is_named_for_are_compared_test_by_test(runs: tuple[Path, Path]) -> None:
    """If it fails, runs of foreign tests cannot be compared, or are judged by a guideline that nobody named."""
    assert "judged by no guideline" in _call(runs[1], runs[0])
    assert "pass: 58 of 58" in _call(runs[1], runs[0], "--program", PROGRAM)


def test_the_page_is_written_whole_into_a_file(runs: tuple[Path, Path], tmp_path: Path) -> None:
    """If it fails, there is no page to pass on, or half of one."""
    out = tmp_path / "page.html"
    assert _call(*runs, "-f", "html", "-o", out) == ""
    assert "What an application may rely on" in Page(out.read_text()).words
    assert "needs a file" in _refused(InputError, *runs, "-f", "html")
    assert "needs a file" in _refused(InputError, *runs, "-f", "html", "-o", "-")
    assert "is a folder" in _refused(InputError, *runs, "-o", tmp_path)


def test_signed_reports_are_verified_first(tmp_path: Path) -> None:
    """If it fails, a report that somebody altered stands beside honest ones."""
    text = _call(FULL, PUBLIC, "--key", KEY)
    assert "73 of 73 tests that both tell of are the same (100.0 %)" in text
    altered = tmp_path / "altered.json"
    altered.write_bytes(FULL.read_bytes().replace(b'"payload":"ey', b'"payload":"eY', 1))
    assert "altered.json" in _refused(RefusedError, FULL, altered, "--key", KEY)
    keys.write_pair(tmp_path / "other", keys.generate())
    _refused(RefusedError, FULL, PUBLIC, "--key", tmp_path / "other.pub")


def test_nothing_signed_is_compared_when_nobody_is_trusted() -> None:
    """If it fails, whoever forgets to name a key compares what anybody could have written."""
    assert "nobody is trusted" in _refused(InputError, FULL, PUBLIC)
    assert "only one of them can judge" in _refused(InputError, FULL, PUBLIC, "--key", KEY, "--trust", "ab" * 32)


def test_bundles_are_judged_by_an_authority(tmp_path: Path) -> None:
    """If it fails, bundles cannot be compared, or without regard to who may sign for whom."""
    keys.write_pair(tmp_path / "root", keys.generate())

    def done(*words: object) -> str:
        result = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == 0, result
        return result.stdout.strip()

    trust, root = tmp_path / "trust.jsonl", tmp_path / "root"
    pin = done("trust", "init", trust, "--authority", "Board", "--root", f"{root}.pub", "--key", root)
    grant = ("--since", "2026-01-01", "--party", "defcore", "--role", "vendor", "--public", KEY)
    done("trust", "grant", trust, *grant, "--key", root)
    bundle = tmp_path / "bundle.json"
    done("bundle", FULL, trust, "-o", bundle)
    text = _call(bundle, PUBLIC, "--trust", trust)
    assert text.count("self-tested") == 2
    assert "self-tested" in _call(bundle, bundle, "--trust", pin)
    assert "nobody is trusted" in _refused(InputError, bundle, FULL, "--key", KEY)
    assert "holds no results" in _refused(InputError, bundle, trust, "--trust", trust)
    _refused(RefusedError, bundle, bundle, "--trust", "ab" * 32)


@pytest.mark.parametrize(("suite", "apart"), [("ab", []), ("cd", ["They were tested with different suites."])])
def test_a_run_and_a_report_of_the_same_suite_stand_side_by_side(tmp_path: Path, suite: str, apart: list[str]) -> None:
    """If it fails, a vendor cannot see what changed since the report that it signed."""
    engine = Engine(name="native", version="0.1.0", suite_digest=suite * 32)
    path = tmp_path / "run.json"
    path.write_text(record(guideline="2026.11", program=PROGRAM, engine=engine).model_dump_json())
    value = json.loads(_call(path, FULL, "--key", KEY, "-f", "json"))
    assert [item["kind"] for item in value["columns"]] == ["run", "report"]
    assert value["apart"] == apart


@pytest.mark.parametrize("words", [(), ("one",), ("x",) * 27])
def test_a_wrong_number_of_files_is_one_line(words: tuple[str, ...], runs: tuple[Path, Path]) -> None:
    """If it fails, a forgotten file makes an empty comparison."""
    result = CliRunner().invoke(compare, words)
    assert result.exit_code != 0
    if words:
        assert "takes from 2 to 26 files" in _refused(InputError, *words)
    assert runs


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no json", "is not valid JSON"),
        (b"{}", "is not a run record"),
        (b'{"format": "defcore-run/1"}', "is not a run record"),
        (b"[1]", "is not a run record"),
        (b'{"payload": 1}', "nobody is trusted"),
    ],
)
def test_a_file_that_is_nothing_of_ours_is_named(
    content: bytes, words: str, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    """If it fails, a wrong file is a traceback, or the user does not learn which of them is wrong."""
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(content)
    said = _refused(InputError, runs[0], wrong)
    assert words in said
    assert "wrong.json" in said
    assert "cannot be read" in _refused(InputError, runs[0], tmp_path / "nowhere")
    assert "no journal" in _refused(InputError, runs[0], tmp_path)
