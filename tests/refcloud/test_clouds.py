"""Light clouds from up to down."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore import refcloud
from defcore.errors import CloudError, InputError
from defcore.refcloud import processes, runner, state, template
from defcore.refcloud.files import wait_for

from .samples import LIGHT

if TYPE_CHECKING:
    from defcore.refcloud.config import Layout


def session_of(pid: int) -> int:
    """Give the session of a process, 0 when there is no such process."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def alive(session: int) -> list[str]:
    """Give what runs in a session, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and session_of(int(entry.name)) == session:
            with contextlib.suppress(OSError):
                found.append((entry / "cmdline").read_text())
    return [line for line in found if line]


def test_down_leaves_no_process_and_no_data(home: refcloud.Home) -> None:
    """If this fails, every cloud that was tried goes on using memory and ports."""
    cloud = refcloud.up(home, "brief", services=LIGHT)
    session = os.getsid(processes.of_cloud(cloud.data)[0])
    assert len(alive(session)) == 3
    refcloud.down(home, "brief")
    assert alive(session) == []
    assert not cloud.data.exists()
    for port in cloud.ports.values():
        with socket.socket() as sock:
            assert sock.connect_ex(("127.0.0.1", port)) != 0


def test_a_template_becomes_a_cloud_quickly(plain: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, nobody starts a cloud just to try a thing: it has to be ready within 15 s."""
    begin = time.monotonic()
    with refcloud.running(home, "quick", services=LIGHT) as second:
        assert time.monotonic() - begin < 15
        assert not set(second.ports.values()) & set(plain.ports.values())
        assert {one.name: one.state for one in refcloud.status(home)}["quick"] == "up"
        assert second.entries["quick"]["auth"]["auth_url"] != plain.entries["plain"]["auth"]["auth_url"]


