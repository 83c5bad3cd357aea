"""Rendering: only what changed is made again, and nothing that is not ours is touched."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from defcore.attest import keys
from defcore.cli import trusted
from defcore.errors import InputError
from defcore.registry.site.render import STATE
from defcore.registry.store import TRUST
from tests.registry.conftest import NOW, Registry, run_command

from .conftest import Town, history

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def full(registry: Registry) -> Town:
    """Return a registry with a history, to be changed."""
    history(registry)
    return Town(registry)


def written(site: Path) -> dict[str, int]:
    """Return when each file was written."""
    return {path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in site.rglob("*") if path.is_file()}


def test_nothing_changed_nothing_is_made(full: Town, tmp_path: Path) -> None:
    """If it fails, a registry of thousands takes minutes a day for nothing."""
    first = full.render(tmp_path / "site")
    assert (first.reports, first.judged, first.written) == (5, 5, first.pages)
    again = full.render(tmp_path / "site")
    assert (again.judged, again.written, again.removed) == (0, 0, 0)


def test_a_new_report_touches_its_own_pages_only(full: Town, tmp_path: Path) -> None:
    """If it fails, one submission makes every page of the site anew."""
    site = tmp_path / "site"
    full.render(site)
    before = written(site)
    house = full.registry.house
    day = house.issued_at + dt.timedelta(days=3)
    entry = full.registry.put(full.registry.submission(run=house.run_record(id="run-5"), issued_at=day))
    made = full.render(site)
    now = written(site)
    touched = {path for path in now if before.get(path) != now[path]} - {STATE}
    assert made.judged == 1
    assert len(touched) == made.written
    own = {path for path in touched if entry.name in path}
    assert len(own) == 4
    others = {path for path in touched - own if path.startswith("products/")}
    assert {path.split("/")[1].split("-")[0] for path in others} == {"acme"}
    assert all(path.count("/") == 3 for path in others), others
    rest = {path for path in touched if not path.startswith("products/")}
    shared = {"index.html", "feed.xml", "compare/choices.js", "data/registry.json", "data/reports.csv"}
    assert shared <= rest
    # The award in force still counts, so no other page says anything else.
    assert rest - shared <= {"data/capabilities.csv"}


def test_a_day_later_only_what_tells_the_day_is_made(full: Town, tmp_path: Path) -> None:
    """If it fails, midnight makes the whole site anew."""
    site = tmp_path / "site"
    full.render(site)
    before = written(site)
    made = full.render(site, NOW + dt.timedelta(days=1))
    now = written(site)
    assert made.judged == 0
    assert {path for path in now if before.get(path) != now[path]} == {"data/registry.json", STATE}


def test_what_is_gone_is_removed(full: Town, tmp_path: Path) -> None:
    """If it fails, a product that is not in the registry keeps its pages."""
    import shutil

    site = tmp_path / "site"
    full.render(site)
    (path,) = (item.path for item in full.site().products if item.name == "Old Cloud")
    assert (site / path).is_dir()
    shutil.rmtree(full.registry.root / path.removeprefix("products/"))
    made = full.render(site)
    assert made.removed == 5
    assert not (site / path).exists()


def test_what_breaks_a_rule_is_left_out_and_named(full: Town, tmp_path: Path) -> None:
    """If it fails, something that nobody admitted is shown."""
    place = next(full.registry.folder.places())
    path = full.registry.root / place / "report.public.dsse.json"
    path.write_bytes(path.read_bytes()[:-1])
    made = full.render(tmp_path / "site")
    assert [item for item, _ in made.left_out] == [place]
    assert made.reports == 4
    text = (tmp_path / "site" / "data" / "index.html").read_text()
    assert "1 report of the folder is not shown" in text
    assert not (tmp_path / "site" / "products" / place).exists()
    (full.registry.root / place / "report.dsse.json").write_bytes(b" " * 4_000_001)
    assert "larger than" in dict(full.render(tmp_path / "site").left_out)[place]


def test_a_copy_elsewhere_is_left_out(full: Town, tmp_path: Path) -> None:
    """If it fails, a report is shown twice, once under somebody else's name."""
    import shutil

    root = full.registry.root
    shutil.copytree(root / next(full.registry.folder.places()), root / "zzz/zzz/2026.11/2026-11-20-000000000000")
    made = full.render(tmp_path / "site")
    ((place, why),) = made.left_out
    assert place.startswith("zzz/")
    assert "belongs at" in why


def test_a_new_version_of_the_trust_policy_has_everything_judged_again(full: Town, tmp_path: Path) -> None:
    """If it fails, a revoked key's reports stay on the site."""
    site, world = tmp_path / "site", full.registry.world
    full.render(site)
    lines = world.change(world.lines, world.granting("New", "vendor", keys.generate()), world.roots[:2])
    (full.registry.root / TRUST).write_bytes(b"".join(lines))
    made = full.render(site)
    assert made.judged == 5


def test_a_spoiled_state_means_everything_anew(full: Town, tmp_path: Path) -> None:
    """If it fails, a crash while the site is written breaks every later render."""
    site = tmp_path / "site"
    full.render(site)
    for content in (b"", b"[]", b'{"format":"x"}'):
        (site / STATE).write_bytes(content)
        assert full.render(site).written == full.render(site).pages or full.render(site).written == 0


def test_a_state_that_names_files_elsewhere_removes_nothing(full: Town, tmp_path: Path) -> None:
    """If it fails, a site from somebody else deletes files outside of it."""
    site, precious = tmp_path / "site", tmp_path / "precious"
    precious.write_text("x")
    full.render(site)
    value = json.loads((site / STATE).read_bytes())
    value["pages"] |= {"../precious": "0", str(precious): "0"}
    (site / STATE).write_text(json.dumps(value))
    full.render(site)
    assert precious.exists()


def test_a_folder_with_something_else_is_left_alone(full: Town, tmp_path: Path) -> None:
    """If it fails, a slip in -o fills somebody's folder with pages."""
    (tmp_path / "mine.txt").write_text("x")
    for target in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(InputError, match="no site of a registry"):
            full.render(target)


def test_the_command_says_what_it_did(full: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, the command for the static site does not work."""
    monkeypatch.setattr(trusted, "now", lambda: NOW)
    site = tmp_path / "site"
    code, out, err = run_command("registry", "render", full.registry.root, "-o", site)
    assert (code, out.strip()) == (0, str(site / "index.html"))
    assert "of 5 reports" in err
    code, out, _ = run_command("registry", "render", full.registry.root, "-o", site, "--format", "json")
    assert (code, json.loads(out)["written"]) == (0, 0)
    code, out, err = run_command("registry", "render", tmp_path, "-o", site)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
