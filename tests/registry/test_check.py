"""A whole registry checked: every report, the folder around them, and what was there before."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError, RefusedError
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.model import Finding
from defcore.registry.rules import RULES, Severity
from defcore.registry.store import ACTS, GUIDELINES, TRUST, Folder
from defcore.registry.words import result_json, result_markdown, result_text, rules_markdown

from .conftest import NOW, Registry

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_registry_in_order_is_good_years_later(registry: Registry) -> None:
    """If it fails, an honest report grows bad by lying there."""
    registry.put(registry.submission())
    result = registry.check(NOW + dt.timedelta(days=4000))
    assert result.good
    assert result.findings == ()
    assert result.reports[0].verdict.public is not None


def test_an_empty_registry_is_good(registry: Registry) -> None:
    """If it fails, a registry cannot begin."""
    assert registry.check().good


def test_all_findings_of_all_reports_come_at_once(registry: Registry) -> None:
    """If it fails, whoever reviews a pull request sees one fault at a time."""
    first = registry.put(registry.submission())
    second = registry.put(registry.submission(run=registry.house.run_record(id="run-2")))
    (first / FULL).write_bytes(b"{}")
    (second / PUBLIC).write_bytes((second / PUBLIC).read_bytes()[:-1])
    result = registry.check()
    assert [item.rule for item in result.findings] == ["readable", "readable"]
    assert not result.good


def _stray_file(root: Path, entry: Path) -> str:
    del root
    (entry / "notes.txt").write_text("x")
    return "place"


def _stray_folder(root: Path, entry: Path) -> str:
    del root
    (entry / "deeper").mkdir()
    return "place"


def _odd_name(root: Path, entry: Path) -> str:
    del root
    shutil.copytree(entry, entry.parent / "latest")
    return "place"


def _link(root: Path, entry: Path) -> str:
    (root / "acme").symlink_to(entry.parent.parent.parent)
    return "place"


def _elsewhere(root: Path, entry: Path) -> str:
    shutil.copytree(entry.parent.parent.parent, root / "zzz")
    return "place"


def _act_renamed(root: Path, entry: Path) -> str:
    del entry
    path = next((root / ACTS).iterdir())
    path.rename(path.with_name("mine.json"))
    return "acts"


def _act_forged(root: Path, entry: Path) -> str:
    del entry
    (root / ACTS / f"{'0' * 64}.json").write_bytes(b"{}")
    return "acts"


def _strange_act(root: Path, entry: Path) -> str:
    del entry
    (root / ACTS / "act.txt").write_bytes(b"{}")
    return "place"


def _no_public(root: Path, entry: Path) -> str:
    del root
    (entry / PUBLIC).unlink()
    (entry / FULL).unlink()
    return "public"


def _huge(root: Path, entry: Path) -> str:
    del root
    (entry / PUBLIC).write_bytes(b" " * 4_000_001)
    return "readable"


MESSES: list[Callable[[Path, Path], str]] = [
    _stray_file, _stray_folder, _odd_name, _link, _elsewhere,
    _act_renamed, _act_forged, _strange_act, _no_public, _huge,
]  # fmt: skip


@pytest.mark.parametrize("mess", MESSES, ids=lambda item: item.__name__.strip("_"))
def test_disorder_is_named(registry: Registry, mess: Callable[[Path, Path], str]) -> None:
    """If it fails, something lies in the published folder that nobody looked at."""
    entry = registry.put(registry.submission())
    rule = mess(registry.root, entry)
    assert rule in [item.rule for item in registry.check().findings]


def test_a_flood_of_strange_files_is_counted_not_listed(registry: Registry) -> None:
    """If it fails, a pull request with a million files gets a comment with a million lines."""
    for number in range(300):
        (registry.root / f"{number}.txt").write_text("x")
    assert len(registry.check().folder) == 201


def test_hidden_files_at_the_root_are_nobodys_business(registry: Registry) -> None:
    """If it fails, a registry cannot lie in a git repository of its own."""
    (registry.root / ".git").mkdir()
    (registry.root / "README.md").write_text("hello")
    assert registry.check().good


def test_one_part_can_be_checked(registry: Registry) -> None:
    """If it fails, a vendor has to wait for the check of everybody else's reports."""
    entry = registry.put(registry.submission())
    place = entry.relative_to(registry.root).as_posix()
    assert [item.place for item in registry.check(below=place).reports] == [place]
    assert [item.place for item in registry.check(below=place.split("/")[0]).reports] == [place]
    assert registry.check(below="elsewhere").reports == ()


def test_what_is_broken_elsewhere_is_not_this_parts_fault(registry: Registry) -> None:
    """If it fails, one vendor's broken file stops the check of all others."""
    good = registry.put(registry.submission())
    bad = registry.put(registry.submission(run=registry.house.run_record(id="run-2")))
    (bad / PUBLIC).write_bytes(b" " * 4_000_001)
    (bad / FULL).write_bytes(b"{}")
    assert registry.check(below=good.relative_to(registry.root).as_posix()).good


