"""``defcore reap`` as the user has it: a run that was killed with all its workers, and a project that others use."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.kit.names import fresh

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from defcore import refcloud as reference
    from tests.conftest import Desk

STORAGE = "interoperable-cloud-storage"
THEIRS = {"defcore-", "defcore-backup", "defcore-0123abcd-notes", "wedding-photos"}


class Project:
    """A project as a bystander sees it."""

    def __init__(self, cloud: reference.Cloud, role: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
            target = Target(read_credentials(cloud.name)[role])
        self.url = str(target.endpoint("object-store"))
        self.headers = {"X-Auth-Token": target.token()}

    def containers(self) -> set[str]:
        """List them."""
        return set(requests.get(self.url, headers=self.headers, timeout=20).text.splitlines())

    def put(self, *names: str) -> None:
        """Create some, with an object in each."""
        for name in names:
            for path in (name, f"{name}/plum"):
                requests.put(f"{self.url}/{path}", headers=self.headers, data=b"", timeout=20).raise_for_status()

    def remove(self) -> None:
        """Remove all."""
        for name in self.containers():
            for item in requests.get(f"{self.url}/{name}", headers=self.headers, timeout=20).text.splitlines():
                requests.delete(f"{self.url}/{name}/{item}", headers=self.headers, timeout=20)
            requests.delete(f"{self.url}/{name}", headers=self.headers, timeout=20)


@pytest.fixture
def projects(refcloud: reference.Cloud) -> Iterator[list[Project]]:
    """Give the main and the second project, with a bystander's containers in both."""
    found = [Project(refcloud, role) for role in ("main", "alt")]
    for project in found:
        project.remove()
        project.put(*THEIRS)
    yield found
    for project in found:
        project.remove()


def children(pid: int) -> list[int]:
    """Find the processes that a process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def owed(out: Path) -> int:
    """Count what a run's ledger says is left."""
    ledger = out / "ledger.jsonl"
    content = ledger.read_bytes() if ledger.exists() else b""
    return content.count(b'"op":"owes"') - content.count(b'"op":"settled"')


def killed(desk: Desk, out: Path) -> None:
    """Run the storage program and kill it with its workers while things are owed, as a power cut would."""
    process = desk.start("run", "--cloud", "plain", "--program", STORAGE, "--out", out)
    end = time.monotonic() + 60
    while owed(out) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)
    everyone = [process.pid, *children(process.pid)]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    for pid in everyone:
        os.kill(pid, signal.SIGKILL)
    process.communicate()
    # What was under way to the cloud arrives all the same.
    time.sleep(2)


def words(found: subprocess.CompletedProcess[str]) -> list[str]:
    """Give the names on stdout."""
    return [line.split()[2] for line in found.stdout.splitlines()]


def test_what_a_killed_run_left_is_ended_and_no_bystanders_things(cloud_desk: Desk, projects: list[Project]) -> None:
    """A power cut in the middle: after a reap nothing of ours is left, and everything of theirs."""
    out = cloud_desk.folder / "runs" / "killed"
    out.parent.mkdir()
    killed(cloud_desk, out)
    left = [project.containers() - THEIRS for project in projects]
    assert left[0] | left[1], "the run was killed too late to leave anything"
    planned = cloud_desk.run("reap", "--cloud", "plain", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert all(line.startswith("would end ") for line in planned.stdout.splitlines())
    assert [project.containers() - THEIRS for project in projects] == left
    found = cloud_desk.run("reap", "--cloud", "plain")
    assert found.returncode == 0, found.stderr
    assert found.stdout.replace("ended ", "would end ") == planned.stdout
    assert all(name in found.stdout for name in left[0] | left[1])
    assert [project.containers() for project in projects] == [THEIRS, THEIRS]
    assert owed(out) == 0
    again = cloud_desk.run("reap", "--cloud", "plain")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "0 ended, 0 left, 0 failed\n")


