"""A registry with a history: three vendors, two guidelines, an award, and one vendor who writes script everywhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from defcore.attest import decide
from defcore.registry.site.build import gather
from defcore.registry.site.model import Site, build
from defcore.registry.site.pages import Page, pages
from defcore.registry.site.render import Rendered, render
from defcore.registry.store import GUIDELINES
from defcore.run.record import Outcome
from defcore.score.product import Containment, Declaration
from tests.attest.conftest import T1, guideline_value
from tests.attest.world import World
from tests.registry.conftest import NOW, Registry

if TYPE_CHECKING:
    from pathlib import Path

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"


@dataclass
class Town:
    """A registry that others look at. ``at`` is the day on which they do."""

    registry: Registry
    at: dt.datetime = NOW
    sites: dict[dt.datetime, Site] = field(default_factory=dict)

    def site(self, now: dt.datetime | None = None) -> Site:
        """Arrange all that is shown; a registry that changes is another town."""
        day = now or self.at
        if day not in self.sites:
            known = self.registry.folder.known()
            found = gather(self.registry.folder, known, day, {})
            self.sites[day] = build(known, found.facts, day, found.left_out)
        return self.sites[day]

    def pages(self, now: dt.datetime | None = None) -> dict[str, Page]:
        """Return all pages by their address."""
        folder = self.registry.folder
        made = list(pages(self.site(now), lambda place: folder.read(place).public or b"", {}))
        found = {item.path: item for item in made}
        assert len(found) == len(made)
        return found

    def text(self, path: str, now: dt.datetime | None = None) -> str:
        """Make one page."""
        page = self.pages(now)[path]
        return page.make(page.basis()).decode()

    def render(self, target: Path, now: dt.datetime | None = None) -> Rendered:
        """Write the site."""
        return render(self.registry.folder, target, now or self.at, {})


def history(registry: Registry) -> None:
    """Fill a registry: Acme gets better, Rival lacks something, Evil Corp. writes script."""
    house, world = registry.house, registry.world
    day = dt.timedelta(days=1)
    first = house.run_record({T1: Outcome.FAILED})
    registry.put(registry.submission(run=first))
    better = house.run_record(id="run-2")
    cloud = house.described(version="1.1", configuration={"system": "swift on nine disks"})
    made = registry.submission(run=better, product=cloud, issued_at=house.issued_at + day)
    registry.put(made)
    award = world.issue(world.awarding(made.full), world.board[:1], NOW - day)
    registry.act(award)
    admit(registry, "Rival")
    rival = house.run_record({T1: Outcome.UNSUPPORTED}, id="run-3")
    theirs = house.described(vendor="Rival", product="Other Cloud")
    registry.put(registry.submission(run=rival, product=theirs, key=world.rival))
    older = guideline_value(guideline_id="2026.02")
    older["components"]["storage"]["capabilities"]["required"] = ["put"]
    source = house.guideline_file(older)
    (registry.root / GUIDELINES / "2026.02.json").write_bytes(source.provenance.content)
    small = house.described(vendor="Rival", product="Old Cloud")
    registry.put(registry.submission(run=house.run_record(id="run-4"), product=small, key=world.rival, source=source))
    hostile(registry)


def admit(registry: Registry, vendor: str) -> None:
    """Let the authority admit a vendor."""
    world = registry.world
    build_act = decide.admit(world.trust, vendor, since=None, until=None)
    registry.act(world.issue(build_act, world.board[:1], NOW - dt.timedelta(days=5)))


def hostile(registry: Registry) -> None:
    """Let Rival submit a product that holds script wherever there is a word."""
    product = registry.house.described(
        vendor="Rival",
        product=EVIL,
        version=EVIL[:90],
        release=EVIL[:90],
        regions=(EVIL,),
        configuration={EVIL: EVIL, "=1+1": "-2+3 and some more"},
        declarations=(Declaration(section="swift", containment=Containment.CONTAINED, comment=EVIL),),
    )
    record = registry.house.run_record(id="run-9")
    cloud = record.cloud.model_copy(update={"region": EVIL, "catalogue": {EVIL: "https://swift/v1"}})
    run = record.model_copy(update={"cloud": cloud})
    registry.put(registry.submission(run=run, product=product, key=registry.world.rival))


@pytest.fixture(scope="module")
def town(world: World, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Return the registry with its history; tests only read it."""
    found = Registry(tmp_path_factory.mktemp("town") / "reports", World(replace(world.house)))
    found.world.__dict__.update(world.__dict__ | {"house": found.world.house})
    found.begin()
    history(found)
    return Town(found)
