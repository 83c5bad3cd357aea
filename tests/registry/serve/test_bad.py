"""Bad input over HTTP: a 4xx that says what is wrong, soon, with nothing stored, and nobody else kept waiting."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests

from defcore.registry.serve import guard
from tests.registry.site.conftest import EVIL, admit, hostile
from tests.registry.test_admission import BAD

if TYPE_CHECKING:
    from .conftest import Open

SOON = 10
"""Seconds: what takes longer on a busy machine is not bounded."""


def refused(answer: requests.Response, status: int = 422) -> dict[str, Any]:
    """Check that an answer is a problem of this kind; return it."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["detail"]
    return found


@pytest.mark.parametrize("case", BAD)
def test_what_admission_refuses_is_refused_here(served: Open, case: str) -> None:
    """If it fails, the server takes what the command line refuses, or falls over it."""
    make, rule = BAD[case]
    began = time.monotonic()
    found = refused(served.post(make(served.registry)))
    assert time.monotonic() - began < SOON
    assert rule in [each["rule"] for item in found["items"] for each in item["findings"]]
    assert served.stored() == []


def test_a_replayed_run_is_refused(served: Open) -> None:
    """If it fails, one run counts as two reports."""
    house = served.registry.house
    assert served.post(served.registry.submission()).status_code == 201
    before = served.stored()
    again = house.pair(issued_at=house.issued_at.replace(hour=10))
    found = refused(
        served.send({"files": [{"name": "a", "content": data.decode()} for data in (again.full, again.public)]})
    )
    assert [each["rule"] for item in found["items"] for each in item["findings"]] == ["once"]
    assert served.stored() == before


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b'{"files": [], "files": []}', 400, "twice"),
        (b"[" * 1_000_000, 400, "nests deeper"),
        (b'{"files": ' * 100_000, 400, "nests deeper"),
        (b"\xff\xfe", 400, "not UTF-8"),
        (b'{"files": [{"name": "a", "content": "\\ud800"}]}', 400, "surrogate"),
        (b'{"files": NaN}', 400, "NaN"),
        (b"", 400, "not valid JSON"),
        (b"[]", 422, "$"),
        (b'{"files": []}', 422, "$.files"),
        (b'{"files": [{"name": "a", "content": 1}]}', 422, "$.files[0].content"),
        (b'{"files": [{"name": "a", "content": "", "mode": 1}]}', 422, "$.files[0].mode"),
        (json.dumps({"files": [{"name": "a" * 2000, "content": ""}]}).encode(), 422, "$.files[0].name"),
        (json.dumps({"files": [{"name": "a", "content": "x"}] * 101}).encode(), 422, "$.files"),
    ],
)
def test_a_body_that_is_nothing_of_ours_is_told_so(served: Open, body: bytes, status: int, says: str) -> None:
    """If it fails, a slip in a script ends in a 500, or nobody says what is wrong."""
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{served.url}api/v1/submissions", data=body, headers=headers, timeout=SOON)
    assert says in refused(answer, status)["detail"]
    assert served.stored() == []


def test_a_trust_policy_alone_is_nothing_to_submit(served: Open) -> None:
    """If it fails, somebody who names the wrong file is told that all went well."""
    content = b"".join(served.registry.world.lines).decode()
    answer = served.send({"files": [{"name": "trust.jsonl", "content": content}]})
    assert "nothing to submit" in refused(answer)["detail"]


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"Content-Type": "text/plain"}, 415, "application/json"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415, "application/json"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415, "compressed"),
    ],
)
def test_a_bomb_is_not_unpacked(served: Open, headers: dict[str, str], status: int, says: str) -> None:
    """If it fails, a small compressed body becomes gigabytes, or another site's form can submit."""
    body = gzip.compress(b" " * 100_000_000, compresslevel=1)
    answer = requests.post(f"{served.url}api/v1/submissions", data=body, headers=headers, timeout=SOON)
    assert says in refused(answer, status)["detail"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_hundred_megabytes_are_cut_off(served: Open, chunked: bool) -> None:  # noqa: FBT001
    """If it fails, a few large bodies fill the memory."""
    size, piece = 100_000_000, b" " * 1_000_000
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    began, sent = time.monotonic(), 0
    with socket.create_connection(("127.0.0.1", port), timeout=SOON) as connection:
        kind = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
        head = f"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{kind}\r\n\r\n"
        connection.sendall(head.encode())
        with contextlib.suppress(OSError):
            while sent < size:
                connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                sent += len(piece)
        answer = b""
        with contextlib.suppress(OSError):
            while more := connection.recv(65536):
                answer += more
    assert sent < size / 2
    assert time.monotonic() - began < SOON
    # A visitor that keeps on sending may lose the answer; one that looks gets it.
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]
    looking = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    looking.putrequest("POST", "/api/v1/submissions")
    looking.putheader("Content-Type", "application/json")
    looking.putheader("Content-Length", str(size))
    looking.endheaders()
    assert looking.getresponse().status == 413
    looking.close()
    assert served.get("api/v1/health").status_code == 200


