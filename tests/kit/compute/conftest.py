"""A Nova made by hand: it answers what a test tells it to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer
from defcore.kit.compute import Compute

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session


class Nova:
    """Stands in the place of an actor. ``says`` maps an operation to its answers, status and body; the last stays."""

    role = "main"

    def __init__(self, session: Session, exchange: Callable[..., Exchange]) -> None:
        """Answer nothing yet."""
        self.session = session
        self.says: dict[str, list[tuple[int, Any]]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self._exchange = exchange
        self.compute = Compute(self, "http://cloud/v2.1")  # type: ignore[arg-type]

    def send(self, method: str, url: str, *, operation: str, body: bytes = b"", **more: Any) -> Answer:  # noqa: ANN401
        """Give the next answer to an operation."""
        del method
        sent = json.loads(body) if body.startswith(b"{") else more.get("params") or None
        self.asked.append((operation, url.removeprefix("http://cloud/v2.1"), sent))
        answers = self.says[operation]
        status, answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return Answer(self._exchange(status, body=json.dumps(answer).encode(), operation=operation))


@pytest.fixture
def nova(session: Session, exchange: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch) -> Nova:
    """Give a Nova that the session takes for the cloud's."""
    made = Nova(session, exchange)
    monkeypatch.setattr(session, "actor", lambda _: made)
    return made
