"""The proxy in front of the odd cloud, spoken to byte by byte."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from defcore.refcloud.files import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from defcore import refcloud


# The SDK warns of its own next major version.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
BIG = 20_000_000


class Account:
    """An account of the odd cloud: a container in it, and a token."""

    def __init__(self, url: str, token: str, authority: str) -> None:
        self.url = urlsplit(url)
        self.token = {"X-Auth-Token": token}
        self.context = ssl.create_default_context(cafile=authority)

    def connect(self) -> contextlib.closing[http.client.HTTPSConnection]:
        """Open a connection."""
        assert self.url.hostname
        return contextlib.closing(
            http.client.HTTPSConnection(self.url.hostname, self.url.port, context=self.context, timeout=30)
        )

    def path(self, name: str) -> str:
        """Where an object of the container is."""
        return f"{self.url.path}/front/{name}"


@pytest.fixture(scope="module")
def account(odd: refcloud.Cloud, connect: Callable[[refcloud.Cloud, str], Any]) -> Account:
    """The account of the member, with a container."""
    member = connect(odd, "")
    member.object_store.create_container(name="front")
    entry = odd.entries["odd"]
    return Account(member.object_store.get_endpoint(), member.session.get_token(), entry["cacert"])


def test_a_large_upload_comes_back_whole(account: Account) -> None:
    """If this fails, images and large objects cannot be tested behind the proxy."""
    body = bytes(range(256)) * (BIG // 256)
    with account.connect() as connection:
        connection.request("PUT", account.path("big"), body, account.token)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (201, b"")
        connection.request("GET", account.path("big"), headers=account.token)
        assert connection.getresponse().read() == body


def test_a_chunked_upload_needs_no_length(account: Account) -> None:
    """If this fails, uploads of unknown length are cut or refused."""
    with account.connect() as connection:
        parts = (b"part" * 1000 for _ in range(50))
        connection.request("PUT", account.path("chunked"), parts, account.token, encode_chunked=True)
        connection.getresponse().read()
        connection.request("HEAD", account.path("chunked"), headers=account.token)
        answer = connection.getresponse()
        assert (answer.headers["Content-Length"], answer.read()) == ("200000", b"")


def test_one_connection_serves_many_requests(account: Account) -> None:
    """If this fails, every request behind the proxy pays for a TLS handshake."""
    with account.connect() as connection:
        connection.connect()
        sock = connection.sock
        for number in range(5):
            connection.request("PUT", account.path("many"), str(number), account.token)
            assert connection.getresponse().read() == b""
            connection.request("HEAD", account.path("missing"), headers=account.token)
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (404, b"")
        assert connection.sock is sock


@pytest.mark.parametrize("attempt", range(3))
def test_an_answer_before_the_end_of_an_upload_arrives(account: Account, attempt: int) -> None:
    """If this fails, who uploads with a bad token is told of a broken connection instead of 401."""
    del attempt
    with account.connect() as connection:
        connection.request("PUT", account.path("refused"), bytes(BIG), {"X-Auth-Token": "bad"})
        answer = connection.getresponse()
        assert answer.status == 401
        assert answer.headers["Connection"] == "close"


@contextlib.contextmanager
def raw(account: Account) -> Iterator[ssl.SSLSocket]:
    """Speak for ourselves."""
    assert account.url.hostname
    with (
        socket.create_connection((account.url.hostname, account.url.port or 443), timeout=10) as plain,
        account.context.wrap_socket(plain, server_hostname=account.url.hostname) as sock,
    ):
        yield sock


def test_a_client_that_waits_for_leave_gets_it(account: Account) -> None:
    """If this fails, clients that send ``Expect: 100-continue`` wait for ever, or a second in each request."""
    head = f"PUT {account.path('expected')} HTTP/1.1\r\nHost: {account.url.netloc}\r\nContent-Length: 4\r\n"
    with raw(account) as sock:
        sock.sendall(f"{head}X-Auth-Token: {account.token['X-Auth-Token']}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"body")
        assert sock.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_an_upload_that_is_broken_off_is_given_up(account: Account, odd: refcloud.Cloud) -> None:
    """If this fails, each client that goes away in mid-upload leaves a request hanging in the service."""
    head = f"PUT {account.path('broken')} HTTP/1.1\r\nHost: {account.url.netloc}\r\nContent-Length: 100\r\n"
    with raw(account) as sock:
        sock.sendall(f"{head}X-Auth-Token: {account.token['X-Auth-Token']}\r\n\r\nnot a hundred".encode())
    log = odd.data / "log" / "object-store.out"
    assert wait_for(lambda: re.search(r"PUT \S+/front/broken HTTP/1.0 499 ", log.read_text()), 10)


def test_what_is_no_http_is_refused(account: Account) -> None:
    """If this fails, a broken client is left hanging."""
    with raw(account) as sock:
        sock.sendall(b"what is this\r\n\r\n")
        assert sock.recv(1000).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("path", ["/", "/v3", "/cloud/identities", "/cloud"])
def test_nothing_answers_outside_the_prefixes(account: Account, path: str) -> None:
    """If this fails, a client that drops the prefix works on the odd cloud, and its fault is not found."""
    with account.connect() as connection:
        for method in ("GET", "HEAD"):
            connection.request(method, path)
            answer = connection.getresponse()
            assert answer.status == 404
            answer.read()


def test_a_redirect_keeps_the_prefix(account: Account) -> None:
    """If this fails, a static web site behind the proxy redirects to where nothing is."""
    with account.connect() as connection:
        site = f"{account.url.path}/site"
        public = {"X-Container-Read": ".r:*", "X-Container-Meta-Web-Index": "index.html"}
        for path, headers in ((site, public), (f"{site}/folder/index.html", {})):
            connection.request("PUT", path, "", account.token | headers)
            connection.getresponse().read()
        connection.request("GET", f"{site}/folder")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Location"]) == (
            301,
            f"https://{account.url.netloc}{site}/folder/",
        )


def test_no_other_authority_vouches_for_it(account: Account) -> None:
    """If this fails, clients that ignore ``cacert`` work on the odd cloud, and their fault is not found."""
    assert account.url.hostname
    with pytest.raises(ssl.SSLCertVerificationError), raw_trusting_the_system(account):
        pass


@contextlib.contextmanager
def raw_trusting_the_system(account: Account) -> Iterator[ssl.SSLSocket]:
    """Connect without the cloud's own authority."""
    assert account.url.hostname
    with (
        socket.create_connection((account.url.hostname, account.url.port or 443), timeout=10) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=account.url.hostname) as sock,
    ):
        yield sock
