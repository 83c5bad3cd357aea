"""An installed Tempest, and workers that only pretend to be one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from defcore.tempest import environment, listing, process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.tempest.environment import Environment


@pytest.fixture(scope="session")
def tempest() -> Environment:
    """Give the real Tempest; installing it takes a minute, once a machine."""
    return environment.ensure(environment.home(), lambda _: None)


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Environment]:
    """Make an environment whose worker is a script of our own."""

    def make(script: str) -> Environment:
        python = tmp_path / "venv" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        if not python.exists():
            python.symlink_to(sys.executable)
        worker = tmp_path / "worker.py"
        worker.write_text(script)
        for module in (listing, process):
            monkeypatch.setattr(module, "WORKER", worker)
        return environment.Environment(tmp_path / "venv", "47.0.0")

    return make
