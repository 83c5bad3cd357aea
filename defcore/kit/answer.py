"""What came back from the cloud, and the ways to say what it must be."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from defcore.cloud import redact
from defcore.kit.match import mismatches, show, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from defcore.cloud.http import Exchange


class CheckFailedError(AssertionError):
    """The cloud answered, and answered wrongly: the outcome is ``failed``."""

    def __init__(self, place: str, expected: str, actual: str, exchange: Exchange | None) -> None:
        """Say at which place (status, ``header NAME``, JSON path, ``body``) what was expected and what came."""
        super().__init__(f"{place}: expected {expected}, got {actual}")
        self.place = place
        self.expected = expected
        self.actual = actual
        self.exchange = exchange


class Answer:
    """A response. Every check returns the answer itself, so that checks can be chained."""

    def __init__(self, exchange: Exchange) -> None:
        """Wrap the exchange."""
        self.exchange = exchange

    @property
    def text(self) -> str:
        """The body as text."""
        return self.exchange.body.decode("utf-8", "replace")

    @property
    def lines(self) -> list[str]:
        """The body's lines: a plain listing."""
        # Not splitlines(): a name may hold any of the other characters that end a line for it.
        return [line for line in self.text.split("\n") if line]

    @property
    def content(self) -> bytes:
        """The body as it came."""
        return self.exchange.body

    def json(self) -> Any:  # noqa: ANN401 - a JSON value
        """Return the body as JSON; a body that is none is the cloud's failure."""
        try:
            return json.loads(self.exchange.body)
        except (ValueError, RecursionError):
            raise self.wrong("body", "JSON", show(self.text)) from None

    def get(self, header: str) -> str | None:
        """Return a header's value or None, without judging."""
        return self.exchange.headers.get(header)

    def status(self, *allowed: int) -> Answer:
        """Require one of these status codes."""
        if self.exchange.status not in allowed:
            codes = " or ".join(str(code) for code in allowed)
            raise self.wrong("status", codes, self._status())
        return self

    def success(self) -> Answer:
        """Require any 2xx status."""
        if not 200 <= self.exchange.status < 300:  # noqa: PLR2004 - the class of status codes
            raise self.wrong("status", "a 2xx code", self._status())
        return self

    def _status(self) -> str:
        """Say the status; services refuse what exceeds a quota with 403, 409 or 413, and only the text tells."""
        full = self.exchange.status in (403, 409, 413) and b"quota" in self.exchange.body.lower()
        return f"{self.exchange.status} (the quota is full)" if full else str(self.exchange.status)

    def header(self, name: str, expected: Any) -> Answer:  # noqa: ANN401 - a value, type, or Match
        """Require a header whose value is as expected; ``None`` requires that it is absent."""
        value = self.get(name)
        if expected is None:
            if value is not None:
                raise self.wrong(f"header {name}", "no such header", show(value))
        elif value is None:
            raise self.wrong(f"header {name}", words(expected), "no such header")
        else:
            for item in mismatches(expected, value):
                raise self.wrong(f"header {name}", item.expected, item.actual)
        return self

    def body(self, expected: bytes) -> Answer:
        """Require exactly these bytes."""
        if self.content != expected:
            raise self.wrong("body", _bytes(expected), _bytes(self.content, expected))
        return self

    def shape(self, expected: Any) -> Answer:  # noqa: ANN401 - any shape
        """Require a JSON body of that shape (see ``match.mismatches``)."""
        for item in mismatches(expected, self.json()):
            raise self.wrong(item.path, item.expected, item.actual)
        return self

    def listing(self, expected: Iterable[str], ours: Iterable[str] | None = None) -> Answer:
        """Require the lines of the body in that order. With ``ours``, lines of somebody else are passed over."""
        mine = None if ours is None else set(ours)
        actual = [line for line in self.lines if mine is None or line in mine]
        if actual != list(expected):
            raise self.wrong("body", show(list(expected)), show(actual))
        return self

    def require(self, place: str, expected: Any, actual: Any) -> Answer:  # noqa: ANN401 - any value or shape
        """Require that a value read from this answer is as expected; ``place`` says what it is."""
        for item in mismatches(expected, actual, place):
            raise self.wrong(item.path, item.expected, item.actual)
        return self

    def check(self, *checks: Callable[[Answer], object]) -> Answer:
        """Apply checks that know more of a service than an answer does, such as ``store.usual_headers``."""
        for item in checks:
            item(self)
        return self

    def wrong(self, place: str, expected: str, actual: str) -> CheckFailedError:
        """Make the failure that says what is wrong with this answer."""
        return CheckFailedError(place, expected, actual, self.exchange)


def _bytes(content: bytes, unlike: bytes | None = None) -> str:
    """Say what bytes are: their number and, where they are short and printable, themselves; and where they differ."""
    text = f"{len(content)} bytes"
    if content.isascii() and (shown := content.decode()).isprintable() and len(shown) <= 80:  # noqa: PLR2004 - a line
        text += f" {shown!r}"
    if unlike is None:
        return text
    same = next((at for at, (a, b) in enumerate(zip(content, unlike, strict=False)) if a != b), None)
    return text if same is None else f"{text} that differ from byte {same + 1} on"


_NOT_TOLD = frozenset({"accept", "accept-encoding", "x-openstack-request-id"})
_TOKENS = {"x-auth-token": "X-Auth-Token: $TOKEN", "x-subject-token": "X-Subject-Token: $SUBJECT_TOKEN"}


def curl(exchange: Exchange) -> str:
    """Give a line that repeats the request by hand; the token and other secrets stay out.

    The shell fills in ``$TOKEN`` (and ``$SUBJECT_TOKEN``). A body that is not JSON is repeated in its length only.
    """
    sent, url = redact.headers(exchange.request_headers), redact.url(exchange.url)
    words_ = ["curl", "-I"] if exchange.method == "HEAD" else ["curl", "-i", "-X", exchange.method]
    if set("[]{}") & set(url):
        words_.append("-g")
    if "/./" in url or "/../" in url:
        words_.append("--path-as-is")
    for name, value in sent.items():
        if name.lower() not in _NOT_TOLD:
            # Without a value, curl would not send the header at all.
            words_ += ["-H", _TOKENS.get(name.lower(), f"{name}: {value}" if value else f"{name};")]
    before, body = _body_words(exchange)
    if body and "content-type" not in {name.lower() for name in sent}:
        # Else curl would say that the body is a form.
        body = ["-H", "Content-Type:", *body]
    # Double quotes around a token's header, so that the shell fills it in.
    tokens = {value: f'"{value}"' for value in _TOKENS.values()}
    return before + " ".join(tokens.get(word) or shlex.quote(word) for word in [*words_, *body, url])


def _body_words(exchange: Exchange) -> tuple[str, list[str]]:
    """Return what stands before ``curl`` to make a body, and curl's words for it."""
    content = exchange.request_body
    if not content:
        return "", ["-d", ""] if exchange.method in ("PUT", "POST") else []
    kept = redact.body(content, exchange.request_headers.get("Content-Type", ""))
    if isinstance(kept, dict) and kept.keys() == {"length", "sha256"}:
        return f"head -c {len(content)} /dev/zero | ", ["--data-binary", "@-"]
    return "", ["--data-binary", json.dumps(kept)]