def test_a_body_that_trickles_is_ended(served: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, a few slow visitors hold every place for ever."""
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.putrequest("POST", "/api/v1/submissions")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "1000")
    connection.endheaders()
    connection.send(b"{")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["type"]) == (408, "urn:defcore:problem:too-slow")
    connection.close()


def test_a_visitor_that_leaves_leaves_nothing(served: Open) -> None:
    """If it fails, a connection that breaks while it submits takes the server, or its own place, with it."""
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            connection.sendall(head + b"Content-Length: 1000\r\n\r\n{")
    time.sleep(0.2)
    assert served.post(served.registry.submission()).status_code == 201


def test_script_in_every_field_stays_text(served: Open) -> None:
    """If it fails, a vendor's words act in the browser of whoever reads or judges them."""
    admit(served.registry, "Rival")
    hostile(served.registry)
    served.stop()
    for path in served.registry.root.glob("rival-*/*/*/*"):
        (kept,) = [item.read_bytes() for item in path.glob("report.dsse.json")]
        public = (path / "report.public.dsse.json").read_bytes()
        for item in path.iterdir():
            item.unlink()
        path.rmdir()
    served.start()
    files = [{"name": f"../../{EVIL}", "content": data.decode()} for data in (kept, public)]
    answer = served.send({"files": files})
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    (item,) = answer.json()["items"]
    assert "/script-alert-1-" in item["place"]
    for address in (item["page"], "", "submit/", "compare/choices.js", f"products/{item['place']}/compare.js"):
        assert "<script>alert" not in served.get(address).text
        assert "<img" not in served.get(address).text
    answer = served.send({"files": [{"name": EVIL, "content": EVIL}]})
    assert refused(answer)["items"][0]["files"] == [EVIL]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "../private/.receipts",
        "..%2fprivate%2f.receipts",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "products/../../registry.json",
        "products/acme/cloud/2026.11/../../../../private/.receipts",
        "registry.json",
        ".index.sqlite",
        "products",
        "products/",
        "products/acme//index.html",
        "submit/%00",
        "a" * 5000,
        "\u202e",
        "api/v1/reports/..%2f..",
        "api/v1/submissions/" + "0" * 64,
        "api/v1/reports/" + "G" * 64,
        "api/v2",
    ],
)
def test_no_address_leads_out_of_the_pages(served: Open, path: str) -> None:
    """If it fails, an address reads a file of the machine: a full report, or the key of the receipts."""
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.putrequest("GET", quote(f"/{path}", safe="/%."), skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"PRIVATE" not in answer.read()
    connection.close()


def test_other_methods_are_not_there(served: Open) -> None:
    """If it fails, something can be taken away from a registry over HTTP."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = requests.request(method, f"{served.url}api/v1/reports", timeout=SOON)
        assert refused(answer, 405)
        assert "GET" in answer.headers["allow"]


def test_a_flood_ends_at_its_own_address(closed: Open) -> None:
    """If it fails, one visitor can keep all others from submitting or reading."""
    closed.per_minute = 5
    served = closed.start()
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    body = json.dumps({"files": served.files(served.registry.submission())})
    codes: list[int] = []
    over = threading.Event()

    def flood() -> None:
        while not over.is_set():
            answer = requests.post(
                f"{served.url}api/v1/submissions", data=body, headers={"Content-Type": "application/json"}, timeout=60
            )
            codes.append(answer.status_code)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        times = []
        for _ in range(4):
            other = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=("127.0.0.2", 0))
            began = time.monotonic()
            other.request("POST", "/api/v1/submissions", body, {"Content-Type": "application/json"})
            answer = other.getresponse()
            times.append(time.monotonic() - began)
            assert answer.status in (200, 201)
            other.close()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert sorted(times)[1] < 2
    assert codes.count(201) + codes.count(200) <= 7
    assert set(codes) <= {200, 201, 429}
    assert codes.count(429) > 20
    mine = served.send({"files": []})
    assert (refused(mine, 429)["type"], mine.headers["retry-after"].isdigit()) == (
        "urn:defcore:problem:too-many-requests",
        True,
    )


def test_large_bodies_count_as_many(closed: Open) -> None:
    """If it fails, sixty bodies a minute, each as large as is allowed, keep the registry busy for good."""
    closed.per_minute = 10
    served = closed.start()
    large = {"name": "a", "content": "x" * 3 * guard.A_SUBMISSION}
    answers = [served.send({"files": [large]}).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


def test_one_address_has_two_places_at_the_desk(served: Open) -> None:
    """If it fails, one visitor fills the queue and all others stand behind it."""
    port = int(served.url.rsplit(":", 1)[1].strip("/"))
    waiting = []
    for _ in range(guard.AT_ONCE):
        connection = socket.create_connection(("127.0.0.1", port))
        head = b"POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Content-Length: 1000\r\n\r\n")
        waiting.append(connection)
    time.sleep(0.3)
    assert refused(served.send({"files": []}), 429)["type"] == "urn:defcore:problem:too-many-at-once"
    for connection in waiting:
        connection.close()
    time.sleep(0.3)
    assert served.send({"files": []}).status_code == 422
