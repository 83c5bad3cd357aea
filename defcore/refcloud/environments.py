"""The environments that clouds run from: a venv for each tier, with exactly the locked packages."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from defcore.errors import CloudError
from defcore.refcloud.files import Tell, exclusive, remove_tree
from defcore.refcloud.paths import Home, lock_file
from defcore.refcloud.processes import end, of_environments

if TYPE_CHECKING:
    from pathlib import Path

DONE = "complete"
LOCK = "install.lock"


def find(home: Home, tier: str) -> Path | None:
    """Give an environment that holds at least this tier, or None."""
    for name in (tier, "full"):
        venv = home.venv(name)
        if (venv / DONE).exists():
            return venv
    return None


def ensure(home: Home, tier: str, tell: Tell) -> Path:
    """Give an environment for this tier (``light`` or ``full``), built if it is missing.

    Raises CloudError when a package cannot be had.
    """
    with exclusive(home.cache / LOCK, tell) as lock:
        found = find(home, tier)
        if found:
            return found
        venv = home.venv(tier)
        tell(f"installing the {tier} environment into {venv}")
        make(venv, lock)
        # not compiled: most modules are never imported, and the rest compiles while the template is built
        fill(venv, lock_file(tier), lock, "--no-compile")
        (venv / DONE).touch()
        return venv


def make(venv: Path, lock: int) -> None:
    """Make an empty environment, in the place of what is there; ``lock`` is held as long as that takes.

    Raises CloudError.
    """
    remove_tree(venv)
    _run([sys.executable, "-m", "venv", str(venv)], lock, "the environment could not be made")


def fill(venv: Path, requirements: Path, lock: int, *options: str) -> None:
    """Install exactly what a lock file pins, by hash. Raises CloudError when a package cannot be had."""
    words = ["install", "--no-deps", "--require-hashes", "--no-input", "--quiet", *options]
    pip = [str(venv / "bin" / "python"), "-m", "pip", *words, "--requirement", str(requirements)]
    _run(pip, lock, "the packages could not be installed")


def _run(words: list[str], lock: int, failure: str) -> None:
    """Run a program that holds our lock as long as it lives, even without us; its last line explains a failure."""
    done = subprocess.run(  # noqa: S603 - our own words
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, pass_fds=[lock]
    )
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        told = [line for line in lines if line.lower().startswith("error")] or lines or [f"exit {done.returncode}"]
        raise CloudError(
            "cloud-install", f"{failure}: {told[-1]}", hint="is the package index reachable, and is the disk not full?"
        )


def remove(home: Home, tell: Tell) -> None:
    """Remove every environment and every template; raises CloudError while a cloud runs from one."""
    with exclusive(home.cache / LOCK, tell):
        for draft in (home.cache / "templates").glob("*.draft"):
            # what runs there without anybody holding its lock was left by a build that was killed
            with exclusive(home.cache / "locks" / draft.stem, tell):
                end(draft)
        pids = of_environments(home.cache / "venvs")
        if pids:
            raise CloudError(
                "cloud-in-use",
                f"processes {', '.join(map(str, pids))} run from what is installed",
                where=str(home.cache),
                hint="defcore cloud status names the clouds, defcore cloud down ends one",
            )
        for folder in ("venvs", "templates"):
            remove_tree(home.cache / folder)
        tell(f"removed what was installed in {home.cache}")
