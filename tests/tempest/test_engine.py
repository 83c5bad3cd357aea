"""The engine on the real reference cloud: a few tests of the real Tempest, with an admin and without."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from defcore.cloud.credential import read_credentials
from defcore.errors import CloudError, InputError
from defcore.run.certify import Request, Tempest, carry_on, carry_out
from defcore.run.journal import replay
from defcore.run.lock import RunLock
from defcore.tempest import facts
from defcore.tempest.engine import FOLDER, Options, prepare
from defcore.tempest.requests import count

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.refcloud import Cloud
    from defcore.run.certify import Done
    from defcore.tempest import environment

PROGRAM = "interoperable-cloud-storage"


@pytest.fixture
def cache(tempest: environment.Environment) -> Path:
    """Give the folder of the installed Tempest."""
    return tempest.venv.parent


def few() -> tuple[str, ...]:
    """Choose a handful of published storage tests: identity, containers, an account's list."""
    from defcore.guideline import resolve
    from defcore.score import program_tests

    guideline = resolve(None).guideline
    program = guideline.program(PROGRAM)
    assert program
    wanted = ("test_create_token", "test_create_container", "test_list_no_containers")
    return tuple(
        test.id
        for capability, _ in program_tests(guideline, program)
        for test in capability.tests
        if test.name.rpartition(".")[2] in wanted
    )


def go(out: Path, cache: Path, cloud: str = "plain", **words: object) -> Done:
    """Run a few tests with Tempest."""
    request = Request(cloud, program=PROGRAM, tests=few(), out=out, workers=2, tempest=Tempest(cache), **words)  # type: ignore[arg-type]
    return carry_out(request, started=lambda *_: None, progress=lambda _: None)


def secrets() -> list[str]:
    """Give every password of the entries."""
    return [word for item in read_credentials("plain").values() for word in item.secrets()]


def text_of(out: Path) -> str:
    """Give all that a run directory holds."""
    return "".join(path.read_text(encoding="utf-8", errors="replace") for path in out.rglob("*") if path.is_file())


def test_a_run_ends_in_the_record_of_every_run(clouds_yaml: Path, tmp_path: Path, cache: Path) -> None:
    """Score, report and signature read the record; Tempest's must be as good a one as the native engine's."""
    assert clouds_yaml
    out = tmp_path / "run"
    done = go(out, cache)
    assert len(done.record.results) == 3
    assert {item.outcome for item in done.record.results} == {"passed"}
    assert {item.implementation for item in done.record.results} == {"tempest"}
    engine = done.record.engine
    assert (engine.name, engine.version) == ("tempest", "47.0.0")
    assert engine.suite_digest
    assert done.record.complete
    assert done.record.void is None
    assert all(item.attempts[0].seconds > 0 and item.attempts[0].requests for item in done.record.results)
    counts = count(out)
    assert counts.in_tests == sum(item.attempts[0].requests for item in done.record.results)
    assert counts.in_fixtures > counts.in_tests
    # What held the passwords is gone, and nothing else has them.
    assert not (out / FOLDER).exists()
    assert not [word for word in secrets() if word in text_of(out)]
    # Resumed, there is nothing left to do; with a test's id it is tried once more.
    again = carry_on(
        out,
        few()[:1],
        workers=2,
        limit=600,
        started=lambda *_: None,
        progress=lambda _: None,
        tempest=Tempest(cache),
    )
    assert [len(item.attempts) for item in again.record.results].count(2) == 1


