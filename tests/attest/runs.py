"""Run directories with evidence, as a run leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rfc8785

if TYPE_CHECKING:
    from pathlib import Path

T1, T2, T3, T4 = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "1234")


def exchange(test: str, number: int) -> dict[str, object]:
    """Return an exchange; all are different."""
    return {
        "method": "GET",
        "status": 200,
        "took_ms": 1.5,
        "url": f"https://swift/{test}/{number}",
        "body": "caf\u00e9",
    }


def write_evidence(run: Path, counts: dict[str, int]) -> Path:
    """Write so many exchanges of each test into a run directory; return it."""
    folder = run / "evidence"
    folder.mkdir(parents=True)
    for test, count in counts.items():
        lines = [rfc8785.dumps(exchange(test, number)) + b"\n" for number in range(1, count + 1)]  # type: ignore[arg-type]
        (folder / f"{test}.jsonl").write_bytes(b"".join(lines))
    return run