def test_a_token_of_one_cloud_is_none_of_another(plain: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, a client that mixes two clouds up is not found out: both come from one template."""
    before = (plain.data / "fernet-keys" / "1").read_text()
    with refcloud.running(home, "other", services=LIGHT) as other:
        assert (other.data / "fernet-keys" / "1").read_text() != before


def test_up_again_changes_nothing(either: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, a script that makes sure of its cloud restarts it, or gets other entries."""
    told: list[str] = []
    before = processes.of_cloud(either.data)
    again = refcloud.up(home, either.name, tell=told.append)
    assert again == either
    assert processes.of_cloud(either.data) == before
    assert told == [f"cloud {either.name} is up already"]


def test_another_choice_under_the_same_name_is_refused(plain: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, who asks for an odd cloud is given a plain one without a word."""
    with pytest.raises(InputError, match="exists with profile plain"):
        refcloud.up(home, plain.name, profile="odd")
    with pytest.raises(InputError, match="exists with profile plain"):
        refcloud.up(home, plain.name, services=("identity",))


def test_kept_data_comes_back_at_the_same_place(home: refcloud.Home) -> None:
    """If this fails, ``down --keep`` keeps nothing of use."""
    first = refcloud.up(home, "kept", services=LIGHT)
    (first.data / "witness").touch()
    refcloud.down(home, "kept", keep=True)
    assert {one.name: one.state for one in refcloud.status(home)}["kept"] == "down"
    second = refcloud.up(home, "kept")
    assert second == first
    assert (first.data / "witness").exists()
    refcloud.down(home, "kept")


def test_a_dead_service_is_reported_and_brought_back(home: refcloud.Home) -> None:
    """If this fails, a cloud with a dead service is called up, and only down and up again would help."""
    with refcloud.running(home, "wounded", services=LIGHT) as cloud:
        (one,) = [one for one in refcloud.status(home) if one.name == "wounded"]
        pids = {service.service: service.pid for service in one.services}
        assert pids["identity"] is not None
        os.kill(pids["identity"], signal.SIGKILL)
        assert wait_for(lambda: pids["identity"] not in processes.of_cloud(cloud.data), 5)
        (one,) = [one for one in refcloud.status(home) if one.name == "wounded"]
        assert one.state == "broken"
        assert {service.service: service.health for service in one.services} == {
            "identity": "down",
            "object-store": "ok",
        }
        assert refcloud.up(home, "wounded") == cloud
        assert {one.name: one.state for one in refcloud.status(home)}["wounded"] == "up"


def starting(home: refcloud.Home, name: str) -> list[str]:
    """Give the words that start a light cloud in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from defcore import refcloud;"
        "refcloud.up(refcloud.Home(Path(sys.argv[1]), Path(sys.argv[2])), sys.argv[3], services=sys.argv[4:])"
    )
    return [sys.executable, "-c", code, str(home.cache), str(home.state), name, *LIGHT]


def test_what_a_killed_up_left_is_cleared_away(home: refcloud.Home) -> None:
    """If this fails, a cloud whose ``up`` was killed can neither be started nor ended."""
    words = starting(home, "halved")
    data = home.cloud("halved")
    for survivor in ("up", "down"):
        starter = subprocess.Popen(words, start_new_session=True)
        assert wait_for(lambda: len(processes.of_cloud(data)) > 1, 60)
        starter.kill()
        starter.wait()
        if survivor == "up":
            cloud = refcloud.up(home, "halved", services=LIGHT)
            assert runner.healthy(layout_of(home, cloud), "identity", 5)
        refcloud.down(home, "halved")
        assert processes.of_cloud(data) == []
        assert not data.exists()


def test_an_interrupted_up_ends_what_it_started(home: refcloud.Home) -> None:
    """If this fails, Ctrl-C during ``up`` leaves a cloud that nobody knows of."""
    data = home.cloud("interrupted")
    starter = subprocess.Popen(starting(home, "interrupted"), start_new_session=True, stderr=subprocess.DEVNULL)
    # As soon as the supervisor is there: a little later a quick machine would be done.
    assert wait_for(lambda: len(processes.of_cloud(data)) > 0, 60)
    starter.send_signal(signal.SIGINT)
    starter.wait(10)
    assert wait_for(lambda: processes.of_cloud(data) == [], 10)
    refcloud.down(home, "interrupted")


def test_two_up_at_once_make_one_cloud(home: refcloud.Home) -> None:
    """If this fails, two scripts that make sure of the same cloud destroy each other's."""
    with ThreadPoolExecutor() as pool:
        same = [pool.submit(refcloud.up, home, "twice", services=LIGHT) for _ in range(2)]
        other = pool.submit(refcloud.up, home, "beside", services=LIGHT)
    first, second = (future.result() for future in same)
    assert first == second
    assert len(processes.of_cloud(first.data)) == 3
    refcloud.down(home, "twice")
    refcloud.down(home, "beside")
    for port in (*first.ports.values(), *other.result().ports.values()):
        with socket.socket() as sock:
            assert sock.connect_ex(("127.0.0.1", port)) != 0


def layout_of(home: refcloud.Home, cloud: refcloud.Cloud) -> Layout:
    """Give what the library knows of a cloud."""
    card = state.load(cloud.data)
    assert card is not None
    return card.layout(home)


def test_a_service_that_ends_at_start_is_one_clear_error(home: refcloud.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, a cloud that cannot start says nothing about why, or leaves its other services running."""
    relocate = template.relocate

    def spoil(layout: Layout) -> None:
        relocate(layout)
        (layout.data / "etc" / "swift-proxy.conf").write_text("[pipeline:main]\npipeline = nonsense\n")

    monkeypatch.setattr(template, "relocate", spoil)
    with pytest.raises(CloudError) as caught:
        refcloud.up(home, "spoilt", services=LIGHT)
    data = home.cloud("spoilt")
    assert caught.value.where == str(data / "log" / "object-store.out")
    assert "object-store ended while starting" in str(caught.value)
    assert Path(caught.value.where).exists()
    assert processes.of_cloud(data) == []
    refcloud.down(home, "spoilt")


def test_a_damaged_database_is_one_clear_error(home: refcloud.Home) -> None:
    """If this fails, a cloud whose data a crash has damaged ends in a traceback."""
    cloud = refcloud.up(home, "damaged", services=LIGHT)
    refcloud.down(home, "damaged", keep=True)
    (cloud.data / "db" / "keystone.sqlite").write_bytes(b"nothing of a database" * 1000)
    with pytest.raises(CloudError, match="damaged"):
        refcloud.up(home, "damaged")
    refcloud.down(home, "damaged")


@pytest.mark.parametrize("verb", [refcloud.down, refcloud.logs])
def test_a_name_that_is_none_is_one_clear_line(verb: object, home: refcloud.Home, plain: refcloud.Cloud) -> None:
    """If this fails, a typing error in --name ends in a traceback, or is taken for done."""
    assert callable(verb)
    with pytest.raises(InputError, match=rf"no cloud is named 'nobody'.*{plain.name}"):
        verb(home, "nobody")


def test_logs_are_those_of_the_service(either: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, who looks for the reason of a failure reads the log of another service."""
    text = refcloud.logs(home, either.name, "identity", lines=3)
    assert f"==> {either.data}/log/identity.log <==" in text
    assert "supervisor" not in text
    with pytest.raises(InputError, match=r"it has: .*identity"):
        refcloud.logs(home, either.name, "telepathy")


def test_the_entries_are_private(either: refcloud.Cloud) -> None:
    """If this fails, other users of the machine can read passwords."""
    assert either.clouds_yaml.stat().st_mode & 0o777 == 0o600
    assert either.data.stat().st_mode & 0o777 == 0o700
    assert either.clouds_yaml.read_text() == either.yaml


def test_no_password_is_on_a_command_line(either: refcloud.Cloud) -> None:
    """If this fails, everybody on the machine can read a password with ps."""
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in processes.of_cloud(either.data)]
    assert lines
    for entry in either.entries.values():
        assert not any(entry["auth"]["password"] in line for line in lines)
