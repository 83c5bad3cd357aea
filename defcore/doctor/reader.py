"""Reading requests for the doctor: quick, never repeated, side by side, and nothing that could change a cloud."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from defcore.cloud.http import Exchange, Http, Policy, TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from defcore.cloud.credential import Credential

T = TypeVar("T")
PATIENCE = Policy(connect=3, read=5, total=6, retries=0)
"""A healthy service answers within a fraction of it; a dead one must not eat the doctor's time."""


class Reader:
    """Sends GET and HEAD as one credential, for one thread."""

    def __init__(self, credential: Credential, token: str | None = None, policy: Policy = PATIENCE) -> None:
        """Take the credential, whose TLS settings hold; ``token`` goes with each request where there is one."""
        self._exchanges: list[Exchange] = []
        self._http = Http(credential, self._exchanges.append, policy=policy)
        self._headers = {"X-Auth-Token": token} if token else {}

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Exchange:
        """GET. Without an answer the exchange says so in ``error``."""
        return self._send("GET", url, params)

    def head(self, url: str) -> Exchange:
        """HEAD, in the same way."""
        return self._send("HEAD", url, None)

    def date(self) -> tuple[str | None, float]:
        """Return the Date header of the last answer, and our time (UNIX seconds) when it came."""
        last = self._exchanges[-1]
        return last.headers.get("Date"), last.started + last.seconds

    def _send(self, method: str, url: str, params: Mapping[str, str] | None) -> Exchange:
        try:
            return self._http.send(method, url, operation="doctor", headers=self._headers, params=params)
        except TroubleError:
            return self._exchanges[-1]


def content(exchange: Exchange) -> Any:  # noqa: ANN401 - a JSON value
    """Return the body as JSON, None where it is none."""
    try:
        return json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None


def dig(value: Any, *path: str | int) -> Any:  # noqa: ANN401 - a JSON value
    """Follow keys and indices into a JSON value; None where they lead nowhere."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def number(value: Any) -> int | None:  # noqa: ANN401 - a JSON value or a header
    """Read a whole number from JSON or a header, None where there is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 30:  # noqa: PLR2004 - no count is
        return int(value)
    return None


def together(tasks: Sequence[Callable[[], T]], until: float) -> list[T | None]:
    """Carry out the tasks side by side; None in the place of one that is not done at ``until`` (monotonic seconds).

    Raises what a task raised.
    """
    results: list[T | None] = [None] * len(tasks)
    errors: list[BaseException] = []

    def work(index: int) -> None:
        try:
            results[index] = tasks[index]()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    # Daemons, and no executor: that would wait at the end of the program for a request that hangs.
    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
    if errors:
        raise errors[0]
    return list(results)
