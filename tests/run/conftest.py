"""Small suites of a few lines, run on the real reference cloud by the real runner."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from defcore.cloud.http import Policy
from defcore.cloud.target import Target
from defcore.run.journal import PlannedTest
from defcore.run.plan import Plan
from defcore.run.pool import Options
from defcore.run.record import Cloud, Engine, RunRecord, TestResult
from defcore.run.runner import Progress, make_directory, run
from defcore.suite import collect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.credential import Credential

HEAD = """
import os, signal, time
from defcore.kit import Change, NotRunError, UnsupportedError, api_test

def declared(number, **words):
    test_id = f"00000000-0000-4000-8000-{number:012d}"
    change = Change(on="PUT /v1/{account}/{container}", status=418)
    return api_test(test_id, service="object-store", reference="https://r", fails_if=change, **words)
"""
CREATES = '''
@declared({number})
def test_creates_{number}(store, session):
    """A container is created."""
    store.put_container(session.name()).status(201)
'''
QUICK = Policy(connect=1, read=1, total=3, retries=1, backoff=0.01)


@dataclass
class Bench:
    """A suite made up for one test, and what its run wrote."""

    folder: Path
    credentials: dict[str, Credential]
    steps: list[Progress] = field(default_factory=list)
    watch: Callable[[Progress], object] | None = None

    def write(self, text: str, name: str = "test_small.py") -> None:
        """Write a file of the suite; ``declared(N)`` declares its tests."""
        suite = self.folder / "suite"
        suite.mkdir(exist_ok=True)
        (suite / name).write_text(HEAD + textwrap.dedent(text), encoding="utf-8")

    @property
    def out(self) -> Path:
        """Where the run is written."""
        return self.folder / "run"

    def _step(self, step: Progress) -> None:
        self.steps.append(step)
        if self.watch:
            self.watch(step)

    def run(self, **options: Any) -> dict[int, TestResult]:  # noqa: ANN401 - of Options
        """Run the suite and give the results by number."""
        return {int(result.id[-12:]): result for result in self.record(**options).results}

    def record(self, **options: Any) -> RunRecord:  # noqa: ANN401 - of Options
        """Run the suite and give the record."""
        suite = collect(self.folder / "suite")
        listed = tuple(PlannedTest(id=item.meta.id, name=item.node) for item in suite.values())
        make_directory(self.out)
        words: dict[str, Any] = {"workers": 2, "policy": QUICK, "settle": 0.2} | options
        return run(
            Plan(tuple(suite.values()), listed, partial=False, selection="small", guideline="2026.11", program="p"),
            self.credentials,
            self.out,
            suite=self.folder / "suite",
            cloud=Cloud(name="plain", auth_url="http://x"),
            engine=Engine(name="native", version="0"),
            options=Options(**words),
            progress=self._step,
        )

    def written(self) -> dict[str, str]:
        """Give everything that the run wrote, by path."""
        files = [path for path in self.out.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.out)): path.read_text(encoding="utf-8", errors="replace") for path in files}

    @staticmethod
    def creating(*numbers: int) -> str:
        """Write tests that each create a container."""
        return "".join(CREATES.format(number=number) for number in numbers)

    @staticmethod
    def outcomes(found: dict[int, TestResult]) -> dict[int, str]:
        """Give the outcomes by number."""
        return {number: result.outcome.value for number, result in found.items()}

    @staticmethod
    def reason(found: dict[int, TestResult], number: int) -> str:
        """Give the reason of a test's only attempt."""
        return str(found[number].attempts[0].reason)

    def left(self, credential: Credential | None = None) -> list[str]:
        """List the containers of ours that are left in the main project."""
        target = Target(credential or self.credentials["main"])
        url = f"{target.endpoint('object-store')}?prefix=defcore-"
        return requests.get(url, headers={"X-Auth-Token": target.token()}, timeout=20).text.splitlines()


@pytest.fixture
def bench(tmp_path: Path, credentials: dict[str, Credential]) -> Bench:
    """Give a bench on the plain reference cloud."""
    return Bench(tmp_path, credentials)
