"""Resolve the lock files again: ``python -m defcore.tempest.relock`` (needs ``uv`` on the path).

Plugins are resolved under the pins of Tempest alone, so that adding one changes nothing else.
"""

from __future__ import annotations

from pathlib import Path

from defcore.refcloud.relock import resolve

MODULE = "defcore.tempest.relock"


def main() -> None:
    """Write every lock file beside its input."""
    folder = Path(__file__).parent / "locks"
    resolve(folder, "tempest", "--upgrade", module=MODULE)
    for path in sorted(folder.glob("*.in")):
        if path.stem != "tempest":
            resolve(folder, path.stem, "--upgrade", "--constraint", "tempest.txt", module=MODULE)


if __name__ == "__main__":
    main()
