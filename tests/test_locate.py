"""Where guidelines and suite lie, in a wheel and in a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore import locate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["guidelines", "capabilities"])
def test_both_are_here(name: str) -> None:
    """Without them defcore has nothing to judge by and nothing to run."""
    assert locate.data_dir(name).is_dir()


def test_package_data_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed defcore must use what it was shipped with, whatever lies beside it."""
    here = tmp_path / "site" / "defcore"
    (tmp_path / "site" / "guidelines").mkdir(parents=True)
    monkeypatch.setattr(locate, "_HERE", here)
    assert locate.data_dir("guidelines") == tmp_path / "site" / "guidelines"
    (here / "_data" / "guidelines").mkdir(parents=True)
    assert locate.data_dir("guidelines") == here / "_data" / "guidelines"
