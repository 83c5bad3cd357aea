"""What may be written down of an exchange: an allow-list, and behind it a search for known secrets.

Everything that defcore writes about a request goes through here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HIDDEN = "[hidden]"
CUT = "…"
"""Stands where a text was cut off."""
_HEADERS = frozenset(
    [
        "accept",
        "accept-ranges",
        "allow",
        "connection",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "date",
        "destination",
        "etag",
        "expires",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "last-modified",
        "location",
        "range",
        "retry-after",
        "server",
        "transfer-encoding",
        "vary",
        "x-copied-from",
        "x-copied-from-last-modified",
        "x-copy-from",
        "x-delete-after",
        "x-delete-at",
        "x-fresh-metadata",
        "x-history-location",
        "x-newest",
        "x-object-manifest",
        "x-openstack-request-id",
        "x-static-large-object",
        "x-storage-policy",
        "x-timestamp",
        "x-trans-id",
        "x-versions-location",
    ],
)
_PREFIXES = ("x-account-", "x-container-", "x-object-", "x-remove-")
_SENSITIVE = re.compile(r"key|token|secret|passw|signature|credential|cookie|authorization", re.IGNORECASE)
_SECRET_KEY = re.compile(r"passw|pass$|secret|token|private_?key|signature", re.IGNORECASE)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_URLS = frozenset({"location", "x-history-location"})
_EXACT = 2**53
_LONGEST = 10**100
_QUERY = frozenset(
    [
        "delimiter",
        "end_marker",
        "filename",
        "format",
        "inline",
        "limit",
        "marker",
        "multipart-manifest",
        "path",
        "prefix",
        "reverse",
        "temp_url_expires",
    ]
)
_JSON = frozenset(
    [
        "bytes",
        "content_type",
        "count",
        "error",
        "errors",
        "etag",
        "expires_at",
        "hash",
        "interface",
        "issued_at",
        "last_modified",
        "message",
        "methods",
        "name",
        "region",
        "region_id",
        "size_bytes",
        "status",
        "subdir",
        "title",
        "type",
        "url",
    ],
)
_PERSONAL = frozenset({"auth", "identity", "user", "project", "domain", "roles", "credential"})


def headers(items: Mapping[str, str]) -> dict[str, str]:
    """Keep the headers of the allow-list, without the secrets of a URL; of the others only the name."""
    return {name: _header(name, value) for name, value in items.items()}


def _header(name: str, value: str) -> str:
    if not _header_is_safe(name):
        return HIDDEN
    return url(value) if name.lower() in _URLS else value


def _header_is_safe(name: str) -> bool:
    low = name.lower()
    return not _SENSITIVE.search(low) and (low in _HEADERS or low.startswith(_PREFIXES))


def url(value: str) -> str:
    """Drop user info and the value of every query parameter that is not on the allow-list.

    Of a text that is no URL at all nothing is kept.
    """
    try:
        parts = urlsplit(value.encode("utf-8", "replace").decode())
    except ValueError:
        return HIDDEN
    host = parts.netloc.rpartition("@")[2]
    query = [(key, item if key in _QUERY else HIDDEN) for key, item in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(query, safe="[]/"), ""))


def body(content: bytes, content_type: str) -> Any:  # noqa: ANN401 - a JSON value
    """Describe a body: JSON keeps its shape and the values of allow-listed keys, all else only length and sha256."""
    if not content:
        return None
    if "json" in content_type:
        try:
            return _json(json.loads(content), shown=False)
        except (ValueError, RecursionError):
            # As much as any other text that is no JSON to us.
            pass
    return {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _json(value: Any, *, shown: bool) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {
            _plain(key): HIDDEN if key in _PERSONAL else _json(item, shown=key in _JSON and not _SENSITIVE.search(key))
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_json(item, shown=shown) for item in value]
    return _plain(value) if shown or value is None or isinstance(value, bool) else HIDDEN


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write as text what canonical JSON has no form for: RFC 8785 takes no large integers, NaN or lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    exact = value is None or isinstance(value, bool)
    if exact or (isinstance(value, int) and abs(value) < _EXACT) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value) if not isinstance(value, int) or abs(value) < _LONGEST else HIDDEN


def secrets_in(items: Mapping[str, str], content: bytes, content_type: str) -> set[str]:
    """Find the values that headers and a JSON body themselves call secret: tokens, keys, passwords.

    Whoever writes about an exchange tells them to its ``Scrubber`` first, so that no message quotes them.
    """
    found = {value for name, value in items.items() if _SENSITIVE.search(name)}
    if "json" in content_type:
        with suppress(ValueError, RecursionError):
            found |= set(_called_secret(json.loads(content)))
    return found


def _called_secret(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and _SECRET_KEY.search(key):
                yield item
            else:
                yield from _called_secret(item)
    elif isinstance(value, list):
        for item in value:
            yield from _called_secret(item)


class Scrubber:
    """Replaces known secrets in free text: plain, base64, URL-encoded. A private key is known by its first line."""

    SHORTEST = 6

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets known so far; secrets shorter than six characters would blot out ordinary words."""
        self._forms: tuple[str, ...] = ()
        for item in secrets:
            self.add(item)

    def add(self, secret: str) -> None:
        """Remember one more secret."""
        if len(secret) < self.SHORTEST or secret in self._forms:
            return
        raw = secret.encode("utf-8", "surrogatepass")
        encoded = base64.b64encode(raw).decode()
        forms = {secret, quote(raw, safe=""), quote_plus(raw), encoded, encoded.rstrip("=")}
        forms |= {base64.urlsafe_b64encode(raw).decode().rstrip("="), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
        # The longest first, so that no form leaves a part of another behind.
        self._forms = tuple(sorted({*self._forms, *forms}, key=len, reverse=True))

    def text(self, value: str) -> str:
        """Return ``value`` without any known secret."""
        for form in self._forms:
            value = value.replace(form, HIDDEN)
            if CUT in value:
                value = self._without_beginning(form, value)
        return _PRIVATE_KEY.sub(HIDDEN, value)

    def _without_beginning(self, form: str, value: str) -> str:
        """Hide what is left of a secret where a text was cut off in the middle of it."""
        for length in range(len(form) - 1, self.SHORTEST - 1, -1):
            value = value.replace(form[:length] + CUT, HIDDEN + CUT)
        return value

    def tree(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Do the same for every text in a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.tree(item) for key, item in value.items()}
        return [self.tree(item) for item in value] if isinstance(value, list | tuple) else value
