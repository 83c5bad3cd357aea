"""The requests of a run of Tempest, from its own log: a line each, without secrets, and how many there were."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from defcore.cloud.redact import url as clean_url
from defcore.run.lines import append, read_lines
from defcore.run.record import TestId, Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from defcore.cloud.redact import Scrubber
    from defcore.tempest.events import Sent

REQUESTS = "requests.jsonl"
ACCEPTED = 202
CHANGING = frozenset({"POST", "PUT"})
SUCCESSES = range(200, 300)


class Request(Wire):
    """One request: ``test`` is None for one of a class's own fixtures. ``seconds`` until its answer was there."""

    test: TestId | None = None
    method: str
    url: str
    status: int
    seconds: float
    request_id: str | None = None
    caller: str | None = None

    @property
    def boots(self) -> bool:
        """Whether it had a server built (or, with a count in its body, several)."""
        return self.method == "POST" and self.status == ACCEPTED and self.url.partition("?")[0].endswith("/servers")

    @property
    def creates(self) -> bool:
        """Whether something was created or changed; a log-in is neither."""
        return self.method in CHANGING and self.status in SUCCESSES and not self.url.endswith("/auth/tokens")


class Counts(Wire):
    """How many requests Tempest sent: within tests, in the fixtures of classes; and how many of them built servers."""

    in_tests: int
    in_fixtures: int
    servers: int
    created: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.in_tests + self.in_fixtures


class Requests:
    """Writes ``requests.jsonl`` of a run directory."""

    def __init__(self, run: Path, scrubber: Scrubber) -> None:
        """Write below ``run``; ``scrubber`` knows the secrets."""
        self._scrubber = scrubber
        self._file = os.open(run / REQUESTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, test: str | None, sent: Iterable[Sent]) -> None:
        """Append the requests of a test, or with None those of a fixture."""
        for item in sent:
            found = Request(
                test=test,
                method=item.method,
                url=self._scrubber.text(clean_url(item.url)),
                status=item.status,
                seconds=item.seconds,
                request_id=item.request_id or None,
                caller=item.caller,
            )
            append(self._file, found.model_dump(exclude_none=True))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read(run: Path) -> list[Request]:
    """Return the requests of a run; of one that is not Tempest's there are none."""
    return [Request.model_validate_json(line) for line in read_lines(run / REQUESTS).lines]


def count(run: Path) -> Counts:
    """Count the requests of a run of Tempest."""
    found = read(run)
    places: Mapping[bool, int] = Counter(item.test is not None for item in found)
    return Counts(
        in_tests=places[True],
        in_fixtures=places[False],
        servers=sum(item.boots for item in found),
        created=sum(item.creates for item in found),
    )
