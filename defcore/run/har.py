"""The evidence of a run as a HAR 1.2 file, which browsers and other tools open.

http://www.softwareishard.com/blog/har-12-spec/. Redacted as the evidence is; what HAR has no field for stands in
fields that begin with an underscore, as it wants.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from defcore import __version__
from defcore.run.evidence import Kept, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defcore.run.record import RunRecord

VERSION = "HTTP/1.1"
"""All that our requests speak."""


def har(run: Path, record: RunRecord) -> dict[str, Any]:
    """Return the HAR of a run directory: a page for each attempt at a test, an entry for each exchange, by time."""
    names = {result.id: result.name for result in record.results}
    entries: list[tuple[int, dict[str, Any]]] = []
    pages: dict[str, tuple[int, str]] = {}
    for test, kept in read(run):
        page = f"{test}-{kept.test_attempt}"
        entries.append((kept.started_ms, _entry(kept, page)))
        first = pages.get(page, (kept.started_ms, ""))[0]
        pages[page] = (min(first, kept.started_ms), f"{names.get(test, test)} (attempt {kept.test_attempt})")
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "defcore", "version": __version__},
            "pages": [
                {"startedDateTime": _moment(started), "id": page, "title": title, "pageTimings": {}}
                for page, (started, title) in sorted(pages.items(), key=lambda item: (item[1][0], item[0]))
            ],
            "entries": [entry for _, entry in sorted(entries, key=lambda item: item[0])],
            "comment": f"run {record.id} on cloud {record.cloud.name}; secrets and bodies are left out",
        }
    }


def _entry(kept: Kept, page: str) -> dict[str, Any]:
    """Of the timing only the whole is known: it stands as the wait."""
    entry: dict[str, Any] = {
        "pageref": page,
        "startedDateTime": _moment(kept.started_ms),
        "time": kept.took_ms,
        "request": _request(kept),
        "response": _response(kept),
        "cache": {},
        "timings": {"send": 0, "wait": kept.took_ms, "receive": 0},
        "_operation": kept.operation,
        "_attempt": kept.attempt,
        "_request_id": kept.request_id,
    }
    if kept.error is not None:
        entry["_error"] = entry["response"]["_error"] = kept.error
    return entry


def _request(kept: Kept) -> dict[str, Any]:
    query = parse_qsl(urlsplit(kept.url).query, keep_blank_values=True)
    request: dict[str, Any] = {
        "method": kept.method,
        "url": kept.url,
        "httpVersion": VERSION,
        "cookies": [],
        "headers": _headers(kept.request_headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": _size(kept.request_body, kept.request_headers),
    }
    if kept.request_body is not None:
        text, comment = _text(kept.request_body)
        kind = _kind(kept.request_headers) or "application/octet-stream"
        request["postData"] = {"mimeType": kind, "text": text, "comment": comment}
    return request


def _response(kept: Kept) -> dict[str, Any]:
    text, comment = _text(kept.body)
    size = _size(kept.body, kept.headers)
    return {
        "status": kept.status,
        "statusText": _phrase(kept.status),
        "httpVersion": VERSION if kept.error is None else "",
        "cookies": [],
        "headers": _headers(kept.headers),
        "content": {
            "size": max(size, 0),
            "mimeType": _kind(kept.headers) or "x-unknown",
            "text": text,
            "comment": comment,
        },
        "redirectURL": next((value for name, value in kept.headers.items() if name.lower() == "location"), ""),
        "headersSize": -1,
        "bodySize": size,
    }


def _text(body: Any) -> tuple[str, str]:  # noqa: ANN401 - a JSON value
    """Return what is known of a body as text, and what is to be said of it."""
    if body is None:
        return "", ""
    if _is_described(body):
        return "", f"{body['length']} bytes, sha256 {body['sha256']}"
    return json.dumps(body, ensure_ascii=False), "secrets are hidden"


def _is_described(body: Any) -> bool:  # noqa: ANN401 - a JSON value
    return isinstance(body, dict) and body.keys() == {"length", "sha256"}


def _size(body: Any, headers: Mapping[str, str]) -> int:  # noqa: ANN401 - a JSON value
    """Return the length of a body in bytes; -1 where it is not known."""
    if body is None:
        return 0
    if _is_described(body) and isinstance(body["length"], int):
        return body["length"]
    told = next((value for name, value in headers.items() if name.lower() == "content-length"), "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else -1  # noqa: PLR2004 - digits


def _kind(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _headers(items: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items.items()]


def _phrase(status: int) -> str:
    return responses.get(status, "")


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
