"""What is to be seen of a run while it goes on: events, ``watch``, plain lines in CI; afterwards: summary, baseline."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cli.progress import Bar
from defcore.run.journal import Journal
from tests.conftest import COMMAND
from tests.run.test_follow import begun, finished, head

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Desk

ONE = "92139d73-7819-4db1-85f8-3f2f22a8d91f"
STORAGE = "interoperable-cloud-storage"
SOME = ("--program", STORAGE, "--capability", "objectstore-object-create")
FEW = ("--program", STORAGE, "--capability", "objectstore-container-list")


def events_of(text: str) -> list[dict[str, Any]]:
    """Read a stream."""
    return [json.loads(line) for line in text.splitlines()]


def test_events_on_stdout_are_the_journal_and_the_progress(cloud_desk: Desk) -> None:
    """A dashboard reads stdout line by line; the path of the run must not stand between."""
    found = cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "out", "--events", "-")
    assert found.returncode == 0, found.stderr
    stream = events_of(found.stdout)
    assert {item["run"] for item in stream} == {"out"}
    journal = events_of((cloud_desk.folder / "out" / "journal.jsonl").read_text(encoding="utf-8"))
    assert [item | {"run": "out"} for item in journal] == [item for item in stream if item["event"] != "progress"]
    steps = [item for item in stream if item["event"] == "progress"]
    assert [(item["done"], item["total"]) for item in steps] == [(1, 2), (2, 2)]
    assert steps[-1]["seconds_left"] == 0
    assert found.stderr.splitlines()[-1] == "out"


def test_events_of_a_run_that_goes_on_begin_there(cloud_desk: Desk) -> None:
    """Who listens now has heard the rest already."""
    cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "out")
    found = cloud_desk.run("run", "--resume", "out", "--rerun", ONE, "--events", "events.jsonl")
    assert found.returncode == 2
    test = events_of((cloud_desk.folder / "out" / "journal.jsonl").read_text(encoding="utf-8"))[1]["id"]
    found = cloud_desk.run("run", "--resume", "out", "--rerun", test, "--events", "events.jsonl")
    assert found.returncode == 0, found.stderr
    assert found.stdout == "out\n"
    stream = events_of((cloud_desk.folder / "events.jsonl").read_text(encoding="utf-8"))
    kinds = [item["event"] for item in stream]
    assert kinds == ["run-resumed", "test-started", "test-finished", "progress", "run-ended"]
    assert stream[3]["done"] == stream[3]["total"] == 2


def test_a_reader_who_goes_away_does_not_end_the_run(cloud_desk: Desk) -> None:
    """``| head -1`` is how people look at a stream first."""
    with subprocess.Popen(
        [str(COMMAND), "run", "--cloud", "plain", *SOME, "--out", "out", "--events", "-"],
        cwd=cloud_desk.folder,
        env=cloud_desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert "run-started" in process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 0, err
    assert "note: the event stream ended early" in err
    assert "2 passed" in err


@pytest.mark.parametrize("option", ["--events", "--summary"])
@pytest.mark.parametrize("place", ["no/such/folder/x", ".", "/proc/x"])
def test_a_place_that_cannot_be_written_is_told_before_the_run(cloud_desk: Desk, option: str, place: str) -> None:
    """After an hour it would be too late."""
    found = cloud_desk.run("run", "--cloud", "plain", *SOME, option, place)
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) == 1
    assert option in found.stderr
    assert list(cloud_desk.folder.iterdir()) == []


def test_watch_follows_a_run_and_ends_with_it(cloud_desk: Desk) -> None:
    """A run in a CI job or another terminal is looked at from here; looking changes nothing."""
    out = cloud_desk.folder / "out"
    running = cloud_desk.start("run", "--cloud", "plain", *FEW, "--out", out)
    end = time.monotonic() + 60
    while not (out / "journal.jsonl").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    found = cloud_desk.run("watch", "out")
    assert found.returncode == 0, found.stderr
    running.communicate(timeout=60)
    assert running.returncode == 0
    lines = found.stderr.splitlines()
    assert lines[0].startswith("11 tests (program interoperable-cloud-storage")
    assert "11/11 done, 11 passed" in lines
    assert lines[-1].startswith("11 passed; ")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = cloud_desk.run("watch", "out")
    assert again.stderr == found.stderr
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_watch_of_a_run_that_was_cut_off_says_how_to_go_on(desk: Desk) -> None:
    """To wait for ever for a dead run would be the worst."""
    out = desk.folder / "out"
    out.mkdir()
    journal = Journal(out)
    for event in (head(3), begun(0, 1), finished(0, 2, "failed"), begun(1, 2)):
        journal.add(event)
    found = desk.run("watch", "out", timeout=20)
    assert found.returncode == 3
    assert "     failed  test 0" in found.stderr.splitlines()
    assert found.stderr.splitlines()[-1] == "the run was cut off; go on with: defcore run --resume out"


def test_watch_of_what_is_no_run_is_one_line(desk: Desk) -> None:
    """A typo in a path."""
    found = desk.run("watch", "nowhere")
    assert (found.returncode, found.stdout) == (2, "")
    assert "nowhere: is not a run directory" in found.stderr


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}, {}])
def test_in_ci_there_are_plain_lines_even_on_a_terminal(desk: Desk, environment: dict[str, str]) -> None:
    """Some CI servers give jobs a terminal, and keep every stroke of the bar in the log."""
    out = desk.folder / "out"
    out.mkdir()
    journal = Journal(out)
    journal.add(head(1))
    journal.add(finished(0, 2))
    near, far = pty.openpty()
    usual = {key: value for key, value in desk.environment.items() if key != "CI"} | {"TERM": "xterm"}
    subprocess.run([str(COMMAND), "watch", "out"], cwd=desk.folder, env=usual | environment, stderr=far, check=False)
    os.close(far)
    shown = os.read(near, 65536).decode()
    os.close(near)
    assert ("\x1b[K" in shown) is (not environment)
    assert ("1/1 done" in shown) is bool(environment)


def test_a_label_begins_each_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two clouds in one log must be told apart."""
    with Bar("north") as bar:
        bar.started(2, "all", tmp_path)
    assert capsys.readouterr().err == f"north: 2 tests (all), written to {tmp_path}\n"


