"""``defcore run`` as the user has it: bad input, Ctrl-C, a killed run, a cloud that is not there."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from defcore.cli.main import main
from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.locate import data_dir
from defcore.run import certify
from defcore.run.record import Outcome
from defcore.run.store import load_run

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from defcore import refcloud as reference
    from tests.conftest import Desk, Server

ONE = "92139d73-7819-4db1-85f8-3f2f22a8d91f"
STORAGE = "interoperable-cloud-storage"


def ours(cloud: reference.Cloud) -> list[str]:
    """List what a run has left in the main project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud.clouds_yaml))
        target = Target(read_credentials(cloud.name)["main"])
    url = f"{target.endpoint('object-store')}?prefix=defcore-"
    return requests.get(url, headers={"X-Auth-Token": target.token()}, timeout=20).text.splitlines()


def refused(found: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """Require one clear line on stderr, nothing on stdout, and the exit code."""
    assert found.returncode == code, found
    assert found.stdout == ""
    lines = found.stderr.splitlines()
    assert len(lines) == 1, found.stderr
    assert lines[0].startswith("defcore: ")
    for word in words:
        assert word in lines[0]


def test_one_test_from_an_empty_folder(cloud_desk: Desk) -> None:
    """The first steps of the README: stdout is the run's directory alone, so that scripts can take it."""
    found = cloud_desk.run("run", "--cloud", "plain", "--test", ONE)
    assert found.returncode == 0, found.stderr
    out = cloud_desk.folder / found.stdout.strip()
    assert found.stdout.count("\n") == 1
    assert "1 passed" in found.stderr
    scored = cloud_desk.run("score", out, "--format", "json")
    card = json.loads(scored.stdout)
    assert (scored.returncode, card["interop"], card["tests"]["passed"]) == (3, "untested", 1)
    assert [path.name for path in cloud_desk.folder.iterdir()] == ["runs"]


def _typo(folder: Path) -> str:
    value = json.loads((data_dir("guidelines") / "2026.11.json").read_text(encoding="utf-8"))
    value["metadata"]["statsu"] = "draft"
    (folder / "typo.json").write_text(json.dumps(value, indent=1), encoding="utf-8")
    return "typo.json"


def _no_json(folder: Path) -> str:
    (folder / "no.json").write_text("{", encoding="utf-8")
    return "no.json"


BAD_WORDS: dict[str, tuple[list[str], list[str]]] = {
    "cloud": (["--cloud", "nope"], ["'nope'", "clouds.yaml has: plain"]),
    "program": (["--program", "nope"], ["2026.11", "'nope'", STORAGE]),
    "guideline": (["--guideline", "1999.01"], ["'1999.01'", "2026.11"]),
    "guideline file": (["--guideline", "none.json"], ["none.json", "No such file"]),
    "guideline with a typo": (["--guideline", "typo.json"], ["typo.json:", "$.metadata.statsu", "unknown key"]),
    "guideline that is no JSON": (["--guideline", "no.json"], ["no.json:1", "JSON"]),
    "test": (["--test", "nope"], ["'nope'"]),
    "capability": (["--capability", "nope"], ["'nope'"]),
    "second project": (["--alt", "nope"], ["'nope'"]),
    "directory that cannot be": (["--program", STORAGE, "--out", "/dev/null/run"], ["/dev/null/run", "--out"]),
    "directory that cannot be written": (["--program", STORAGE, "--out", "/proc/run"], ["/proc/run", "--out"]),
    "directory that is a file": (["--program", STORAGE, "--out", "no.json"], ["no.json", "--out"]),
    "directory in use": (["--program", STORAGE, "--out", "used"], ["used", "not empty", "--out"]),
}


@pytest.mark.parametrize(("words", "told"), BAD_WORDS.values(), ids=BAD_WORDS)
def test_bad_words_are_one_line(cloud_desk: Desk, words: list[str], told: list[str]) -> None:
    """Most errors are typos: what, where and what to do, and nothing half written."""
    _typo(cloud_desk.folder)
    _no_json(cloud_desk.folder)
    (cloud_desk.folder / "used").mkdir()
    (cloud_desk.folder / "used" / "mine").touch()
    before = sorted(cloud_desk.folder.rglob("*"))
    found = cloud_desk.run("run", *(["--cloud", "plain"] if words[0] != "--cloud" else []), *words)
    refused(found, 2, *told)
    assert sorted(cloud_desk.folder.rglob("*")) == before


@pytest.fixture
def entry(refcloud: reference.Cloud, desk: Desk) -> Callable[..., None]:
    """Give the desk a ``clouds.yaml`` with the plain cloud's entry, altered."""

    def alter(auth: dict[str, Any] | None = None, **more: Any) -> None:  # noqa: ANN401 - words of clouds.yaml
        plain = refcloud.entries["plain"]
        entries = {"x": plain | {"auth": plain["auth"] | (auth or {})} | more}
        (desk.folder / "clouds.yaml").write_text(json.dumps({"clouds": entries}), encoding="utf-8")

    return alter


def test_wrong_credentials_are_one_line(desk: Desk, entry: Callable[..., None]) -> None:
    """A wrong password is the user's mistake (2), and must not be shown."""
    entry({"password": "pl4nted-wrong"})
    found = desk.run("run", "--cloud", "x")
    refused(found, 2, "cloud x", "refuses the log-in", "clouds.yaml")
    assert "pl4nted" not in found.stderr
    assert not (desk.folder / "runs").exists()


def test_a_broken_clouds_yaml_is_one_line(desk: Desk) -> None:
    """The file where most users give up."""
    (desk.folder / "clouds.yaml").write_text("clouds: {x: {auth: [}", encoding="utf-8")
    refused(desk.run("run", "--cloud", "x"), 2, "clouds.yaml")


def test_a_dead_cloud_is_one_line_and_leaves_no_directory(
    desk: Desk, entry: Callable[..., None], dead_port: int
) -> None:
    """A cloud that is down was not tested (3): a script tries again later, and finds no rubbish."""
    entry({"auth_url": f"http://127.0.0.1:{dead_port}/v3"})
    refused(desk.run("run", "--cloud", "x"), 3, "cloud x", str(dead_port), "does not answer")
    assert not (desk.folder / "runs").exists()


def test_a_hanging_cloud_is_one_line_and_leaves_no_directory(
    desk: Desk,
    entry: Callable[..., None],
    server: Callable[..., Server],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A tarpit holds the user for a bounded time (here with less patience than usual), and is told as what it is."""
    over = threading.Event()
    entry({"auth_url": f"{server(lambda _: over.wait(10)).url}/v3"})
    monkeypatch.setattr(certify, "Target", functools.partial(Target, timeout=0.2))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(desk.folder / "clouds.yaml"))
    monkeypatch.chdir(desk.folder)
    began = time.monotonic()
    with pytest.raises(SystemExit) as ended:
        main(["run", "--cloud", "x"])
    over.set()
    assert ended.value.code == 3
    # the doctor's patience, and then our own
    assert time.monotonic() - began < 20
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "takes too long to answer" in err
    assert not (desk.folder / "runs").exists()


def test_an_address_that_is_no_keystone_is_one_line(
    desk: Desk, entry: Callable[..., None], server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """An auth_url that leads to the dashboard is the commonest slip in it."""
    entry({"auth_url": server(respond("200 OK", b"<html>")).url})
    refused(desk.run("run", "--cloud", "x"), 2, "cloud x", "auth_url")


def test_a_dead_object_store_is_untested(desk: Desk, entry: Callable[..., None], dead_port: int) -> None:
    """A service that is down is ``error``, never ``failed``, and the verdict ``untested`` (3)."""
    entry(object_store_endpoint_override=f"http://127.0.0.1:{dead_port}/v1/AUTH_x")
    some = ("objectstore-info-request", "identity-v3-tokens-create")
    words = [word for name in some for word in ("--capability", name)]
    found = desk.run("run", "--cloud", "x", "--program", STORAGE, *words, "--out", "run")
    assert found.returncode == 3, found.stderr
    outcomes = {result.outcome for result in load_run(desk.folder / "run").results}
    assert Outcome.ERROR in outcomes
    # what speaks to Keystone alone is not touched by it
    assert outcomes == {Outcome.ERROR, Outcome.PASSED}
    scored = desk.run("score", "run", "--format", "json")
    assert (scored.returncode, json.loads(scored.stdout)["interop"]) == (3, "untested")


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until something has happened while a process is at work."""
    end = time.monotonic() + seconds
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def finished(out: Path) -> int:
    """Count the tests that have ended in a run that is going on."""
    journal = out / "journal.jsonl"
    return journal.read_bytes().count(b'"event":"test-finished"') if journal.exists() else 0


def test_ctrl_c_ends_a_run_tidily(cloud_desk: Desk, refcloud: reference.Cloud) -> None:
    """Who has seen enough presses Ctrl-C: a record that says so, and nothing of ours in the project."""
    out = cloud_desk.folder / "run"
    process = cloud_desk.start("run", "--cloud", "plain", "--program", STORAGE, "--out", out)
    wait_for(lambda: finished(out) >= 3, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    record = load_run(out)
    assert (record.complete, bool(record.ended)) == (False, True)
    assert {item.outcome for item in record.results} == {Outcome.PASSED, Outcome.NOT_RUN}
    assert (out / "run.json").exists()
    assert ours(refcloud) == []
    assert cloud_desk.run("score", out).returncode == 3


def test_a_killed_run_can_be_read_and_cleans_up(cloud_desk: Desk, refcloud: reference.Cloud) -> None:
    """A laptop that is closed, a CI job that is killed: what was finished counts, and the cloud is left clean."""
    out = cloud_desk.folder / "run"
    process = cloud_desk.start("run", "--cloud", "plain", "--program", STORAGE, "--out", out)
    wait_for(lambda: finished(out) >= 3, process)
    workers = _children(process.pid)
    process.kill()
    process.communicate()
    end = time.monotonic() + 60
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end
        time.sleep(0.05)
    record = load_run(out)
    assert not record.complete
    assert record.ended is None
    assert Outcome.FAILED not in {item.outcome for item in record.results}
    scored = cloud_desk.run("score", out, "--format", "json")
    assert (scored.returncode, json.loads(scored.stdout)["interop"]) == (3, "untested")
    # Its workers have ended what their tests owed; what the run shared is ended by whoever comes next.
    ended = cloud_desk.run("reap", "--cloud", "plain", "--run", out)
    assert ended.returncode == 0, ended.stderr
    assert ours(refcloud) == []


def _children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\npython_functions = nothing\n",
    "conftest.py": "raise RuntimeError('the user has a conftest')\n",
    "sitecustomize.py": "raise SystemExit('the user has a sitecustomize')\n",
    "pytest.py": "raise RuntimeError('the user has a pytest')\n",
    "requests.py": "raise RuntimeError('the user has a requests')\n",
    "defcore.py": "raise RuntimeError('the user has a defcore')\n",
    "tox.ini": "[pytest]\naddopts = --no-such-option\n",
    "capabilities/conftest.py": "raise RuntimeError('the user has capabilities')\n",
    "guidelines/2026.11.json": "{}",
}


def test_two_runs_in_one_project_and_a_hostile_folder_give_the_same_outcomes(
    cloud_desk: Desk, refcloud: reference.Cloud
) -> None:
    """A team tests at the same time, from folders with files of their own: none of it may decide a verdict."""
    for name, text in HOSTILE.items():
        path = cloud_desk.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    hostile = {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin", "PYTHONOPTIMIZE": "1"}
    # those that touch what the whole project shares, and some that do not
    some = ("account-list", "account-quotas", "temp-url-get", "temp-url-put", "container-acl", "object-copy")
    capabilities = [word for name in some for word in ("--capability", f"objectstore-{name}")]
    words = ("run", "--cloud", "plain", "--program", STORAGE, "-n", "2", *capabilities)
    started = [
        cloud_desk.start(*words, "--out", "one", **hostile),
        cloud_desk.start(*words, "--out", "two"),
    ]
    errs = [process.communicate(timeout=200)[1] for process in started]
    records = [load_run(cloud_desk.folder / name) for name in ("one", "two")]
    outcomes = [{result.id: result.outcome for result in record.results} for record in records]
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0].values()) == {Outcome.PASSED}, errs
    assert [process.returncode for process in started] == [0, 0]
    assert ours(refcloud) == []


def test_a_run_without_the_second_project_says_how_to_give_it(desk: Desk, entry: Callable[..., None]) -> None:
    """A test that could not be run is shown with the remedy, and the verdict waits (3)."""
    entry()
    words = ("run", "--cloud", "x", "--program", STORAGE, "--capability", "objectstore-container-acl")
    found = desk.run(*words, "--out", "run")
    assert found.returncode == 3, found.stderr
    missing = [item for item in load_run(desk.folder / "run").results if item.outcome is Outcome.NOT_RUN]
    assert missing
    assert all("x-alt" in str(item.attempts[0].reason) for item in missing)
    assert "    not run  test_" in found.stderr
    assert "needs a second project: give --alt NAME, or add an entry x-alt to clouds.yaml" in found.stderr


# -- stored runs ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored(refcloud: reference.Cloud, module_desk: Desk) -> Path:
    """Make one run of one test, to be spoilt."""
    found = module_desk.run(
        "run", "--cloud", "plain", "--test", ONE, "--out", "stored", OS_CLIENT_CONFIG_FILE=str(refcloud.clouds_yaml)
    )
    assert found.returncode == 0, found.stderr
    return module_desk.folder / "stored"


def spoil(path: Path, how: str) -> None:
    """Spoil the journal of a run."""
    journal = path / "journal.jsonl"
    content = journal.read_bytes()
    changed = {
        "header cut": content[:100],
        "empty": b"",
        "garbage": content + b"garbage\n",
        "foreign": b'{"name": "package.json"}\n',
        "binary": os.urandom(2000) + b"\n",
    }
    journal.write_bytes(changed[how])


@pytest.mark.parametrize("command", ["score", "report"])
@pytest.mark.parametrize("how", ["header cut", "empty", "garbage", "foreign", "binary"])
def test_a_spoilt_run_is_one_line(desk: Desk, stored: Path, how: str, command: str) -> None:
    """A run that was cut off or altered is refused with file and line, and no report is half written."""
    shutil.copytree(stored, desk.folder / "run")
    spoil(desk.folder / "run", how)
    more = ["--program", STORAGE, "-o", "report.html"] if command == "report" else []
    refused(desk.run(command, "run", *more), 2, "run/journal.jsonl")
    assert [path.name for path in desk.folder.iterdir()] == ["run"]


def test_a_run_cut_off_in_the_middle_is_untested(desk: Desk, stored: Path) -> None:
    """Half a run holds what it holds: it is scored, and never passes."""
    shutil.copytree(stored, desk.folder / "run")
    journal = desk.folder / "run" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:2]) + lines[2][:50])
    found = desk.run("score", "run", "--format", "json")
    assert (found.returncode, json.loads(found.stdout)["interop"]) == (3, "untested")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["score", "none"], "none"),
        (["score", "."], "journal.jsonl"),
        (["score", "STORED", "--guideline", "1999.01"], "1999.01"),
        (["score", "STORED", "--program", "nope"], "nope"),
        (["score", "STORED", "--product", "none.json"], "none.json"),
        (["report", "STORED", "--program", STORAGE, "-o", "/proc/x.html"], "/proc/x.html"),
        (["verify", "none.json", "--key", "none.pub"], "none"),
        (["sign", "STORED", "--product", "none.json"], "none.json"),
    ],
)
def test_bad_words_about_a_stored_run_are_one_line(desk: Desk, stored: Path, words: list[str], told: str) -> None:
    """What cannot be read is named, whatever command was given it."""
    found = desk.run(*[str(stored) if word == "STORED" else word for word in words])
    refused(found, 2, told)
    assert list(desk.folder.iterdir()) == []