def test_without_its_directory_what_a_killed_run_left_is_known_by_its_name(
    cloud_desk: Desk, projects: list[Project], tmp_path: Path
) -> None:
    """A CI machine that was thrown away: not before it has expired, unless the user knows better."""
    out = tmp_path / "gone"
    killed(cloud_desk, out)
    left = [project.containers() - THEIRS for project in projects]
    kept = cloud_desk.run("reap", "--cloud", "plain")
    assert (kept.returncode, kept.stdout) == (0, "")
    assert "its run may be going on: it expires 20" in kept.stderr
    assert [project.containers() - THEIRS for project in projects] == left
    found = cloud_desk.run("reap", "--cloud", "plain", "--older-than", "0s", "--format", "json")
    assert found.returncode == 0, found.stderr
    value = json.loads(found.stdout)
    assert {item["name"] for item in value["ended"]} == left[0] | left[1]
    assert {item["source"] for item in value["ended"]} == {"name"}
    assert (value["dry_run"], value["left"], value["failed"], value["problems"]) == (False, [], [], [])
    assert [project.containers() for project in projects] == [THEIRS, THEIRS]
    # What it owed in changed state, only its ledger knows of.
    assert cloud_desk.run("reap", "--cloud", "plain", "--run", out).returncode == 0
    assert owed(out) == 0


def test_two_runs_at_once_are_nothing_to_each_other_nor_to_a_reap(
    cloud_desk: Desk, projects: list[Project], tmp_path: Path
) -> None:
    """A team tests in one project while somebody tidies up."""
    outs = [tmp_path / "one", tmp_path / "two"]
    some = ("--program", STORAGE, "--capability", "objectstore-account-list")
    running = [cloud_desk.start("run", "--cloud", "plain", *some, "--out", out) for out in outs]
    old = fresh("0" * 16, 0)
    projects[0].put(old)
    ended = []
    while any(process.poll() is None for process in running):
        found = cloud_desk.run("reap", "--cloud", "plain", "--older-than", "0s", "--run", *_options(outs))
        ended += words(found)
        time.sleep(0.2)
    told = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    assert all("12 passed" in err for _, err in told)
    assert set(ended) <= {old}
    assert [project.containers() - {old} for project in projects] == [THEIRS, THEIRS]


def _options(outs: list[Path]) -> list[str | Path]:
    ready = [out for out in outs if (out / "ledger.jsonl").exists()]
    return [word for out in ready for word in (out, "--run")][:-1] or ["--dry-run"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--cloud", "nope"], "'nope'"),
        (["--cloud", "plain", "--older-than", "2"], "'2' is no time"),
        (["--cloud", "plain", "--older-than", "-2h"], "is no time"),
        (["--cloud", "plain", "--older-than", "2weeks"], "is no time"),
        (["--cloud", "plain", "--run", "none"], "none"),
        (["--cloud", "plain", "--region", "Nowhere"], "Nowhere"),
        ([], "--cloud"),
    ],
)
def test_bad_words_end_nothing(cloud_desk: Desk, projects: list[Project], given: list[str], told: str) -> None:
    """A typo in a command that deletes things."""
    old = fresh("0" * 16, 0)
    projects[0].put(old)
    found = cloud_desk.run("reap", *given)
    assert found.returncode == 2, found
    assert found.stdout == ""
    assert told in found.stderr
    assert "Traceback" not in found.stderr
    assert projects[0].containers() == THEIRS | {old}


def test_what_cannot_be_ended_is_exit_code_1(
    cloud_desk: Desk, refcloud: reference.Cloud, projects: list[Project], write_clouds: Callable[..., Path]
) -> None:
    """A script must not believe that all is clean."""
    entries = {"plain": refcloud.entries["plain"], "plain-alt": refcloud.entries["plain-alt"] | {"auth": {}}}
    broken = json.loads(json.dumps(refcloud.entries["plain-alt"]))
    broken["auth"]["password"] = "wrong-by-now"  # noqa: S105 - planted
    entries["plain-alt"] = broken
    found = cloud_desk.run("reap", "--cloud", "plain", OS_CLIENT_CONFIG_FILE=str(write_clouds(entries)))
    assert found.returncode == 1
    assert "cloud plain-alt: could not look into its project" in found.stderr
    assert projects[0].containers() == THEIRS
