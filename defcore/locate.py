"""Where guidelines and suite lie: package data in a wheel, top-level folders in a checkout; and what users add."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def data_dir(name: str) -> Path:
    """Return the folder ``guidelines`` or ``capabilities``, wherever defcore was installed."""
    packaged = _HERE / "_data" / name
    return packaged if packaged.is_dir() else _HERE.parent / name


def user_dir(name: str) -> Path:
    """Return the folder of that name among the user's own data; it need not exist."""
    import platformdirs  # noqa: PLC0415 - most commands need nothing of the user's

    return platformdirs.user_data_path("defcore") / name