def test_another_authority_than_the_one_trusted_is_refused(registry: Registry) -> None:
    """If it fails, a copied registry with keys of its own passes for the real one."""
    assert registry.check(pin=registry.world.trust.pin).good
    with pytest.raises(RefusedError, match="not to the one that you trust"):
        registry.check(pin="0" * 64)


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b"nonsense", b'{"format":"defcore-registry/9","title":"x","trust":"y"}']
)
def test_settings_that_cannot_be_read_are_one_line(registry: Registry, content: bytes) -> None:
    """If it fails, a slip in registry.json ends in a traceback."""
    (registry.root / "registry.json").write_bytes(content)
    with pytest.raises(InputError):
        registry.check()


# -- against the registry as it was ---


@pytest.fixture
def base(registry: Registry, tmp_path: Path) -> Folder:
    """Return the registry with one report, as it was before a pull request."""
    registry.put(registry.submission())
    shutil.copytree(registry.root, tmp_path / "base")
    return Folder(tmp_path / "base")


def test_a_new_report_beside_what_was_there_is_good(registry: Registry, base: Folder) -> None:
    """If it fails, no pull request can be merged."""
    registry.put(registry.submission(run=registry.house.run_record(id="run-2")))
    result = registry.check(base=base)
    assert [item.new for item in result.reports].count(True) == 1
    assert result.good


def test_what_is_new_must_be_fresh(registry: Registry, base: Folder) -> None:
    """If it fails, old results are handed in as news."""
    registry.put(registry.submission(run=registry.house.run_record(id="run-2")))
    late = NOW + dt.timedelta(days=100)
    assert [item.rule for item in registry.check(late, base=base).findings] == ["fresh"]


def _gone(registry: Registry, base: Folder) -> None:
    shutil.rmtree(registry.root / next(base.places()))


def _changed(registry: Registry, base: Folder) -> None:
    path = registry.root / next(base.places())
    shutil.rmtree(path)
    path.mkdir()
    made = registry.submission(run=registry.house.run_record(id="other"))
    registry.files(made, path)


def _settings(registry: Registry, base: Folder) -> None:
    del base
    path = registry.root / "registry.json"
    path.write_bytes(path.read_bytes().replace(b'"fresh_days": 30', b'"fresh_days": 3000'))


def _act_gone(registry: Registry, base: Folder) -> None:
    del base
    registry.folder.act_files()[0].unlink()


def _policy_cut(registry: Registry, base: Folder) -> None:
    del base
    (registry.root / TRUST).write_bytes(b"".join(registry.world.lines[:-1]))


def _policy_swapped(registry: Registry, base: Folder) -> None:
    from tests.attest.world import World

    (registry.root / TRUST).write_bytes(b"".join(registry.world.lines))
    foreign = World(registry.house)
    path = base.root / "registry.json"
    path.write_bytes(path.read_bytes().replace(registry.world.trust.pin.encode(), foreign.trust.pin.encode()))
    (base.root / TRUST).write_bytes(b"".join(foreign.lines))


def _guideline_changed(registry: Registry, base: Folder) -> None:
    del base
    path = registry.root / GUIDELINES / "2026.11.json"
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_gone, "kept"),
        (_changed, "kept"),
        (_settings, "kept"),
        (_act_gone, "kept"),
        (_policy_cut, "trust"),
        (_policy_swapped, "trust"),
        (_guideline_changed, "kept"),
    ],
)
def test_what_was_published_stays(
    registry: Registry, base: Folder, change: Callable[[Registry, Folder], None], rule: str
) -> None:
    """If it fails, a pull request can rewrite history, loosen the rules, or bring its own authority."""
    change(registry, base)
    assert rule in [item.rule for item in registry.check(base=base).findings]


# -- in words ---


def test_every_rule_is_one_sentence_with_a_way_out() -> None:
    """If it fails, somebody is refused by a rule that nobody can read."""
    for rule in RULES.values():
        assert rule.asks.endswith(".")
        assert rule.todo.endswith(".")
        assert ". " not in rule.asks
        assert isinstance(rule.severity, Severity)


def test_the_summary_for_a_pull_request_says_what_to_do(registry: Registry) -> None:
    """If it fails, the comment under a pull request leaves its author alone."""
    product = registry.house.described(product="<img src=x onerror=alert(1)>|`x`", configuration={"system": "tbd"})
    path = registry.root / "x/y/2026.11/2026-11-20-000000000000"
    registry.files(registry.submission(product=product), path)
    shutil.rmtree(registry.root / ACTS)
    result = registry.check()
    text = result_markdown(result, 30)
    assert "<img" not in text.replace("\\<", "")
    assert "not everything is in order" in text
    assert "**configuration**" in text
    assert "hypervisor" in text
    assert "refused" in text
    assert "hold **vendor**" in text
    value = result_json(result)
    assert json.loads(json.dumps(value))["good"] is False
    assert "1 report: 1 refused." in result_text(result, 30)


def test_a_summary_of_very_many_findings_is_cut(registry: Registry) -> None:
    """If it fails, a pull request's comment is too long to be posted."""
    result = registry.check()
    many = replace(result, folder=(Finding("place", "x", "does not belong here"),) * 500)
    assert "and 200 more" in result_markdown(many, 30)
    assert "500 findings on the folder itself" in result_text(many, 30)


def test_the_documentation_lists_the_rules() -> None:
    """If it fails, the page on the registry names other rules than those that judge."""
    page = (Path(__file__).parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")
    assert rules_markdown() in page