# -- summary and baseline ---------------------------------------------------------------------------------------------


def spoil(out: Path, outcome: str = "failed", at: str | None = None) -> str:
    """Make the first test of a finished run end otherwise, and the run begin at another time; return its id."""
    journal = out / "journal.jsonl"
    events = events_of(journal.read_text(encoding="utf-8"))
    if at:
        events[0]["at"] = at
    first = next(item for item in events if item["event"] == "test-finished")
    first["result"] |= {"outcome": outcome, "reason": "as planted"}
    journal.write_text("".join(json.dumps(item) + "\n" for item in events), encoding="utf-8")
    return str(first["id"])


def test_a_summary_is_appended(cloud_desk: Desk) -> None:
    """The page of a CI job holds what other steps have written, and then the verdict, the counts, what to fix."""
    file = cloud_desk.folder / "summary.md"
    file.write_text("# Other step\n\n", encoding="utf-8")
    found = cloud_desk.run("run", "--cloud", "plain", "--program", STORAGE, "--out", "out", "--summary", file)
    assert found.returncode == 0, found.stderr
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Other step\n\n## Cloud plain: Pass\n")
    assert "58 of 58 required tests passed" in text
    assert "All tests: 73 passed." in text
    cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "two", "--summary", file)
    text = file.read_text(encoding="utf-8")
    assert text.count("## Cloud plain: ") == 2
    assert "## Cloud plain: Untested" in text
    assert "### Not run: what was missing" in text


def test_a_baseline_fails_only_on_what_got_worse(cloud_desk: Desk) -> None:
    """A team mends one failure after another, and its pipeline must see the new ones only."""
    cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "green")
    cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "old")
    spoil(cloud_desk.folder / "old", at="2026-11-01T10:00:00Z")

    better = cloud_desk.run(
        "run", "--cloud", "plain", *SOME, "--out", "new", "--baseline", "old", "--summary", "summary.md"
    )
    assert better.returncode == 0, better.stderr
    assert "of 2026-11-01: 0 worse, 0 known, 1 better" in better.stderr
    assert "### Compared with the baseline" in (cloud_desk.folder / "summary.md").read_text(encoding="utf-8")

    worse = cloud_desk.run("run", "--resume", "old", "--baseline", "green")
    assert worse.returncode == 1, worse.stderr
    assert "1 worse, 0 known, 0 better" in worse.stderr
    assert "passed before, failed now" in worse.stderr

    known = cloud_desk.run("run", "--resume", "old", "--baseline", "old")
    assert known.returncode == 0, known.stderr
    assert "0 worse, 1 known, 0 better" in known.stderr
    assert "failed, since 2026-11-01 (0 days, run " in known.stderr
    assert (cloud_desk.folder / "old" / "baseline.json").exists()


@pytest.mark.parametrize("name", ["none", "void"])
def test_a_baseline_that_is_none_is_told_before_the_run(cloud_desk: Desk, name: str) -> None:
    """A typo in a path must not cost an hour."""
    found = cloud_desk.run("run", "--cloud", "plain", *SOME, "--out", "out", "--baseline", name)
    assert found.returncode == 2
    assert name in found.stderr
    assert not (cloud_desk.folder / "out").exists()


def test_a_stopped_watch_is_nothing_to_the_run(cloud_desk: Desk) -> None:
    """Ctrl-C in the window that looks on must not end the run."""
    out = cloud_desk.folder / "out"
    running = cloud_desk.start("run", "--cloud", "plain", "--program", STORAGE, "-n", "1", "--out", out)
    while not (out / "journal.jsonl").exists():
        time.sleep(0.05)
    watching = cloud_desk.start("watch", "out")
    time.sleep(1.5)
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=20)
    assert watching.returncode == 130
    _, err = running.communicate(timeout=60)
    assert (running.returncode, "73 passed" in err) == (0, True)
