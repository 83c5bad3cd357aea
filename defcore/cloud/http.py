"""HTTP to a cloud with nothing hidden: each attempt is recorded, bounded in time, and never retried in silence."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from defcore.cloud import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from defcore.cloud.credential import Credential

MAX_BODY = 64 * 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
IDEMPOTENT = SAFE | {"PUT", "DELETE"}
"""RFC 9110, 9.2.2. What an operation does may differ from what its method promises: see ``Http.send``."""
BUSY = frozenset({429, 500, 502, 503, 504})
PASSING = frozenset({502, 503, 504})
"""RFC 9110, 15.6: what a server or a gateway says of the moment, not of the request."""


class TroubleError(Exception):
    """We, the network or the service broke: the outcome is ``error``, never ``failed``."""

    def __init__(self, message: str, request: str | None = None, exchange: Exchange | None = None) -> None:
        """Say what broke, and which request (``METHOD URL``) or exchange showed it."""
        super().__init__(message)
        self.exchange = exchange
        self.request = exchange.request if exchange else request


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient we are. Seconds everywhere; ``retries`` counts the attempts after the first."""

    connect: float = 10
    read: float = 20
    total: float = 60
    retries: int = 2
    backoff: float = 0.5
    longest_wait: float = 30


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back. ``error`` is set instead of a status when nothing did.

    ``unsure``: an earlier attempt at the same change got no clear answer and may have been carried out all the same, so
    that this answer may be one to the second of two changes.
    """

    request_id: str
    operation: str
    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    started: float
    seconds: float
    attempt: int
    status: int = 0
    headers: CaseInsensitiveDict[str] = field(default_factory=CaseInsensitiveDict)
    body: bytes = b""
    error: str | None = None
    altered: bool = False
    unsure: bool = False

    @property
    def request(self) -> str:
        """``METHOD URL``."""
        return f"{self.method} {self.url}"

    def secrets(self) -> set[str]:
        """Return what the exchange itself calls secret, on both sides."""
        sent = redact.secrets_in(self.request_headers, self.request_body, self.request_headers.get("Content-Type", ""))
        return sent | redact.secrets_in(self.headers, self.body, self.headers.get("Content-Type", ""))


class Alter(Protocol):
    """Changes a response on its way to the test, to show that the test notices."""

    def __call__(self, exchange: Exchange) -> Exchange:
        """Return the exchange, altered or as it is."""


class Http:
    """Sends requests as one credential, for one test at a time.

    ``sink`` sees every attempt; ``alter`` may change what the test sees; ``deadline`` (monotonic seconds) bounds
    the test.
    """

    def __init__(
        self,
        credential: Credential,
        sink: Callable[[Exchange], None],
        *,
        policy: Policy | None = None,
        alter: Alter | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open a connection pool for ``credential``."""
        self.policy = policy or Policy()
        self.deadline: float | None = None
        self.alter = alter
        self._sink = sink
        self._sleep = sleep
        self._session = requests.Session()
        self._session.verify = credential.verify
        self._session.cert = credential.cert
        # Without an auth of its own, requests would look into the user's .netrc.
        self._session.auth = lambda prepared: prepared

    def send(
        self,
        method: str,
        url: str,
        *,
        operation: str,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes = b"",
        probe: Callable[[], str | None] | None = None,
        idempotent: bool | None = None,
    ) -> Exchange:
        """Send a request and return the last attempt. Idempotent ones are retried while the cloud is busy.

        ``idempotent`` says of the operation whether it may be carried out twice, where its method does not tell: some
        POSTs may, and some DELETEs may not. A 429 was not carried out: it is retried in any case.
        A 5xx that stays is an answer when ``probe`` (a harmless request to the same service) still works; else, like
        connection errors, 429, and 502 to 504 on what may not be retried, it is a TroubleError. ``probe`` returns None,
        or what is wrong.
        """
        full = f"{url}?{urlencode(params)}" if params else url
        sent = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        again = method in IDEMPOTENT if idempotent is None else idempotent
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise TroubleError("the test's time is up", f"{method} {full}")
        unsure = False
        for attempt in range(1, self.policy.retries + 2):
            exchange = replace(self._attempt(method, full, sent, body, operation, attempt), unsure=unsure)
            if exchange.error is None and exchange.status not in BUSY:
                break
            refused = exchange.status == requests.codes.too_many_requests
            if attempt > self.policy.retries or not (again or refused):
                break
            unsure = unsure or (method not in SAFE and not refused)
            self._sleep(min(wait(self.policy, exchange.headers.get("Retry-After"), attempt), self._left()))
            self._bounded(exchange)
        self._judge(exchange, probe, again=again)
        return self.alter(exchange) if self.alter else exchange

    def glance(self, url: str, token: str | None = None) -> int | None:
        """Return the status of a plain GET, or None: is the service there at all? Recorded like any request."""
        headers = {"X-Auth-Token": token} if token else {}
        return self._attempt("GET", url, headers, b"", "probe", 1).status or None

    def _judge(self, exchange: Exchange, probe: Callable[[], str | None] | None, *, again: bool) -> None:
        if exchange.error is not None:
            raise TroubleError(exchange.error, exchange=exchange)
        if exchange.status == requests.codes.too_many_requests:
            raise TroubleError("the cloud keeps answering 429: too many requests", exchange=exchange)
        if exchange.status in PASSING and not again:
            message = f"the cloud answers {exchange.status} to a request that may not be sent twice"
            raise TroubleError(message, exchange=exchange)
        if exchange.status >= requests.codes.server_error and probe is not None and (trouble := probe()):
            message = f"the service is down: it answers {exchange.status}, and {trouble}"
            raise TroubleError(message, exchange=exchange)

    def _attempt(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, operation: str, attempt: int
    ) -> Exchange:
        request_id = f"req-{uuid.uuid4()}"
        sent = {**headers, "X-OpenStack-Request-ID": request_id}
        exchange = Exchange(request_id, operation, method, url, sent, body, time.time(), 0, attempt)
        began = time.monotonic()
        try:
            exchange = self._receive(exchange, began)
        except (OSError, Urllib3Error, UnicodeError) as error:
            exchange = replace(exchange, error=_words(error))
        exchange = replace(exchange, seconds=time.monotonic() - began)
        self._sink(exchange)
        return exchange

    def _receive(self, exchange: Exchange, began: float) -> Exchange:
        left = min(self.policy.total, self._left())
        response = self._session.request(
            exchange.method,
            exchange.url,
            headers=dict(exchange.request_headers),
            data=exchange.request_body or None,
            timeout=(min(self.policy.connect, left), min(self.policy.read, left)),
            allow_redirects=False,
            stream=True,
            # Said again: the environment's CA bundle would otherwise win over the one of clouds.yaml.
            verify=self._session.verify,
        )
        with response:
            received = bytearray()
            # One recv a turn: iter_content would wait for the whole chunk, however slowly its bytes come.
            while chunk := response.raw.read1(64 * 1024, decode_content=True):
                received += chunk
                if time.monotonic() - began > left:
                    message = f"no complete answer within {left:.0f} s"
                    raise TimeoutError(message)
                if len(received) > MAX_BODY:
                    message = f"the answer is larger than {MAX_BODY} bytes"
                    raise TimeoutError(message)
            return replace(exchange, status=response.status_code, headers=response.headers, body=bytes(received))

    def _left(self) -> float:
        if self.deadline is None:
            return self.policy.total
        return max(self.deadline - time.monotonic(), 0.01)

    def _bounded(self, exchange: Exchange) -> None:
        if self.deadline is not None and time.monotonic() >= self.deadline:
            last = exchange.error or f"status {exchange.status}"
            message = f"the test's time is up; the last attempt ended with: {last}"
            raise TroubleError(message, exchange=exchange)


def wait(policy: Policy, asked: str | None, attempt: int) -> float:
    """Return the seconds to wait after an attempt: what ``Retry-After`` asked for, else ever longer, with jitter."""
    if asked and asked.isascii() and asked.isdigit():
        return min(float(asked), policy.longest_wait)
    # Jitter needs no secrecy, it only keeps clients apart.
    return float(policy.backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311


_WORDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (requests.exceptions.SSLError, "no valid TLS certificate"),
    (requests.exceptions.ProxyError, "the HTTP proxy does not work"),
    ((requests.Timeout, ReadTimeoutError), "no answer in time"),
    ((requests.ConnectionError, ProtocolError), "the connection failed or was closed"),
)


def _words(error: Exception) -> str:
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    if isinstance(error, requests.RequestException | Urllib3Error):
        return f"the request failed: {type(error).__name__}"
    # Our own limits, or of this machine: a CA bundle that is not where it should be.
    return " ".join(str(error).split())
