"""A Neutron made by hand: it answers what a test tells it to."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer
from defcore.kit.network import Networks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

BASE = "http://cloud/v2.0"


class Neutron:
    """Stands in the place of an actor. ``says`` maps an operation to its answers, status and body; the last stays."""

    role = "main"
    target = SimpleNamespace(project_id="p")

    def __init__(self, session: Session, exchange: Callable[..., Exchange], ledger: Path) -> None:
        """Announce no extension, and answer nothing else yet."""
        self.session = session
        self.says: dict[str, list[tuple[int, Any]]] = {"GET /v2.0/extensions": [(200, {"extensions": []})]}
        self.asked: list[tuple[str, str, Any]] = []
        self.altered = False
        self._exchange = exchange
        self._ledger = ledger
        self.network = Networks(self, BASE)  # type: ignore[arg-type]

    def client(self, kind: str) -> Networks:
        """Give the only service."""
        assert kind == "network"
        return self.network

    def send(self, method: str, url: str, *, operation: str, body: bytes = b"", **more: Any) -> Answer:  # noqa: ANN401
        """Give the next answer to an operation."""
        assert operation.startswith(f"{method} ")
        sent = json.loads(body) if body else more.get("params") or None
        self.asked.append((operation, url.removeprefix(BASE), sent))
        answers = self.says[operation]
        status, answer = answers.pop(0) if len(answers) > 1 else answers[0]
        content = json.dumps(answer).encode()
        headers = {"Content-Type": "application/json"}
        return Answer(self._exchange(status, headers, content, operation=operation, altered=self.altered))

    @property
    def told(self) -> list[tuple[str, str, dict[str, str]]]:
        """What stands in the ledger: what was done, the kind, where it is."""
        lines = [json.loads(line) for line in self._ledger.read_text(encoding="utf-8").splitlines()]
        return [(line["op"], line.get("kind", ""), line.get("where", {})) for line in lines]

    @property
    def operations(self) -> list[str]:
        """What was asked for, without extensions."""
        return [operation for operation, _, _ in self.asked if not operation.endswith("/extensions")]


@pytest.fixture
def neutron(
    session: Session, exchange: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Neutron:
    """Give a Neutron that the session takes for the cloud's."""
    made = Neutron(session, exchange, tmp_path / "ledger.jsonl")
    monkeypatch.setattr(session, "actor", lambda _: made)
    return made
