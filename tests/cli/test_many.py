"""Several clouds, regions and programs with one command."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from defcore.run.store import load_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore import refcloud as reference
    from tests.conftest import Desk

STORAGE = "interoperable-cloud-storage"
SOME = ("--program", STORAGE, "--capability", "objectstore-object-create")


@pytest.fixture
def clouds(
    refcloud: reference.Cloud,
    refcloud_odd: reference.Cloud,
    dead_port: int,
    write_clouds: Callable[..., Path],
    desk: Desk,
) -> Desk:
    """Give a desk with two clouds, one that is dead, and one that lists two regions of which one is not there."""
    plain, odd = refcloud.entries["plain"], refcloud_odd.entries["odd"]
    dead = plain | {"auth": plain["auth"] | {"auth_url": f"http://127.0.0.1:{dead_port}/v3"}}
    listed: dict[str, Any] = {key: value for key, value in plain.items() if key != "region_name"}
    entries = {
        "plain": plain, "odd": odd, "dead": dead,
        "two": listed | {"regions": ["RegionOne", "Nowhere"]},
    }  # fmt: skip
    desk.environment["OS_CLIENT_CONFIG_FILE"] = str(write_clouds(entries))
    return desk


def test_two_clouds_at_once_and_one_that_is_dead(clouds: Desk) -> None:
    """The dead one is one line and the worst exit code; the others have runs that are whole."""
    found = clouds.run("run", "--cloud", "plain", "--cloud", "dead", "--cloud", "odd", *SOME, "--summary", "sum.md")
    assert found.returncode == 3, found.stderr
    outs = [clouds.folder / line for line in found.stdout.splitlines()]
    assert [out.name.rpartition("-")[0] for out in outs] == ["plain", "odd"]
    assert [load_run(out).cloud.name for out in outs] == ["plain", "odd"]
    lines = found.stderr.splitlines()
    assert all(line.startswith(("plain: ", "dead: ", "odd: ")) for line in lines), lines
    dead = [line for line in lines if line.startswith("dead: ")]
    assert len(dead) == 1
    assert "does not answer" in dead[0]
    assert sum("2 passed; " in line for line in lines) == 2
    summary = (clouds.folder / "sum.md").read_text(encoding="utf-8")
    assert summary.count("## Cloud ") == 3
    assert "## Cloud dead: not tested" in summary
    scored = clouds.run("score", *outs, "--format", "json")
    assert json.loads(scored.stdout)["interop"] == "untested"


def test_a_dead_cloud_alone_is_in_the_summary_too(clouds: Desk) -> None:
    """The page of a red job must say why, not show nothing."""
    found = clouds.run("run", "--cloud", "dead", *SOME, "--summary", "sum.md")
    assert (found.returncode, found.stdout) == (3, "")
    assert len(found.stderr.splitlines()) == 1
    assert (clouds.folder / "sum.md").read_text(encoding="utf-8").startswith("## Cloud dead: not tested\n")
    assert [path.name for path in clouds.folder.iterdir()] == ["sum.md"]


def test_each_region_that_an_entry_lists_is_tested(clouds: Desk) -> None:
    """A region that is not there is the user's mistake (2), told beside the run of the one that is."""
    found = clouds.run("run", "--cloud", "two", *SOME, "--out", "out")
    assert found.returncode == 2, found.stderr
    assert found.stdout == "out/two-RegionOne\n"
    assert load_run(clouds.folder / "out" / "two-RegionOne").cloud.region == "RegionOne"
    assert "two/Nowhere: cloud two: the catalogue has nothing in region 'Nowhere'" in found.stderr
    assert not (clouds.folder / "out" / "two-Nowhere").exists()
    resumed = clouds.run("run", "--resume", "out/two-RegionOne")
    assert resumed.returncode == 0, resumed.stderr


def test_a_region_can_be_chosen(clouds: Desk) -> None:
    """One of many regions is tested again after a repair."""
    found = clouds.run("run", "--cloud", "two", "--region", "RegionOne", *SOME)
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("runs/two-RegionOne-")


def test_events_of_several_runs_are_told_apart(clouds: Desk) -> None:
    """One stream, two runs: each line says which."""
    found = clouds.run("run", "--cloud", "plain", "--cloud", "odd", *SOME, "--out", "out", "--events", "-")
    assert found.returncode == 0, found.stderr
    stream = [json.loads(line) for line in found.stdout.splitlines()]
    for name in ("plain", "odd"):
        kinds = [item["event"] for item in stream if item["run"] == f"out/{name}"]
        assert (kinds[0], kinds[-1], kinds.count("progress")) == ("run-started", "run-ended", 2)


def test_ctrl_c_ends_all_of_them_tidily(clouds: Desk) -> None:
    """Who presses it means all of them, and all of them clean up."""
    process = clouds.start("run", "--cloud", "plain", "--cloud", "odd", "--program", STORAGE, "--out", "out")
    outs = [clouds.folder / "out" / name for name in ("plain", "odd")]
    end = time.monotonic() + 60
    while not all(
        (out / "journal.jsonl").exists() and b"test-finished" in (out / "journal.jsonl").read_bytes() for out in outs
    ):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert out.splitlines() == ["out/plain", "out/odd"]
    assert "Traceback" not in err
    for path in outs:
        record = load_run(path)
        assert (record.complete, bool(record.ended)) == (False, True)


def test_several_programs_in_one_run(clouds: Desk) -> None:
    """The tests are joined, and the run is scored for whichever is named."""
    test = "5b4ce26f-3545-46c9-a2ba-5754358a4c62"
    other = "interoperable-cloud-platform"
    found = clouds.run(
        "run", "--cloud", "plain", "--program", STORAGE, "--program", other, "--test", test, "--out", "out"
    )
    assert found.returncode == 0, found.stderr
    record = load_run(clouds.folder / "out")
    assert record.program == STORAGE
    assert f"programs {STORAGE} and {other} of guideline" in record.selection
    for program in (STORAGE, other):
        card = json.loads(clouds.run("score", "out", "--program", program, "--format", "json").stdout)
        assert (card["program"], card["interop"]) == (program, "untested")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--cloud", "plain", "--cloud", "nope"], "'nope'"),
        (["--cloud", "plain", "--cloud", "odd", "--program", "nope"], "'nope'"),
        (["--cloud", "plain", "--program", STORAGE, "--program", "nope"], "'nope'"),
        (["--cloud", "two", "--region", "Third"], "Third"),
        (["--cloud", "plain", "--cloud", "odd", "--alt", "odd"], "--alt"),
        (["--cloud", "plain", "--cloud", "odd", "--baseline", "x"], "--baseline"),
        (["--resume", "x", "--cloud", "plain"], "--resume"),
        (["--resume", "x", "--region", "R"], "--resume"),
        (["--rerun", "failed", "--cloud", "plain"], "--rerun"),
        ([], "--cloud"),
    ],
)
def test_bad_words_start_nothing(clouds: Desk, words: list[str], told: str) -> None:
    """A typo in the second cloud must be told before the first has run for an hour."""
    found = clouds.run("run", *words)
    assert found.returncode == 2, found
    assert (found.stdout, "Traceback" in found.stderr) == ("", False)
    assert told in found.stderr
    assert list(clouds.folder.iterdir()) == []
