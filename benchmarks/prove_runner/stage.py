"""Where the proofs are played: a reference cloud, the command as its users have it, and what a run has written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import defcore
from defcore.cloud.credential import Credential
from defcore.cloud.target import Target
from defcore.refcloud.entries import to_yaml
from defcore.run.store import load_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from defcore.refcloud import Cloud
    from defcore.run.record import RunRecord

LONGEST = 900.0
"""Seconds after which a run that does not end is given up."""


@dataclass(frozen=True, slots=True)
class Figure:
    """So many of so many, and what they are. ``must`` be all of them; else the figure is for reading only."""

    text: str
    good: float
    of: float | None = None
    must: bool = True

    @property
    def kept(self) -> bool:
        """Whether it is as it must be."""
        return not self.must or self.good == self.of

    def __str__(self) -> str:
        """Write the count, its denominator, and the words."""
        count = f"{self.good:g}" + (f" of {self.of:g}" if self.of is not None else "")
        return f"{count} {self.text}" + ("" if self.kept else "  <- NOT KEPT")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: exit code, and what it wrote to its two streams."""

    code: int
    out: str
    err: str


@dataclass
class Stage:
    """A folder to work in and a cloud that is up. ``tell`` hears how far a proof is.

    ``only`` are capabilities, where not the whole storage program is to run.
    """

    folder: Path
    cloud: Cloud
    tell: Callable[[str], None] = lambda _: None
    only: tuple[str, ...] = ()
    clouds_yaml: Path | None = None
    _count: int = field(default=0)

    def __post_init__(self) -> None:
        """Make the user's home."""
        (self.folder / "home").mkdir(exist_ok=True)

    @property
    def name(self) -> str:
        """The entry of ``clouds.yaml`` to test."""
        return self.cloud.name

    def use(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        """Have the command see these entries instead of the cloud's own."""
        self.clouds_yaml = self.folder / "clouds.yaml"
        self.clouds_yaml.write_text(to_yaml({name: dict(entry) for name, entry in entries.items()}), encoding="utf-8")

    def behind(self, auth_url: str) -> dict[str, dict[str, Any]]:
        """Return the cloud's entries, to be logged in to somewhere else."""
        entries = self.cloud.entries
        return {name: entry | {"auth": entry["auth"] | {"auth_url": auth_url}} for name, entry in entries.items()}

    def new(self) -> Path:
        """Name a run directory."""
        self._count += 1
        return self.folder / f"run-{self._count}"

    def words(self, out: Path) -> list[str | Path]:
        """Return the words of a run that is written to ``out``."""
        return ["run", "--cloud", self.name, *self.chosen(), "--out", out]

    def chosen(self) -> list[str]:
        """Return the words that choose what is run."""
        return [word for name in self.only for word in ("--capability", name)]

    def start(self, *words: str | Path, module: str = "defcore") -> subprocess.Popen[str]:
        """Start the command, as the leader of nothing: its children are found by their parents."""
        return subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str | Path, module: str = "defcore") -> Ended:
        """Run the command to its end."""
        return self.end(self.start(*words, module=module))

    @staticmethod
    def end(process: subprocess.Popen[str]) -> Ended:
        """Wait for a command."""
        try:
            out, err = process.communicate(timeout=LONGEST)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        return Ended(process.returncode, out, err)

    def undisturbed(self) -> dict[str, str]:
        """Run the storage program with nothing in its way, and return the outcomes."""
        out = self.new()
        ended = self.run(*self.words(out))
        if ended.code != 0:
            raise RuntimeError(f"an undisturbed run ends with {ended.code}: {ended.err}")
        return outcomes(load_run(out))

    def target(self, suffix: str = "") -> Target:
        """Log in with one of the cloud's own entries: ``""``, ``alt``, ``admin``."""
        name = f"{self.name}-{suffix}" if suffix else self.name
        entry = self.cloud.entries[name]
        verify = entry.get("cacert", True)
        return Target(Credential(name, "password", entry["auth"], entry["region_name"], "public", verify, None, {}))

    def _environment(self) -> dict[str, str]:
        dropped = ("OS_", "PYTEST_", "XDG_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        root = str(Path(defcore.__file__).parents[1])
        return kept | {
            "HOME": str(self.folder / "home"),
            "OS_CLIENT_CONFIG_FILE": str(self.clouds_yaml or self.cloud.clouds_yaml),
            "PYTHONPATH": os.pathsep.join([root, *filter(None, [kept.get("PYTHONPATH")])]),
        }


def outcomes(record: RunRecord) -> dict[str, str]:
    """Map test id to outcome."""
    return {result.id: result.outcome.value for result in record.results}


def counted(record: RunRecord) -> str:
    """Say in words how many tests ended how."""
    counts = Counter(outcomes(record).values())
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def events(run: Path) -> list[dict[str, Any]]:
    """Read the whole lines of a journal, which may not be there yet."""
    path = run / "journal.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
