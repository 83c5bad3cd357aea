"""A guest tells of itself on the console; where it cannot, that is found out before a server is created."""

from __future__ import annotations

import base64
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capabilities.compute.test_guest import test_host_name as host_name
from capabilities.compute.test_guest import test_processors as processors
from defcore.kit.answer import CheckFailedError
from defcore.kit.compute import guest as guests
from defcore.kit.compute.guest import asked, guest, report, user_data
from defcore.kit.outcomes import UnsupportedError

if TYPE_CHECKING:
    from .conftest import Nova

CONSOLE = "POST /servers/{server_id}/action (os-getConsoleOutput)"
LARGE = {"id": "i", "name": "cirros", "size": 20 * 2**20}


@pytest.fixture
def shared(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Give what the tests share, without a cloud; a server that is asked for becomes active at once."""
    found = {"image": LARGE, "flavor": {"id": "f"}, "server": {"id": "0"}, "network": None}
    monkeypatch.setattr(nova.session, "common", found.__getitem__)
    monkeypatch.setattr(guests, "PAUSE", 0)
    monkeypatch.setattr("secrets.token_hex", lambda _: "c0ffee00")
    nova.says["POST /servers"] = [(202, {"server": {"id": "1"}})]
    nova.says["GET /servers/{server_id}"] = [(200, {"server": {"id": "1", "name": "Defcore-X", "status": "ACTIVE"}})]
    nova.says["GET /flavors/{flavor_id}"] = [(200, {"flavor": {"id": "f", "vcpus": 2}})]
    return found


def said(text: str) -> tuple[int, dict[str, str]]:
    """Give an answer with that output of a console."""
    return 200, {"output": text}


def test_a_guest_is_asked_until_it_has_reported(nova: Nova, shared: dict[str, Any]) -> None:
    """Two must-pass tests of the guideline could not be run on any cloud."""
    line = "[ 12.3] defcore-guest c0ffee00 hostname=defcore-x.novalocal vcpus=2 over\r\n"
    nova.says[CONSOLE] = [said(""), (409, {}), said("booting"), said(f"login:\n{line}")]
    shared["guest"] = guest(nova.session)
    assert shared["guest"] == {"id": "1", "name": "Defcore-X", "flavor": "f", "word": "c0ffee00"}
    host_name(nova.session)
    processors(nova.session, nova.compute)
    sent = next(body for operation, _, body in nova.asked if operation == "POST /servers")["server"]
    assert sent["config_drive"] is True
    assert base64.b64decode(sent["user_data"]).decode().startswith("#!/bin/sh\n")


def test_a_guest_that_is_another_fails(nova: Nova, shared: dict[str, Any]) -> None:
    """A cloud that gives its servers other names, or fewer processors, would pass."""
    shared["guest"] = {"id": "1", "name": "defcore-x", "flavor": "f", "word": "c0ffee00"}
    nova.says[CONSOLE] = [said("defcore-guest c0ffee00 hostname=localhost vcpus=1 over")]
    with pytest.raises(CheckFailedError, match="host name in the guest: expected 'defcore-x', got 'localhost'"):
        host_name(nova.session)
    with pytest.raises(CheckFailedError, match="number of processors in the guest: expected 2, got 1"):
        processors(nova.session, nova.compute)
    nova.says[CONSOLE] = [said("")]
    with pytest.raises(CheckFailedError, match="expected the report of the guest, got none"):
        asked(nova.session)


def test_an_image_without_a_system_is_unsupported_at_once(nova: Nova, shared: dict[str, Any]) -> None:
    """On the reference cloud, whose servers run nothing, the two tests would cost five minutes."""
    shared["image"] = {"id": "i", "name": "tiny", "size": 65536}
    shared["guest"] = guest(nova.session)
    with pytest.raises(UnsupportedError, match="the image tiny has 65536 bytes: no operating system"):
        host_name(nova.session)
    assert nova.asked == []


def test_a_cloud_without_console_output_is_unsupported_at_once(nova: Nova, shared: dict[str, Any]) -> None:
    """A server would be booted for a question that nobody can answer."""
    nova.says[CONSOLE] = [(501, {})]
    shared["guest"] = guest(nova.session)
    with pytest.raises(UnsupportedError, match=r"does not show the console output of servers \(status 501\)"):
        processors(nova.session, nova.compute)
    assert [operation for operation, _, _ in nova.asked] == [CONSOLE]


def test_a_guest_that_never_reports_is_given_up(
    nova: Nova, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image that runs no user data says nothing of the cloud, and must not hold the run up."""
    monkeypatch.setattr(guests, "PATIENCE", 0.0)
    nova.says[CONSOLE] = [said("login:")]
    found = guest(nova.session)
    assert shared["image"]["name"] in found["why"]
    assert "has not run its user data within 0 s" in found["why"]


def test_the_report_is_what_the_user_data_prints() -> None:
    """A script with a slip in it would let every guest fail."""
    script = base64.b64decode(user_data("c0ffee00")).decode().replace("> /dev/console", "> /dev/null")
    ran = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    found = report(ran.stdout, "c0ffee00")
    assert found
    assert found["hostname"]
    assert int(found["vcpus"]) > 0
    assert report(script, "c0ffee00") is None


@given(st.text())
def test_no_output_is_taken_for_a_report(text: str) -> None:
    """Whatever a guest prints must not stumble us."""
    assert report(text, "c0ffee00") is None
