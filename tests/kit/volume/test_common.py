"""What the block storage tests share is fit for what they look for."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from defcore.kit.volume import common

if TYPE_CHECKING:
    import pytest


def test_the_snapshots_differ_in_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing by age would be right in whatever order."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    client = SimpleNamespace(new_snapshot=lambda source: {"of": source})
    actor = SimpleNamespace(block_storage=client)
    session: Any = SimpleNamespace(actor=lambda _: actor, common=lambda _: [{"id": "v1"}, {"id": "v2"}])
    assert common.snapshots(session) == [{"of": "v2"}] * 3
    assert pauses == [common.APART]
