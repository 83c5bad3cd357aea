"""Resolve the lock files again: ``python -m defcore.refcloud.relock`` (needs ``uv`` on the path).

The light lock is resolved under the pins of the full one, so that a test that passes on the light cloud
ran the very code that the full cloud runs.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

MODULE = "defcore.refcloud.relock"


def resolve(folder: Path, name: str, *more: str, module: str = MODULE) -> Path:
    """Resolve ``name.in`` to ``name.txt`` in ``folder`` for every platform of Python 3.11 and later.

    The file says that ``module`` makes it.
    """
    target = folder / f"{name}.txt"
    words = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    words += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command = [*words, *more, f"{name}.in", "--output-file", target.name]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - our own words
    header = f"# Exact pins with hashes. Regenerate: python -m {module}\n"
    target.write_text(header + target.read_text(encoding="utf-8"), encoding="utf-8")
    return target


def main() -> None:
    """Write both lock files beside their inputs."""
    folder = Path(__file__).parent / "locks"
    resolve(folder, "full", "--upgrade")
    resolve(folder, "light", "--upgrade", "--constraint", "full.txt")


if __name__ == "__main__":
    main()
