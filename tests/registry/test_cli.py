"""The registry on the command line: words in, one function, lines out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from defcore.cli import trusted
from defcore.registry.admission import FULL, PUBLIC
from defcore.registry.rules import RULES

from .conftest import NOW, Registry, run_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands believe that it is the day of the small world."""
    monkeypatch.setattr(trusted, "now", lambda: NOW)


def test_submit_puts_a_report_in_place(registry: Registry, tmp_path: Path) -> None:
    """If it fails, the one command that a vendor needs does not work."""
    made = registry.files(registry.submission(), tmp_path / "run")
    code, out, err = run_command("submit", made, "--to", registry.root)
    assert (code, err) == (0, "Admitted.\n")
    place = registry.root / out.strip().removeprefix(f"{registry.root}/")
    assert [item.name for item in place.iterdir()] == [PUBLIC]
    code, again, err = run_command("submit", made / FULL, made / PUBLIC, "--to", registry.root, "--publish-full")
    assert (code, again, err) == (0, out, "It is there already.\nAdmitted.\n")
    assert sorted(item.name for item in place.iterdir()) == [FULL, PUBLIC]
    code, out, _ = run_command("registry", "check", registry.root)
    assert (code, out.splitlines()[-1]) == (0, "1 report: 1 admitted.")


def test_submit_says_all_that_stands_in_the_way(registry: Registry, tmp_path: Path) -> None:
    """If it fails, a vendor is turned away without a reason, or something bad is stored."""
    product = registry.house.described(configuration={"system": "tbd"})
    made = registry.files(registry.submission(product=product), tmp_path / "run")
    code, out, err = run_command("submit", made, "--to", registry.root)
    assert (code, out) == (1, "")
    assert "refuse configuration: report.dsse.json:" in err
    assert "refuse placeholder:" in err
    assert "Nothing was put in place: refused." in err
    assert list(registry.folder.places()) == []


def test_a_dry_run_writes_nothing(registry: Registry, tmp_path: Path) -> None:
    """If it fails, a vendor cannot look before it leaps."""
    made = registry.files(registry.submission(), tmp_path / "run")
    code, out, _ = run_command("submit", made, "--to", registry.root, "--dry-run", "--format", "json")
    value = json.loads(out)
    assert (code, value["standing"], value["there"]) == (0, "admitted", None)
    assert list(registry.folder.places()) == []


def test_an_authority_submits_its_acts(registry: Registry, tmp_path: Path) -> None:
    """If it fails, an act has to be put in place by hand."""
    for path in registry.folder.act_files():
        path.unlink()
    (tmp_path / "act.json").write_bytes(registry.world.admission)
    code, out, _ = run_command("submit", tmp_path / "act.json", "--to", registry.root)
    assert code == 0
    assert len(registry.folder.act_files()) == 1
    assert out.strip() == str(registry.folder.act_files()[0])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("submit", "@empty", "--to", "@registry"), 2, "holds neither"),
        (("submit", "@nothing", "--to", "@registry"), 2, "cannot be read"),
        (("submit", "@run", "--to", "@empty"), 2, "'defcore registry init' writes one"),
        (("registry", "check", "@empty"), 2, "is no registry, and lies in none"),
        (("registry", "check", "@registry/acts"), 2, "holds no report"),
        (("registry", "check", "@registry", "--trust", "0" * 64), 1, "not to the one that you trust"),
        (("registry", "check", "@registry", "--base", "@empty"), 2, "registry.json"),
        (("registry", "init", "@registry", "--trust", "@registry/trust.jsonl", "--title", "x"), 2, "is there already"),
        (("registry", "init", "@new", "--trust", "@registry/trust.jsonl", "--title", " "), 2, "blank"),
        (("registry", "init", "@new", "--trust", "@registry/registry.json", "--title", "x"), 2, "is not valid JSON"),
    ],
)
def test_bad_words_get_one_line(
    registry: Registry, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    """If it fails, a slip on the command line ends in a traceback or half a registry."""
    registry.files(registry.submission(), tmp_path / "run")
    (tmp_path / "empty").mkdir()
    places = {"@registry": str(registry.root), "@": f"{tmp_path}/"}
    line = [word.replace("@registry", places["@registry"]).replace("@", places["@"]) for word in words]
    found, out, err = run_command(*line)
    assert (found, out) == (code, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "new" / "registry.json").exists()


def test_init_begins_a_registry(registry: Registry, tmp_path: Path) -> None:
    """If it fails, nobody can begin a registry of their own."""
    new = tmp_path / "new"
    code, out, _ = run_command("registry", "init", new, "--trust", registry.root / "trust.jsonl", "--title", "Mine")
    assert (code, out.strip()) == (0, str(new / "registry.json"))
    assert run_command("registry", "check", new)[0] == 0


def test_check_of_one_report_in_every_format(registry: Registry, tmp_path: Path) -> None:
    """If it fails, a vendor, a script or a pull request cannot read the outcome."""
    place = registry.put(registry.submission())
    code, out, _ = run_command("registry", "check", place, "--format", "json")
    assert (code, json.loads(out)["reports"][0]["standing"]) == (0, "admitted")
    summary = tmp_path / "summary.md"
    code, _, _ = run_command("registry", "check", registry.root, "--format", "markdown", "-o", summary)
    assert (code, summary.read_text().splitlines()[0]) == (0, "# Small world: everything is in order")
    (place / PUBLIC).unlink()
    assert run_command("registry", "check", place)[0] == 1


def test_the_rules_can_be_listed() -> None:
    """If it fails, nobody can read by what they will be judged."""
    code, out, _ = run_command("registry", "rules")
    assert (code, len(out.splitlines())) == (0, len(RULES))
    assert len(json.loads(run_command("registry", "rules", "--format", "json")[1])) == len(RULES)
