"""The commands of those who govern a guideline, from words to file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from defcore.attest.keys import public_file
from defcore.cli.guideline import guideline as group
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.guideline import dump, load_file

from .builders import F, P, draft, previous, report, run, uid, write

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ALL = dict.fromkeys(range(1, 7), P)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with the two guidelines and results."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_bytes(dump(previous()))
    (tmp_path / "draft.json").write_bytes(dump(draft()))
    (tmp_path / "results").mkdir()
    write(tmp_path / "results" / "a.json", run("a", ALL | {4: F}))
    return tmp_path


def call(*words: object) -> Result:
    """Run one command; an error of ours comes through."""
    return CliRunner().invoke(group, [str(word) for word in words], catch_exceptions=False, standalone_mode=False)


def refused(*words: object, kind: type[DefcoreError] = InputError) -> str:
    """Expect an error in one line."""
    with pytest.raises(kind) as caught:
        call(*words)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_group_lists_every_command() -> None:
    """A command that help does not name is used by nobody."""
    words = CliRunner().invoke(group, ["--help"]).stdout
    for name in ("diff", "impact", "criteria", "render", "schema", "new", "demote", "approve", "supersede"):
        assert f"\n  {name} " in words
    assert CliRunner().invoke(group, ["nix"]).exit_code == 2


@pytest.mark.usefixtures("house")
def test_diff() -> None:
    """The same facts as text, page and JSON."""
    assert "list is required in store (was advisory)" in call("diff", "old.json", "draft.json").stdout
    assert json.loads(call("diff", "old.json", "draft.json", "-f", "json").stdout)["after"] == "2026.11"
    assert call("diff", "old.json", "draft.json", "-f", "html").stdout.startswith("<!doctype html>")
    refused("diff", "old.json", "nix.json")


def test_diff_is_written_whole(house: Path) -> None:
    """Half a page in a shared folder looks like a whole one."""
    done = call("diff", "old.json", "draft.json", "-o", "d.txt")
    assert (done.stdout, "Written: d.txt" in done.stderr) == ("", True)
    assert (house / "d.txt").read_text().startswith("From guideline")


def test_impact(house: Path) -> None:
    """With and without a predecessor, as words and for scripts."""
    words = call("impact", "draft.json", "--reports", "results", "--previous", "old.json", "--jobs", "1")
    assert "would fail (by: test_4)" in words.stdout
    value = json.loads(call("impact", "draft.json", "results", "--previous", "old.json", "--format", "json").stdout)
    assert (value["records"], value["previous"]) == (1, "2026.05")
    alone = call("impact", "draft.json", "results/a.json")
    assert "Guideline 2026.05 is not at hand" in alone.stderr
    assert call("impact", "old.json", "results").stderr == ""
    key = report(house / "results" / "s.dsse.json", run("s", ALL))
    (house / "key.pub").write_bytes(public_file(key, ""))
    checked = call("impact", "draft.json", "results", "--previous", "old.json", "--key", "key.pub")
    assert "1 signed report verified" in checked.stdout


@pytest.mark.usefixtures("house")
def test_impact_needs_results_that_are_there() -> None:
    """Nothing in, nothing out would read as nobody is hurt."""
    assert "no results to look at" in refused("impact", "draft.json")
    refused("impact", "draft.json", "nix")
    refused("impact", "draft.json", "results", "--previous", "nix")


def test_criteria(house: Path) -> None:
    """Scores out, reviewed by two, merged, applied."""
    for name in ("old.json", "2026.11"):
        assert "cutoff 74" in call("criteria", "score", name).stdout
    assert "could-be-required" in call("criteria", "score", "draft.json", "--format", "json").stdout
    assert "Not required, although they reach the cutoff: 2" in call("criteria", "score", "draft.json").stdout
    call("criteria", "write", "2026.11", "-o", "ann.txt")
    text = (house / "ann.txt").read_text()
    assert "images-v2-import:" in text
    (house / "bob.txt").write_text(
        "images-v2-import: [1,?,0] [1,1,0] [0,1,0] [1,0,1] [1] [99]*\nnew: [?,0,0] [0,0,0] [0,0,0] [0,0,0] [1] [?]\n"
    )
    done = call("criteria", "merge", "ann.txt", "bob.txt", "--guideline", "2026.11", "-o", "both.txt")
    assert "images-v2-import, deployed: ann says 0, bob says 1" in done.stdout
    assert "Nobody has scored all of: new" in done.stdout
    assert "bob: images-v2-import: the total is" in done.stdout
    value = json.loads(call("criteria", "merge", "ann.txt", "bob.txt", "--format", "json").stdout)
    assert value["disagreements"][0]["capability"] == "images-v2-import"
    assert "[?" in (house / "both.txt").read_text()
    assert "1 worksheets, 94 capabilities, 0 disagreements" in call("criteria", "merge", "ann.txt").stdout
    (house / "other").mkdir()
    (house / "other" / "ann.txt").write_text(text)
    assert "called the same" in refused("criteria", "merge", "ann.txt", "other/ann.txt")


def test_scores_are_applied_to_a_draft(house: Path) -> None:
    """What the meeting settled goes into the file with its source; sticky follows its definition."""
    call("new", "2026.12", "--from", "old.json", "-o", "next.json")
    (house / "s.txt").write_text("put: [0,0,0] [0,0,0] [0,1,0] [0,0,0] [1] [8]\n")
    call("criteria", "apply", "s.txt", "next.json", "--source", "review")
    put = load_file(house / "next.json").guideline.capability("put")
    assert put is not None
    assert (put.achievements, put.score_source) == (("doc",), "review")
    assert call("criteria", "sticky", "next.json", "--previous", "old.json").exit_code == 0
    assert "its scores are settled" in refused(
        "criteria", "apply", "s.txt", "old.json", "--source", "x", kind=RefusedError
    )


def test_a_life_by_commands(house: Path) -> None:
    """Every step writes the file or leaves it as it was, and says what changed for vendors."""
    assert call("new", "2026.11", "--from", "old.json").stdout == "2026.11.json\n"
    assert "is there already" in refused("new", "2026.11", "--from", "old.json")
    path, store = "2026.11.json", ("--component", "store")
    begun = (house / path).read_bytes()
    assert "[A4.5]" in refused("remove", path, "put", *store, "--previous", "old.json", kind=RefusedError)
    assert (house / path).read_bytes() == begun
    done = call("promote", path, "list", *store, "--previous", "old.json")
    assert "Store: 4 tests, before 3" in done.stderr
    assert "copy is deprecated" in call("deprecate", path, "copy", *store).stderr
    call("demote", path, "put", *store)
    call("promote", path, "put", *store, "--previous", "old.json")
    call(
        "propose", path, "fresh", *store, "--project", "swift", "--description", "A user can.", "--test", f"t={uid(40)}"
    )
    refused("propose", path, "more", *store)
    assert "not NAME=ID" in refused(
        "propose", path, "more", *store, "--project", "x", "--description", "y", "--test", "z"
    )
    before = (house / path).read_bytes()
    refused("propose", path, "more", *store, "--project", "x", "--description", "y", "--test", "z=1")
    assert (house / path).read_bytes() == before
    call("propose", path, "quiet", *store)
    call("remove", path, "fresh", *store, "--previous", "old.json")
    call("flag", path, "test_2", "--reason", "D401: slow", "--action", "wait")
    call("flag", path, uid(1), "--reason", "D401: slow", "--action", "wait", "--date", "2026-11-01")
    call("unflag", path, "test_1")
    assert "no date" in refused("flag", path, "test_1", "--reason", "D401: x", "--action", "y", "--date", "soon")
    approve = ("approve", path, "--previous", "old.json", "--date", "2026-11-20")
    assert "[D312]" in refused(*approve, kind=RefusedError)
    assert "gives no reason" in refused(*approve, "--justify", "D312")
    done = call(*approve, "--justify", "D312=the test is broken")
    assert done.stdout.splitlines()[1].startswith("sha256 ")
    assert "D312: the test is broken" in done.stderr
    assert load_file(house / path).guideline.status == "approved"
    call("supersede", "old.json", "--known", path)
    assert load_file(house / "old.json").guideline.status == "superseded"


def test_approval_is_of_today_unless_said(house: Path) -> None:
    """A draft of another month is refused whatever the clock says."""
    (house / "x.json").write_bytes(dump(draft()).replace(b'"2026.11"', b'"2019.01"'))
    assert "[D4]" in refused("approve", "x.json", "--previous", "old.json", kind=RefusedError)


@pytest.mark.usefixtures("house")
def test_schema() -> None:
    """Editors check by it."""
    assert json.loads(call("schema").stdout)["additionalProperties"] is False


@pytest.mark.usefixtures("house")
def test_render() -> None:
    """A readable guideline and the pack for a meeting, as page and as Markdown."""
    assert "<!doctype html>" in call("render", "draft.json", "--history", "old.json").stdout
    assert call("render", "draft.json", "-f", "md").stdout.startswith("# Guideline 2026.11")
    assert "<!doctype html>" in call("render", "draft.json", "--meeting", "old.json").stdout
    pack = call("render", "draft.json", "--meeting", "old.json", "--reports", "results", "-f", "md").stdout
    assert "would turn from pass to fail" in pack
    assert "give --meeting PREVIOUS" in refused("render", "draft.json", "--reports", "results")
