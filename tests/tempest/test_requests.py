"""The requests of a run of Tempest: written without secrets, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.cloud.redact import Scrubber
from defcore.tempest.events import Sent
from defcore.tempest.requests import REQUESTS, Requests, count, read

if TYPE_CHECKING:
    from pathlib import Path

ONE = "10000000-0000-4000-8000-000000000000"


def test_requests_are_written_without_secrets(tmp_path: Path) -> None:
    """The signature of a temporary URL is as good as a password; a log that keeps it gives it away."""
    requests = Requests(tmp_path, Scrubber(["planted-name"]))
    requests.add(ONE, [Sent(200, "GET", "http://u:p@c/v1/A/planted-name?temp_url_sig=planted", 0.5, "", "C:test_x")])
    requests.add(None, [])
    requests.close()
    text = (tmp_path / REQUESTS).read_text(encoding="utf-8")
    assert "planted" not in text
    assert "u:p" not in text
    (found,) = read(tmp_path)
    assert (found.test, found.status, found.caller, found.request_id) == (ONE, 200, "C:test_x", None)
    assert (tmp_path / REQUESTS).stat().st_mode & 0o777 == 0o600


def test_servers_and_changes_are_counted(tmp_path: Path) -> None:
    """A benchmark compares how many servers were booted; refused ones and log-ins are none."""
    requests = Requests(tmp_path, Scrubber())
    sent = [
        ("POST", "http://c/v2.1/servers", 202),
        ("POST", "http://c/v2.1/servers?x=1", 202),
        ("POST", "http://c/v2.1/servers", 400),
        ("POST", "http://c/v2.1/servers/1/action", 202),
        ("POST", "http://c/v3/auth/tokens", 201),
        ("PUT", "http://c/v1/A/container", 201),
        ("GET", "http://c/v2.1/servers", 200),
    ]
    requests.add(ONE, [Sent(status, method, url, 0.1, "r", None) for method, url, status in sent])
    requests.close()
    found = count(tmp_path)
    assert (found.servers, found.created, found.in_tests, found.in_fixtures) == (2, 4, 7, 0)


def test_a_run_of_another_engine_has_none(tmp_path: Path) -> None:
    """Asking a native run must not be an error."""
    assert count(tmp_path).total == 0
