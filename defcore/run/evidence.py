"""Per test, each HTTP exchange as a line of canonical JSON, redacted before it is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

import rfc8785
from pydantic import Field, ValidationError

from defcore.cloud import redact
from defcore.errors import InputError
from defcore.run.lines import read_lines
from defcore.run.record import Wire
from defcore.strictjson import first_wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.cloud.redact import Scrubber

EVIDENCE = "evidence"
Stage = Literal["setup", "test", "cleanup"]


class Kept(Wire):
    """One exchange as it was kept. A body is JSON with its secrets hidden, or ``length`` and ``sha256``, or None.

    ``stage`` tells what a test judges from what prepares it or tidies up; older evidence does not say.
    """

    test_attempt: int = Field(ge=1)
    request_id: str
    operation: str
    attempt: int = Field(ge=1)
    started_ms: int
    took_ms: int
    method: str
    url: str
    request_headers: dict[str, str]
    request_body: Any
    status: int
    headers: dict[str, str]
    body: Any
    error: str | None
    stage: Stage | None = None


def read(run: Path) -> Iterator[tuple[str, Kept]]:
    """Give every exchange of a run with the id of its test, test by test. Raises InputError with file and line."""
    for path in sorted((run / EVIDENCE).glob("*.jsonl")):
        for number, line in enumerate(read_lines(path).lines, start=1):
            try:
                yield path.stem, Kept.model_validate_json(line)
            except ValidationError as error:
                what = f"is no evidence: {first_wrong(error)}"
                raise InputError("bad-evidence", what, where=f"{path}:{number}") from error


def record(exchange: Exchange, scrubber: Scrubber, number: int, stage: Stage = "test") -> dict[str, object]:
    """Return what may be kept of an exchange. Times are milliseconds, ``attempt`` counts the retries."""
    kept = {
        "test_attempt": number,
        "request_id": exchange.request_id,
        "operation": exchange.operation,
        "attempt": exchange.attempt,
        "started_ms": round(exchange.started * 1000),
        "took_ms": round(exchange.seconds * 1000),
        "method": exchange.method,
        "url": redact.url(exchange.url),
        "request_headers": redact.headers(exchange.request_headers),
        "request_body": redact.body(exchange.request_body, exchange.request_headers.get("Content-Type", "")),
        "status": exchange.status,
        "headers": redact.headers(exchange.headers),
        "body": redact.body(exchange.body, exchange.headers.get("Content-Type", "")),
        "error": exchange.error,
        "stage": stage,
    }
    cleaned: dict[str, object] = scrubber.tree(kept)
    return cleaned


class Evidence:
    """Writes ``evidence/TEST.jsonl`` of a run directory."""

    def __init__(self, run: Path, scrubber: Scrubber) -> None:
        """Write below ``run``; ``scrubber`` knows the secrets."""
        self._folder = run / EVIDENCE
        self._folder.mkdir(exist_ok=True)
        self._scrubber = scrubber

    def add(self, test_id: str, exchange: Exchange, number: int, stage: Stage = "test") -> None:
        """Append one exchange of attempt ``number`` of a test."""
        line = rfc8785.dumps(record(exchange, self._scrubber, number, stage)) + b"\n"  # type: ignore[arg-type]
        file = os.open(self._folder / f"{test_id}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)
