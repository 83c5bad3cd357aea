"""Submitting to a registry that is served, and asking whether it is well."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from defcore.attest import keys
from defcore.attest.canonical import printable
from defcore.errors import CloudError, InputError, RefusedError
from defcore.registry import receipt
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Iterable

CONNECT_SECONDS, ANSWER_SECONDS = 10, 300
MAX_ANSWER = 64_000_000
_OK = (200, 201, 422)


def submit(url: str, files: Iterable[tuple[str, bytes]], *, dry_run: bool, publish_full: bool) -> dict[str, Any]:
    """Submit files (name, content) to the registry at ``url``; return its answer, item by item.

    Raises InputError for files that are no text and what the registry says of the request as a whole, RefusedError for
    a receipt that is not the registry's, CloudError when it cannot be reached or answers nonsense.
    """
    base = _base(url)
    body = {
        # Where the files lie on this machine is nobody's business.
        "files": [
            {"name": "/".join(PurePath(name).parts[-2:]), "content": _text(name, content)} for name, content in files
        ],
        "dry_run": dry_run,
        "publish_full": publish_full,
    }
    status, value = _ask("POST", f"{base}/api/v1/submissions", json.dumps(body, ensure_ascii=False).encode())
    if status not in _OK or not isinstance(value.get("items"), list) or (status not in _OK[:2] and not value["items"]):
        said = printable(str(value.get("detail") or f"answered {status}"))
        raise InputError("not-submitted", said, where=url, hint="nothing was stored")
    _check_receipts(base, value["items"])
    return value


def health(url: str) -> dict[str, Any]:
    """Ask a registry whether it is well. Raises CloudError when it is not, or cannot be reached."""
    status, value = _ask("GET", f"{_base(url)}/api/v1/health", None)
    if status != _OK[0] or value.get("status") != "ok":
        raise CloudError("not-well", f"answered {status}", where=url, hint="see what its keeper's terminal says")
    return value


def _check_receipts(base: str, items: list[Any]) -> None:
    signed = [item for item in items if item.get("receipt")]
    if not signed:
        return
    _, info = _ask("GET", f"{base}/api/v1", None)
    key = keys.read_public(str(info.get("receipts")).encode(), f"{base}/api/v1")
    for item in signed:
        found = receipt.read(item["receipt"].encode(), "receipt", [key])
        if found.subject[0].digest.sha256 != item["digest"] or found.predicate.trust != info.get("trust"):
            what = "is a receipt for something else"
            raise RefusedError("wrong-receipt", what, where=base, hint="ask who keeps the registry")


def _base(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise InputError("bad-url", "is no address of a registry", where=url, hint="give https://HOST[:PORT][/PATH]")
    return url.rstrip("/")


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        hint = "name a signed report, a bundle or an act"
        raise InputError("no-text", "is not UTF-8 text", where=name, hint=hint) from error


def _ask(method: str, url: str, body: bytes | None) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    hint = "is the address right, and the registry served there?"
    try:
        with requests.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            content = answer.raw.read(MAX_ANSWER + 1, decode_content=True)
            status = answer.status_code
    except (requests.RequestException, OSError) as error:
        what = f"cannot be reached: {type(error).__name__}"
        raise CloudError("unreachable", what, where=url, hint=hint) from error
    try:
        value = loads(content[:MAX_ANSWER], url)
    except InputError as error:
        raise CloudError("no-answer", f"answered {status} with something else", where=url, hint=hint) from error
    if not isinstance(value, dict):
        raise CloudError("no-answer", f"answered {status} with something else", where=url, hint=hint)
    return status, dict(value)
