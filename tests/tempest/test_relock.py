"""How the locks are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.tempest import relock

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_plugins_are_resolved_under_the_pins_of_tempest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a plugin would bring other versions of what Tempest runs on, and its tests would run other code."""
    made: list[tuple[str, ...]] = []

    def resolve(folder: Path, name: str, *more: str, module: str) -> None:
        assert folder.name == "locks"
        assert module == "defcore.tempest.relock"
        made.append((name, *more))

    monkeypatch.setattr(relock, "resolve", resolve)
    relock.main()
    assert made == [
        ("tempest", "--upgrade"),
        ("dns", "--upgrade", "--constraint", "tempest.txt"),
        ("orchestration", "--upgrade", "--constraint", "tempest.txt"),
    ]
