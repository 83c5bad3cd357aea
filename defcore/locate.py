"""Where the project's guidelines and suite lie: package data in a wheel, top-level folders in a checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder ``guidelines`` or ``capabilities``, wherever defcore was installed."""
    packaged = _HERE / "_data" / name
    return packaged if packaged.is_dir() else _HERE.parent / name
