"""Faults of one answer by itself: its status, its headers, and what a refusal says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from defcore.kit.change import flipped
from defcore.sabotage.reading import VERSIONS, document, good, is_json, listing, pick, refused, with_body, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from defcore.cloud.http import Exchange

DOCUMENTED = frozenset(
    [
        # Of all services, of compute and block storage, of images, and of the object store.
        *("content-type", "location"),
        *("openstack-api-version", "x-openstack-nova-api-version"),
        *("content-md5", "openstack-image-import-methods"),
        *("x-trans-id", "accept-ranges", "content-disposition", "content-encoding", "etag", "last-modified"),
        *("x-delete-at", "x-object-manifest", "x-static-large-object", "x-timestamp", "x-storage-policy"),
        *("x-account-bytes-used", "x-account-container-count", "x-account-object-count"),
        *("x-container-bytes-used", "x-container-object-count", "x-container-read", "x-container-write"),
        *("x-versions-location", "x-history-location"),
    ]
)
"""Headers of answers that the API references and the microversion guidelines name; no other one is promised.

``X-Subject-Token``, request ids and dates are left out: nobody can go on with a test, or tell what is wrong, without
them.
"""
_OTHER_STATUS = {200: 202, 201: 200, 202: 200, 203: 200, 204: 202, 206: 200, 300: 200}
_OTHER_ERROR = {400: 404, 401: 403, 403: 404, 404: 400, 409: 400, 413: 400}
_OPAQUE = frozenset(["x-trans-id", "last-modified", "x-timestamp", "x-storage-policy", "location"])
_LINKS = frozenset({"href", "next", "previous", "first", "self", "file", "schema"})


def wrong_status(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Answer a success with another code of success."""
    del before, on
    return replace(now, status=_OTHER_STATUS.get(now.status, now.status))


def error_as_success(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Answer a refusal with 200, and the body of the refusal."""
    del before, on
    return replace(now, status=200) if refused(now) else now


def error_without_body(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Refuse without a word, where the API says why in JSON."""
    del before, on
    return with_body(now, b"") if refused(now) and document(now) is not None else now


def wrong_error(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Refuse with another code of the same class."""
    del before, on
    return replace(now, status=_OTHER_ERROR.get(now.status, 400)) if refused(now) else now


def server_error(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Break down over a request that is to be refused."""
    del before, on
    return replace(now, status=500) if refused(now) else now


def missing_header(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Leave out one documented header."""
    del before
    name = pick(_promised(now), on, "missing-header")
    headers = now.headers.copy()
    if name:
        del headers[name]
    return replace(now, headers=headers)


def wrong_header(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Give one documented header another value."""
    del before
    name = pick((item for item in _promised(now) if item not in _OPAQUE), on, "wrong-header")
    headers = now.headers.copy()
    if name:
        headers[name] = _other(headers[name])
    return replace(now, headers=headers)


def _promised(now: Exchange) -> set[str]:
    names = {name.lower() for name in now.headers if good(now)} & DOCUMENTED
    # Of which type nothing is, nobody says.
    return names if now.body or now.method == "HEAD" else names - {"content-type"}


def _other(value: str) -> str:
    if re.fullmatch(r"[0-9]+", value):
        return str(int(value) + 1)
    return "application/octet-stream" if "/" in value else value[:-1] + ("0" if value[-1:] != "0" else "1")


def microversion_ignored(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Answer as the oldest version, whichever was asked for."""
    del before, on
    headers = now.headers.copy()
    asked = {name.lower() for name in now.request_headers}
    for name in VERSIONS:
        if name.lower() in asked and name in headers:
            headers[name] = re.sub(r"\d+\.\d+$", lambda found: found[0].partition(".")[0] + ".1", headers[name])
    return replace(now, headers=headers)


def dead_link(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Let every link lead nowhere: those of the document, and ``Location``."""
    del before, on
    headers = now.headers.copy()
    if "Location" in headers:
        headers["Location"] = _nowhere(headers["Location"])
    found = replace(now, headers=headers)
    value = document(now)
    return written(found, _dead(value)) if good(now) and value is not None and _dead(value) != value else found


def _dead(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {
            key: _nowhere(item) if key in _LINKS and isinstance(item, str) and "/" in item else _dead(item)
            for key, item in value.items()
        }
    return [_dead(item) for item in value] if isinstance(value, list) else value


def _nowhere(link: str) -> str:
    parts = urlsplit(link)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "-nowhere"))


def damaged_content(now: Exchange, before: Sequence[Exchange], on: str) -> Exchange:
    """Change the last byte of what was stored."""
    del before, on
    stored = good(now) and now.method == "GET" and now.body and not is_json(now) and listing(now) is None
    return with_body(now, flipped(now.body)) if stored else now
