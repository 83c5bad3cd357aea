"""Tests of ``defcore import`` from words to report."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from defcore.cli.importing import import_
from defcore.cli.main import cli
from defcore.errors import InputError

from .samples import subunit, tests

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "interoperable-cloud-storage"


def call(*words: object, input: bytes | None = None) -> Result:  # noqa: A002 - click's own word
    """Call the command as from a shell."""
    return CliRunner().invoke(
        import_, [str(word) for word in words], input=input, catch_exceptions=False, standalone_mode=False
    )


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """Write the stream of a Tempest that passed every test of the storage program but two."""
    path = tmp_path / "tempest.subunit"
    all_tests = tests(58)
    text: dict[str, Any] = {"mime_type": "text/plain;charset=utf8", "eof": True}
    events: list[dict[str, Any]] = [
        {"test_id": f"{test.name}[id-{test.id}]", "test_status": "success"} for test in all_tests[2:]
    ]
    bad, left = (f"{test.name}[id-{test.id}]" for test in all_tests[:2])
    events += [
        {"test_id": bad, "file_name": "traceback", "file_bytes": b"Traceback\nBad: <b>1</b> != 2\n", **text},
        {"test_id": bad, "test_status": "fail"},
        {"test_id": left, "file_name": "reason", "file_bytes": b"no swift", "test_status": "skip", **text},
    ]
    path.write_bytes(subunit(*events))
    return path


def test_an_imported_run_is_scored_and_reported_as_any_other(stream: Path, tmp_path: Path) -> None:
    """If it fails, who runs Tempest today has to start anew to get a verdict."""
    out = tmp_path / "run"
    done = call(stream, "-o", out, "--cloud", "north", "--program", PROGRAM)
    assert done.stdout == f"{out}\n"
    assert done.stderr == "subunit v2: 58 outcomes of 58 tests: 56 passed, 1 failed, 1 skipped\n"
    scored = CliRunner().invoke(cli, ["score", str(out)])
    assert scored.exit_code == 1
    assert "2 of 58 required tests" not in scored.stdout
    assert "note: Imported from subunit v2 (tempest.subunit): defcore did not run these tests." in scored.stdout
    assert "note: The file does not tell: whether a failed test met a wrong answer of the cloud" in scored.stdout
    page = tmp_path / "report.html"
    assert CliRunner().invoke(cli, ["report", str(out), "-o", str(page)]).exit_code == 0
    text = page.read_text()
    assert "defcore did not run these tests" in text
    assert "not known when" in text
    assert "Bad: &lt;b&gt;1&lt;/b&gt; != 2" in text
    assert "What the test printed" in text
    assert "Identity endpoint" not in text


def test_results_come_through_a_pipe(stream: Path, tmp_path: Path) -> None:
    """If it fails, `stestr last --subunit | defcore import -` does nothing."""
    out = tmp_path / "run"
    words = [sys.executable, "-m", "defcore", "import", "-", "-o", str(out)]
    done = subprocess.run(words, input=stream.read_bytes(), capture_output=True, check=True)
    assert done.stdout.decode().strip() == str(out)


def test_wrong_words_are_one_line_and_write_nothing(stream: Path, tmp_path: Path) -> None:
    """If it fails, half an import lies about after an error."""
    out = tmp_path / "run"
    cut = tmp_path / "cut"
    cut.write_bytes(stream.read_bytes()[:-5])
    for code, words in {
        "cut-off": (cut, "-o", out),
        "unknown-guideline": (stream, "-o", out, "--guideline", "1999.01"),
        "unknown-program": (stream, "-o", out, "--program", "nothing"),
        "unreadable": (tmp_path / "nothing", "-o", out),
    }.items():
        with pytest.raises(InputError) as caught:
            call(*words)
        assert caught.value.code == code
        assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut", "tempest.subunit"]


def test_what_a_file_brings_does_not_move_the_cursor(tmp_path: Path) -> None:
    """If it fails, a foreign file writes over what the terminal shows."""
    path = tmp_path / "stream"
    first = tests(1)[0]
    events = [{"test_id": name, "test_status": "success"} for name in (f"{first.name}[id-{first.id}]", "a.b\x1b[2J")]
    path.write_bytes(subunit(*events))
    done = call(path, "-o", tmp_path / "run")
    assert "note: 1 of 2 tests are not in guideline 2026.11: a.b" in done.stderr
    assert "\x1b" not in done.stderr
