"""Which of Tempest's tests stand for what a guideline asks."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import CloudError
from defcore.run.journal import PlannedTest
from defcore.tempest.environment import PACKAGE, PLUGINS
from defcore.tempest.events import Listing, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.guideline.model import Test
    from defcore.tempest.environment import Environment

WORKER = PACKAGE / "inside" / "worker.py"
PATIENCE = 180.0
"""Seconds within which an installed Tempest names its tests; it takes one or two."""


@dataclass(frozen=True, slots=True)
class Named:
    """A test of Tempest: ``name`` as guidelines have it, without what stands in brackets, and the class of it."""

    name: str
    group: str


@dataclass(frozen=True, slots=True)
class Suite:
    """All tests of an installed Tempest, by id and by name.

    ``digest`` is made as the native suite's is, over the Python files of all packages that have tests.
    """

    version: str
    by_id: Mapping[str, tuple[Named, ...]]
    by_name: Mapping[str, Named]
    digest: str
    broken: tuple[str, ...] = ()

    def find(self, test: Test) -> Named | None:
        """Return what stands for a test of a guideline: by its id first, then by name, then by an alias.

        Where several classes have a test of that id, the one with the published name, or alias, is meant; without one
        the shortest name.
        """
        names = (test.name, *test.aliases)
        found = self.by_id.get(test.id, ())
        for word in names:
            for item in found:
                if item.name == word:
                    return item
        if found:
            return min(found, key=lambda item: (len(item.name), item.name))
        return next((self.by_name[word] for word in names if word in self.by_name), None)

    def named(self, name: str) -> Named | None:
        """Return the test of that name."""
        return self.by_name.get(name)

    def missing(self, test: Test) -> str:
        """Say why there is no test for this one, and what to do where something can be done."""
        package = test.name.partition(".")[0]
        for word, name in PLUGINS.items():
            if package == name and not any(known.startswith(f"{name}.") for known in self.by_name):
                return f"Tempest's plugin {name} is not installed: defcore tempest install {word}"
        if package != "tempest" and "_tempest" in package and package not in self.packages:
            return f"Tempest's plugin {package} is not installed: see docs/tempest.md for how to add it"
        return f"Tempest {self.version} has no test with this id"

    @property
    def packages(self) -> set[str]:
        """The packages that have tests."""
        return {name.partition(".")[0] for name in self.by_name}


def read(environment: Environment) -> Suite:
    """Have the installed Tempest name its tests. Raises CloudError when it cannot."""
    words = [str(environment.python), "-P", str(WORKER), "list"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
            env=surroundings(),
            cwd=environment.venv,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise not_started(environment.version, str(error)) from error
    if done.returncode or not done.stdout:
        raise not_started(environment.version, done.stderr.decode("utf-8", "replace"))
    found = parse(done.stdout.splitlines()[-1])
    if not isinstance(found, Listing):
        raise not_started(environment.version, "it did not name its tests")
    return suite(environment.version, found)


def suite(version: str, found: Listing) -> Suite:
    """Order what Tempest has named."""
    by_id: dict[str, list[Named]] = defaultdict(list)
    for name, ids, group in found.tests:
        for number in ids:
            by_id[number].append(Named(name, group))
    return Suite(
        version,
        {number: tuple(items) for number, items in by_id.items()},
        {item.name: item for items in by_id.values() for item in items},
        _digest(found.packages),
        tuple(f"Tempest cannot import {name}: {reason}" for name, reason in found.broken),
    )


def choose(listed: Iterable[PlannedTest], asked: Iterable[Test], known: Suite) -> list[PlannedTest]:
    """Return a plan's tests under the names of Tempest's; those that it lacks say why."""
    tests = {test.id: test for test in asked}
    found = []
    for item in listed:
        test = tests[item.id]
        named = known.find(test)
        if named:
            found.append(PlannedTest(id=item.id, name=named.name))
        else:
            found.append(PlannedTest(id=item.id, name=item.name, missing=known.missing(test)))
    return found


def not_started(version: str, told: str) -> CloudError:
    """Make the one line for a Tempest that does not start, from the last thing that it printed."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    hint = "defcore tempest install --again makes its environment anew"
    last = lines[-1] if lines else "it says nothing"
    return CloudError("tempest-start", f"Tempest {version} does not start: {last}", hint=hint)


def surroundings() -> dict[str, str]:
    """Return the environment for Tempest's processes: the user's, without what would change what they do."""
    left_out = ("OS_", "PYTHON", "TEMPEST_", "TESTR_", "STESTR_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return kept | {"PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1", "OS_LOG_CAPTURE": "0"}


def _digest(packages: Mapping[str, str]) -> str:
    lines = []
    for name, folder in packages.items():
        root = Path(folder)
        for path in root.rglob("*.py"):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{name}/{path.relative_to(root).as_posix()} {content}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
