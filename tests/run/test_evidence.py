"""Evidence: what the cloud answered, in a form that can be signed, without anybody's secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from defcore.cloud.http import Exchange
from defcore.cloud.redact import Scrubber
from defcore.run.evidence import Evidence, record

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SECRET = "pl4nted-secret"  # noqa: S105 - planted


def exchange(**more: Any) -> Exchange:  # noqa: ANN401 - parts of an exchange
    """Make an exchange."""
    words: dict[str, Any] = {
        "request_id": "req-1",
        "operation": "PUT /v1",
        "method": "PUT",
        "url": f"http://c/v1/a?temp_url_sig={SECRET}",
        "request_headers": {"X-Auth-Token": SECRET, "Content-Type": "application/json"},
        "request_body": b'{"name": "n", "auth": {"password": "x"}}',
        "started": 1.0004,
        "seconds": 0.25,
        "attempt": 2,
        "status": 201,
        "headers": CaseInsensitiveDict({"ETag": "e", "Content-Type": "text/plain"}),
        "body": b"abc",
    }
    return Exchange(**(words | more))


def test_an_exchange_is_kept_without_secrets() -> None:
    """The evidence is what a vendor and a reviewer talk about: it must be complete, and safe to hand on."""
    assert record(exchange(), Scrubber(), 3, "cleanup") == {
        "test_attempt": 3,
        "request_id": "req-1",
        "operation": "PUT /v1",
        "attempt": 2,
        "started_ms": 1000,
        "took_ms": 250,
        "method": "PUT",
        "url": "http://c/v1/a?temp_url_sig=[hidden]",
        "request_headers": {"X-Auth-Token": "[hidden]", "Content-Type": "application/json"},
        "request_body": {"name": "n", "auth": "[hidden]"},
        "status": 201,
        "headers": {"ETag": "e", "Content-Type": "text/plain"},
        "body": {"length": 3, "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        "error": None,
        "stage": "cleanup",
    }


def test_each_line_is_canonical_and_its_owners_alone(tmp_path: Path) -> None:
    """What is hashed and signed later must have one spelling only."""
    evidence = Evidence(tmp_path, Scrubber([SECRET]))
    for number in (1, 2):
        evidence.add("t", exchange(operation=f"GET {SECRET}"), number)
    path = tmp_path / "evidence" / "t.jsonl"
    lines = path.read_bytes().splitlines()
    assert [json.loads(line)["test_attempt"] for line in lines] == [1, 2]
    assert all(rfc8785.dumps(json.loads(line)) == line for line in lines)
    assert SECRET.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


@given(
    st.text(),
    st.dictionaries(st.text(), st.text()),
    st.binary() | st.just(b'{"bytes": 1e999, "name": "\\ud800"}'),
    st.sampled_from(["application/json", "text/plain"]),
)
def test_any_exchange_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, url: str, headers: dict[str, str], body: bytes, kind: str
) -> None:
    """A strange answer must be a failed test, not an error of ours while we write it down."""
    folder = tmp_path_factory.mktemp("e")
    words = {"url": url, "headers": CaseInsensitiveDict({**headers, "Content-Type": kind}), "body": body}
    Evidence(folder, Scrubber([SECRET])).add("t", exchange(**words), 1)
    assert json.loads((folder / "evidence" / "t.jsonl").read_bytes())