def test_without_an_admin_the_accounts_of_clouds_yaml_do(
    clouds_yaml: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cloud whose owner gives no admin away is tested with what there is, and that is said."""
    kept = clouds_yaml.read_text(encoding="utf-8").partition('  "plain-admin"')[0]
    (tmp_path / "clouds.yaml").write_text(kept, encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    out = tmp_path / "run"
    done = go(out, cache)
    assert {item.outcome for item in done.record.results} == {"passed"}
    notes = " / ".join(done.record.notes)
    assert "shared 5 accounts: plain, plain-alt, plain-empty, plain-reader, plain-reseller" in notes
    assert "1 at once and not 2, for want of accounts: add plain-tempest-1 or an admin" in notes
    assert not [word for word in secrets() if word in text_of(out)]


def test_further_accounts_are_found_by_their_names(
    clouds_yaml: Path, tmp_path: Path, tempest: environment.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With enough accounts a cloud without an admin is tested as quickly as one with."""
    kept, _, _ = clouds_yaml.read_text(encoding="utf-8").partition('  "plain-admin"')
    main = kept.partition('  "plain-alt"')[0].partition("clouds:\n")[2]
    for number in (1, 2):
        kept += main.replace('"plain"', f'"plain-tempest-{number}"')
    (tmp_path / "clouds.yaml").write_text(kept, encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    found = prepare(read_credentials("plain"), Options(tempest, 4, 60))
    assert found.workers == 2
    assert len(json.loads(found.files["accounts.yaml"])) == 7
    assert not [word for word in found.secrets if word in repr(found)]


def test_without_a_password_nothing_is_begun(
    clouds_yaml: Path, refcloud: Cloud, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tempest cannot use a token; the user must be told so in one line, and find no half-made run."""
    token = "gAAAA-no-token"  # noqa: S105 - none
    auth = refcloud.entries["plain"]["auth"]
    entry = {"auth_type": "v3token", "auth": {"auth_url": auth["auth_url"], "token": token, "project_name": "demo"}}
    assert clouds_yaml
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": {"plain": entry}}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    with pytest.raises(InputError):
        go(tmp_path / "run", cache)
    assert not (tmp_path / "run").exists()


def test_an_entry_without_a_password_is_refused(
    clouds_yaml: Path, tempest: environment.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application credential that works everywhere else must be told apart from a wrong one."""
    assert clouds_yaml
    monkeypatch.setattr(facts, "account", lambda _: None)
    with pytest.raises(InputError, match="can only log in with a password") as caught:
        prepare({"main": read_credentials("plain")["main"]}, Options(tempest, 4, 60))
    assert caught.value.hint == "give the entry a user and a password, or add plain-admin"


def test_a_tempest_that_fails_to_start_leaves_no_run(clouds_yaml: Path, tmp_path: Path, cache: Path) -> None:
    """A wrong option of the user's own is told in one line; the next try must find the directory free."""
    assert clouds_yaml
    own = tmp_path / "own.conf"
    own.write_text("[DEFAULT]\nlog_config_append = /no/such/file\n", encoding="utf-8")
    request = Request("plain", program=PROGRAM, tests=few(), out=tmp_path / "run", tempest=Tempest(cache, own))
    with pytest.raises(CloudError, match=r"Tempest 47\.0\.0 does not start: .*/no/such/file"):
        carry_out(request, started=lambda *_: None, progress=lambda _: None)
    assert not (tmp_path / "run").exists()


def test_a_killed_runner_leaves_no_secrets_and_can_be_resumed(clouds_yaml: Path, tmp_path: Path, cache: Path) -> None:
    """Power cuts happen: the classes at work clear up after themselves, and --resume repeats nothing."""
    assert clouds_yaml
    out = tmp_path / "run"
    words = [sys.executable, "-m", "defcore", "run", "--engine", "tempest", "--cloud", "plain", "--program", PROGRAM]
    words += ["-n", "2", "--no-doctor", "--out", str(out)]
    runner = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = out / "journal.jsonl"
    end = time.monotonic() + 60
    while not (journal.exists() and '"test-finished"' in journal.read_text(encoding="utf-8")):
        assert time.monotonic() < end
        time.sleep(0.05)
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    # Its processes finish the tests at work, clear up, and remove what held the passwords.
    with RunLock(out, 60):
        assert not list((out / FOLDER).glob("*.conf"))
    assert not [word for word in secrets() if word in text_of(out)]
    finished = {key for key, tries in replay(out).attempts.items() if any(not item.cut for item in tries.values())}
    request = {"workers": 2, "limit": 0, "tempest": Tempest(cache)}
    again = carry_on(out, (), started=lambda *_: None, progress=lambda _: None, **request)  # type: ignore[arg-type]
    assert finished
    assert {item.id for item in again.record.results if item.outcome == "passed"} >= finished
    assert all(len(item.attempts) == 1 for item in again.record.results if item.id in finished)
    assert not (out / FOLDER).exists()
