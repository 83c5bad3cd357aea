"""``defcore guideline lint`` from words to lines and exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cli.main import main
from tests.guideline.builders import Doc, put, text_of

from . import repository as repo
from .builders import APPROVAL, PUT, capability, clean, entry

if TYPE_CHECKING:
    from pathlib import Path

BAD = put(clean(), (*PUT, "admin"), value=True)
ENTRY = {"rule": "required-admin", "subject": PUT[1], "reason": "until the review", "end": "2999-01-01"}


def call(*words: object) -> int:
    """Run the command line and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        main(["guideline", "lint", *(str(word) for word in words)])
    return int(caught.value.code or 0)


def write(path: Path, doc: Doc) -> Path:
    """Write a JSON file."""
    path.write_text(text_of(doc))
    return path


def findings(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the findings that were printed as JSON."""
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def test_a_clean_guideline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 is what CI goes by."""
    assert call(write(tmp_path / "2018.02.json", clean())) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings, 0 infos; 0 excepted\n"


def test_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 stops a change that breaks a rule."""
    path = write(tmp_path / "2018.02.json", BAD)
    assert call(path, "--format", "json") == 1
    (found,) = findings(capsys)
    assert {"rule", "severity", "subject", "message", "file", "path"} <= set(found)
    assert (found["rule"], found["severity"], found["file"]) == ("required-admin", "error", str(path))


def test_a_warning_is_no_error(tmp_path: Path) -> None:
    """A draft may hold what an approved guideline may not."""
    doc = put(BAD, (*APPROVAL, "status"), "draft")
    assert call(write(tmp_path / "2018.02.json", doc)) == 0


def test_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CI shows the finding beside the line that is to be mended."""
    path = write(tmp_path / "2018.02.json", BAD)
    assert call(path, "--format", "github") == 1
    assert capsys.readouterr().out.startswith(f"::error file={path},line=")


def test_the_previous_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A guideline by itself cannot show what it took away."""
    old = write(tmp_path / "old.json", clean("2017.09", gone=capability(gone=entry("9"))))
    new = write(tmp_path / "2018.02.json", put(clean(), (*APPROVAL, "replaces"), "2017.09"))
    assert call(new, "--previous", old, "--format", "json") == 1
    assert {item["rule"] for item in findings(capsys)} == {"removed-unannounced", "required-unannounced"}


def test_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole repository is checked by naming its folder; what cannot be read is a finding."""
    write(tmp_path / "2018.02.json", clean())
    (tmp_path / "2018.11.json").write_text("{")
    assert call(tmp_path, "--format", "json") == 1
    assert [item["rule"] for item in findings(capsys)] == ["file-unreadable"]


def test_a_history(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone or beside files; and never another repository that the environment happens to name."""
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    folder = repo.repository(tmp_path / "r", {"2018.02.json": clean()}, {"2018.02.json": BAD, "x.json": "{"})
    assert call("--git", folder, "--format", "json") == 0
    assert [item["rule"] for item in findings(capsys)] == ["approval"]
    assert call(folder, "--git", folder, "--format", "json") == 1
    assert [item["rule"] for item in findings(capsys)] == ["required-admin", "approval"]


def test_exceptions_beside_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is justified does not stop CI, and is still shown."""
    path = write(tmp_path / "2018.02.json", BAD)
    exceptions = {"format": "defcore-guideline-exceptions/1", "exceptions": [ENTRY]}
    write(tmp_path / "2018.02.exceptions.json", exceptions)
    assert call(path) == 0
    assert "excepted until 2999-01-01: required-admin" in capsys.readouterr().out
    assert call(path, "--no-exceptions") == 1


def test_exceptions_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of exceptions elsewhere takes the place of the one beside."""
    path = write(tmp_path / "2018.02.json", BAD)
    over = {"format": "defcore-guideline-exceptions/1", "exceptions": [{**ENTRY, "end": "2018-03-01"}]}
    named = write(tmp_path / "e.json", over)
    assert call(path, "--exceptions", named, "--format", "json") == 1
    assert [item["rule"] for item in findings(capsys)] == ["required-admin", "exception-expired"]


@pytest.mark.parametrize("words", [[], ["none.json"], ["--git", "none"]])
def test_wrong_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 tells a script that nothing was checked."""
    assert call(*words) == 2
    assert capsys.readouterr().out == ""


def test_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was named and cannot be read is bad input, not a finding."""
    bad = tmp_path / "2018.02.json"
    bad.write_text("{")
    for words in ([bad], ["--git", tmp_path], [write(tmp_path / "g.json", clean()), "--exceptions", bad]):
        assert call(*words) == 2
        captured = capsys.readouterr()
        assert (captured.out, captured.err.count("\n")) == ("", 1)
