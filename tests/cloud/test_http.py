"""HTTP against servers that are broken on purpose: what is retried, what is an answer, what is trouble."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import threading
import time
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from defcore.cloud import http
from defcore.cloud.credential import Credential
from defcore.cloud.http import Exchange, Http, Policy, TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Server

QUICK = Policy(connect=1, read=0.3, total=0.8, retries=2, backoff=0.001, longest_wait=0.2)


class Bench:
    """A client with a sink that keeps every attempt, and a clock for its pauses."""

    def __init__(self, policy: Policy = QUICK, *, verify: bool | str = True) -> None:
        self.seen: list[Exchange] = []
        self.pauses: list[float] = []
        credential = Credential("x", "password", {}, None, "public", verify, None, {})
        self.http = Http(credential, self.seen.append, policy=policy, sleep=self.pauses.append)

    def get(self, url: str, probe: Callable[[], str | None] | None = None) -> Exchange:
        """Send a GET."""
        return self.http.send("GET", url, operation="GET /", probe=probe)

    def trouble(self, url: str, method: str = "GET") -> TroubleError:
        """Send a request that must end in trouble."""
        with pytest.raises(TroubleError) as caught:
            self.http.send(method, url, operation="OP")
        return caught.value


def test_an_answer_comes_back_as_it_was_sent(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A test that sees another status, header or body than the cloud sent would judge the cloud for our mistake."""
    cloud = server(respond("404 Not Found", b"\x00nothing\xff", "X-Trans-Id: tx1"))
    bench = Bench()
    found = bench.http.send(
        "GET", f"{cloud.url}/a", operation="GET /a", headers={"X-Auth-Token": "t"}, params={"q": "1 2"}, body=b"in"
    )
    assert (found.status, found.headers["x-trans-id"], found.body) == (404, "tx1", b"\x00nothing\xff")
    assert bench.seen == [found]
    assert found.request == f"GET {cloud.url}/a?q=1+2"
    head, _, body = cloud.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"GET /a?q=1+2 HTTP/1.1\r\n")
    assert body == b"in"
    assert found.request_id.encode() in head


