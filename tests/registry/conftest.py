"""A registry of a small world: an authority, its acts, a guideline of four tests, and a vendor whose cloud passes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from click.testing import CliRunner

from defcore.attest import acts as authority
from defcore.attest import keys
from defcore.cli.main import main
from defcore.registry import settings
from defcore.registry.admission import FULL, PUBLIC, admit
from defcore.registry.check import check, index
from defcore.registry.model import Submission
from defcore.registry.store import GUIDELINES, TRUST, Folder
from defcore.score import KnownGuideline
from tests.attest.conftest import House, guideline_file, guideline_value
from tests.attest.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.registry.check import Result
    from defcore.registry.model import Seen, Verdict

Anything: TypeAlias = Any
NOW = dt.datetime(2026, 12, 10, tzinfo=dt.UTC)


@dataclass
class Registry:
    """A registry's folder, and everybody who has to do with it."""

    root: Path
    world: World

    @property
    def house(self) -> House:
        """Return the vendor Acme."""
        return self.world.house

    @property
    def folder(self) -> Folder:
        """Return the folder as the library sees it."""
        return Folder(self.root)

    def begin(self) -> None:
        """Write what a registry begins with."""
        made = settings.Settings(title="Small world", trust=self.world.trust.pin)
        (self.root / GUIDELINES).mkdir(parents=True)
        (self.root / settings.FILE).write_bytes(settings.dump(made))
        (self.root / TRUST).write_bytes(b"".join(self.world.lines))
        (self.root / GUIDELINES / "2026.11.json").write_bytes(self.house.source.provenance.content)
        for data in (self.world.approval, self.world.admission):
            self.act(data)

    def act(self, data: bytes) -> Path:
        """Put an act in place."""
        return self.folder.put_act(authority.read(data, self.world.trust, "act"))

    def submission(self, **more: Anything) -> Submission:
        """Sign a run anew, both reports."""
        pair = self.house.pair(**more)
        return Submission(full=pair.full, public=pair.public)

    def admit(
        self, submission: Submission, seen: Seen | None = None, now: dt.datetime = NOW, **more: Anything
    ) -> Verdict:
        """Judge a submission."""
        return admit(submission, self.folder.known(seen), now, **more)

    def put(self, submission: Submission, *, full: bool = True) -> Path:
        """Submit something that is in order; return its folder."""
        verdict = self.admit(submission, index(self.folder))
        assert not verdict.refused, verdict.findings
        assert verdict.entry is not None
        self.folder.put(verdict.entry.place, submission, publish_full=full)
        return self.root / verdict.entry.place

    def check(self, now: dt.datetime = NOW, **more: Anything) -> Result:
        """Check the whole folder."""
        return check(self.folder, now, **more)

    def files(self, submission: Submission, folder: Path) -> Path:
        """Write a submission as ``defcore sign`` does."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in ((FULL, submission.full), (PUBLIC, submission.public)):
            if data is not None:
                (folder / name).write_bytes(data)
        return folder


def rules(verdict: Verdict) -> list[str]:
    """Name the rules that are not kept."""
    return [item.rule for item in verdict.findings]


def run_command(*words: object) -> tuple[int, str, str]:
    """Run a command line: exit code, stdout, stderr."""
    with CliRunner().isolation() as (out, err, _):
        with pytest.raises(SystemExit) as caught:
            main([str(word) for word in words])
        return int(caught.value.code or 0), out.getvalue().decode(), err.getvalue().decode()


@pytest.fixture(scope="session")
def world() -> World:
    """Return the small world, with a guideline that the authority approved."""
    source = guideline_file(guideline_value())
    return World(House(keys.generate(), source, (KnownGuideline.of(source),)))


@pytest.fixture
def registry(tmp_path: Path, world: World) -> Registry:
    """Return an empty registry, ready to take reports."""
    found = Registry(tmp_path / "reports", World(replace(world.house)))
    found.world.__dict__.update(world.__dict__ | {"house": found.world.house})
    found.begin()
    return found