def test_connections_are_used_again(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A connection for each request would double the time of a run over TLS."""
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    cloud = server(respond(body=b"x" * 200_000), chunked, respond("204 No Content"), respond())
    bench = Bench()
    bodies = [bench.get(cloud.url).body for _ in range(4)]
    assert bodies == [b"x" * 200_000, b"abcde", b"", b""]
    assert cloud.connections == 1


def test_compressed_answers_are_unpacked(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A proxy in front of a cloud that compresses would fail every check of a body."""
    packed = gzip.compress(b"hello" * 1000)
    cloud = server(respond("200 OK", packed, "Content-Encoding: gzip"))
    assert Bench().get(cloud.url).body == b"hello" * 1000


def test_a_refused_connection_is_trouble_after_the_retries(dead_port: int) -> None:
    """A dead cloud must end as error, never as a failed test."""
    bench = Bench()
    error = bench.trouble(f"http://127.0.0.1:{dead_port}/")
    assert str(error) == "the connection failed or was closed"
    assert error.request == f"GET http://127.0.0.1:{dead_port}/"
    assert [item.attempt for item in bench.seen] == [1, 2, 3]
    assert len(bench.pauses) == 2


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def _half_then_reset(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    _reset(connection)


def _half_then_end(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def _bad_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf")


def _no_http(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")


@pytest.mark.parametrize("step", [_reset, _half_then_reset, _half_then_end, _bad_chunks, _no_http])
def test_an_answer_that_breaks_off_is_trouble(
    server: Callable[..., Server], step: Callable[[socket.socket], object]
) -> None:
    """Half a body taken for a whole one would be a failed test of a healthy cloud behind a bad network."""
    bench = Bench()
    assert str(bench.trouble(server(step).url)) == "the connection failed or was closed"
    assert len(bench.seen) == 3


def test_a_broken_compression_is_trouble(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """An answer that nobody can unpack is nothing to judge."""
    cloud = server(respond("200 OK", b"no gzip at all", "Content-Encoding: gzip"))
    assert "DecodeError" in str(Bench().trouble(cloud.url))


def test_after_a_reset_the_retry_counts(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """One lost packet must not fail a run, and must not be hidden either."""
    bench = Bench()
    found = bench.get(server(_reset, respond(body=b"ok")).url)
    assert (found.status, found.attempt) == (200, 2)
    assert [item.error for item in bench.seen] == ["the connection failed or was closed", None]


def test_a_server_that_never_answers_is_trouble_in_bounded_time(server: Callable[..., Server]) -> None:
    """One tarpit would block a whole batch of clouds."""
    over = threading.Event()
    cloud = server(lambda _: over.wait(5))
    began = time.monotonic()
    assert str(Bench().trouble(cloud.url)) == "no answer in time"
    assert time.monotonic() - began < 3
    over.set()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_trickles_is_given_up(server: Callable[..., Server], chunked: bool) -> None:  # noqa: FBT001
    """Each byte comes within the read timeout, so that only the total bounds it: else a test would hang for hours."""

    def trickle(connection: socket.socket) -> None:
        kind = "Transfer-Encoding: chunked" if chunked else "Content-Length: 100000"
        connection.sendall(f"HTTP/1.1 200 OK\r\n{kind}\r\n\r\n".encode())
        while not cloud.over.wait(0.05):
            connection.sendall(b"1\r\nx\r\n" if chunked else b"x")

    cloud = server(trickle)
    bench = Bench(Policy(connect=1, read=0.5, total=0.4, retries=0))
    began = time.monotonic()
    assert str(bench.trouble(cloud.url)) == "no complete answer within 0 s"
    assert time.monotonic() - began < 2


def test_a_body_beyond_all_measure_is_trouble(
    server: Callable[..., Server], respond: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless body would fill the memory of the machine that tests."""
    monkeypatch.setattr(http, "MAX_BODY", 1000)
    cloud = server(respond(body=b"x" * 100_000))
    assert str(Bench().trouble(cloud.url, "POST")) == "the answer is larger than 1000 bytes"


def test_busy_with_retry_after_is_obeyed(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A cloud that says when to come back is asked again then, but never later than our patience lasts."""
    script = [respond("503 Busy", b"", f"Retry-After: {word}") for word in ("0", "3600")]
    bench = Bench()
    found = bench.get(server(*script, respond()).url)
    assert (found.status, found.attempt) == (200, 3)
    assert bench.pauses == [0, QUICK.longest_wait]


@pytest.mark.parametrize("word", ["Fri, 20 Nov 2026 10:00:00 GMT", "\xb2", "-1", ""])
def test_a_strange_retry_after_is_no_trouble(
    server: Callable[..., Server], respond: Callable[..., bytes], word: str
) -> None:
    """A header that is no number of seconds must not end a test in an error of ours."""
    cloud = server(respond("503 Busy", b"", f"Retry-After: {word}"), respond())
    bench = Bench()
    assert bench.get(cloud.url).status == 200
    assert 0 < bench.pauses[0] < 1


def test_503_for_ever_is_an_answer_when_the_service_works(
    server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A cloud whose one operation always breaks fails that test; it must not hide behind an error."""
    bench = Bench()
    found = bench.get(server(respond("503 Broken")).url, probe=lambda: None)
    assert (found.status, found.attempt) == (503, 3)


def test_503_for_ever_is_trouble_when_the_service_is_down(
    server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A cloud under maintenance must not be told to have failed."""
    bench = Bench()
    with pytest.raises(TroubleError, match=r"the service is down: it answers 503, and its account is away"):
        bench.get(server(respond("503 Broken")).url, probe=lambda: "its account is away")


def test_429_for_ever_is_trouble(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A rate limit says nothing about the API."""
    bench = Bench()
    assert "429" in str(bench.trouble(server(respond("429 Slow down")).url))
    assert len(bench.seen) == 3


@pytest.mark.parametrize("method", ["POST", "COPY", "PATCH"])
def test_what_may_not_be_repeated_is_not(
    server: Callable[..., Server], respond: Callable[..., bytes], method: str
) -> None:
    """A POST sent twice could create two things, of which one would never be cleaned up."""
    cloud = server(respond("500 Broken"), respond("503 Busy"), respond())
    bench = Bench()
    assert bench.http.send(method, cloud.url, operation="OP").status == 500
    assert "503" in str(bench.trouble(cloud.url, method))
    broken = server(_reset, respond())
    bench.trouble(broken.url, method)
    assert (len(cloud.requests), len(broken.requests)) == (2, 1)


def test_an_operation_may_differ_from_its_method(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """Setting metadata twice is harmless, deleting a version twice is not; only who wrote the client can know."""
    cloud = server(respond("503 Busy"), respond())
    bench = Bench()
    assert bench.http.send("POST", cloud.url, operation="OP", idempotent=True).status == 200
    versions = server(respond("503 Busy"), respond())
    with pytest.raises(TroubleError, match="may not be sent twice"):
        bench.http.send("DELETE", versions.url, operation="OP", idempotent=False)
    assert (len(cloud.requests), len(versions.requests)) == (2, 1)


def test_what_was_refused_as_too_much_may_always_be_sent_again(
    server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A 429 was not carried out: creating something is no reason to give up on the first."""
    found = Bench().http.send("POST", server(respond("429 Slow"), respond()).url, operation="OP")
    assert (found.status, found.attempt, found.unsure) == (200, 2, False)


@pytest.mark.parametrize(
    ("method", "first", "unsure"),
    [("DELETE", "502 Bad", True), ("GET", "502 Bad", False), ("DELETE", "429 Slow", False)],
)
def test_an_answer_that_may_be_to_a_second_change_is_marked(
    server: Callable[..., Server], respond: Callable[..., bytes], method: str, first: str, *, unsure: bool
) -> None:
    """A DELETE whose answer was lost on the way gets a 404 when it is repeated: not the cloud's fault."""
    cloud = server(respond(first), respond("404 Gone"))
    assert Bench().http.send(method, cloud.url, operation="OP").unsure is unsure


def test_each_attempt_has_a_request_id_of_its_own(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """The evidence would point the cloud's operator to the wrong request in his log."""
    bench = Bench()
    bench.get(server(respond("502 Bad"), respond()).url)
    assert len({item.request_id for item in bench.seen}) == 2


def test_the_deadline_of_a_test_ends_the_retries(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """A test whose time is up must not go on retrying while the others wait."""
    cloud = server(respond("503 Busy"))
    bench = Bench(Policy(retries=5, backoff=0.001))
    bench.http.deadline = time.monotonic() + 0.2
    bench.http._sleep = lambda _: time.sleep(0.3)
    with pytest.raises(TroubleError, match=r"time is up; the last attempt ended with: status 503"):
        bench.get(cloud.url)
    with pytest.raises(TroubleError, match=r"time is up$"):
        bench.get(cloud.url)
    assert len(cloud.requests) == 1


def test_a_glance_tells_whether_anything_answers(
    server: Callable[..., Server], respond: Callable[..., bytes], dead_port: int
) -> None:
    """The probe of a service decides between failed and error."""
    cloud = server(respond("401 No"))
    bench = Bench()
    assert bench.http.glance(cloud.url, "token") == 401
    assert b"X-Auth-Token: token" in cloud.requests[0]
    assert bench.http.glance(f"http://127.0.0.1:{dead_port}") is None
    assert [item.operation for item in bench.seen] == ["probe", "probe"]


def test_netrc_is_not_looked_into(
    server: Callable[..., Server], respond: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password of the user for that host would be sent to it, and no request would be anonymous."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password planted-secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    cloud = server(respond())
    Bench().get(cloud.url)
    assert b"Authorization" not in cloud.requests[0]


def test_redirects_are_not_followed(server: Callable[..., Server], respond: Callable[..., bytes]) -> None:
    """The token would go to whatever host a response names."""
    other = server(respond())
    cloud = server(respond("302 Found", b"", f"Location: {other.url}"))
    assert Bench().get(cloud.url).status == 302
    assert other.requests == []


def test_a_host_that_no_name_server_can_bear_is_trouble() -> None:
    """A typo in an endpoint must give one clear line, not a traceback."""
    label = "x" * 70
    assert str(Bench(Policy(retries=0)).trouble(f"http://{label}.invalid/"))


def test_an_address_that_is_none_is_trouble() -> None:
    """An endpoint without a scheme in the catalogue is the cloud's mistake, told as such."""
    assert "MissingSchema" in str(Bench(Policy(retries=0)).trouble("nowhere"))


def test_a_dead_proxy_is_told_as_one(dead_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a company's proxy the user must know that it is the proxy, not the cloud, that is down."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{dead_port}")
    monkeypatch.setenv("no_proxy", "")
    assert str(Bench(Policy(retries=0)).trouble("http://192.0.2.1/")) == "the HTTP proxy does not work"


def test_what_the_change_alters_is_what_the_test_sees(
    server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """Evidence must hold what the cloud sent, while the test is shown the declared change."""
    bench = Bench()
    bench.http.alter = lambda exchange: replace(exchange, status=418, altered=True)
    assert bench.get(server(respond()).url).status == 418
    assert bench.seen[0].status == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for 127.0.0.1, with its key in the same file."""
    folder = tmp_path_factory.mktemp("tls")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key").read_bytes() + (folder / "cert").read_bytes())
    return both


def _tls_server(certificate: Path, answers: int) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for _ in range(answers):
                raw, _ = listener.accept()
                try:
                    with context.wrap_socket(raw, server_side=True) as connection:
                        connection.recv(65536)
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                except OSError:
                    raw.close()

    threading.Thread(target=serve, daemon=True).start()
    return f"https://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("bundle", ["", "/nowhere/ca.pem"])
def test_the_ca_of_clouds_yaml_counts_whatever_the_environment_says(
    certificate: Path, bundle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where REQUESTS_CA_BUNDLE is set, as in many companies, a cloud with a CA of its own could not be tested."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    url = _tls_server(certificate, 2)
    assert Bench(verify=str(certificate)).get(url).status == 200
    with warnings.catch_warnings(action="ignore"):
        assert Bench(verify=False).get(url).status == 200


def test_an_unknown_ca_is_trouble(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A man in the middle would receive the token."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    bench = Bench(Policy(retries=0))
    assert str(bench.trouble(_tls_server(certificate, 1))) == "no valid TLS certificate"


def test_a_ca_file_that_is_gone_is_trouble() -> None:
    """A wrong path of the CA must be told as that, not as a fault of defcore's."""
    bench = Bench(Policy(retries=0), verify="/nowhere/ca.pem")
    assert "/nowhere/ca.pem" in str(bench.trouble("https://127.0.0.1:1/"))


def test_the_policy_is_patient_by_default() -> None:
    """Slow clouds are no broken clouds: the defaults are part of what we promise in the documentation."""
    assert Bench(Policy()).http.policy == Policy(10, 20, 60, 2, 0.5, 30)
