"""The project's first guideline as data: it is whole, it is ours, and it carries the facts of 2020.06."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from defcore.guideline import GuidelineFile, dump, load_file
from defcore.guideline.criteria import Kind, standings
from defcore.guideline.model import Capability, State, Status
from defcore.guideline.worksheet import CRITERIA, load_sheet
from defcore.locate import data_dir

NAME = "2026.11.json"
SENTENCES = {"action", "comment", "description", "descriptin", "guidance", "label", "reason"}
CODE = re.compile(r"D4\d\d")
MOVED = {
    "advisory": {"compute-servers-host", "compute-servers-resize", "identity-v3-list-projects"},
    "deprecated": {"compute-images-create", "volumes-v3-extensions"},
}
"""Required in 2020.06 and not here, with the state that they have now; docs/guideline-2026.11.md says why."""
NEW = {
    "compute-security-groups": 10,
    "compute-servers-tags": 4,
    "identity-list-api-versions": 1,
    "identity-v3-application-credentials": 4,
    "identity-v3-default-domain": 1,
    "identity-v3-own-password": 2,
    "networks-dhcpv6": 11,
    "networks-floating-ips": 7,
    "volumes-v3-snapshots-list": 11,
}
"""Advisory capabilities that 2020.06 does not have, with the number of their tests: the 51 that later lists added."""
OWN = {
    "compute-answers": 27,
    "identity-v3-answers": 13,
    "images-v2-answers": 15,
    "networks-answers": 22,
    "objectstore-answers": 15,
    "volumes-v3-answers": 18,
}
"""Advisory capabilities whose tests are our own, with their number: they notice what published tests let pass."""
REGROUPED = "tempest.api.compute.servers.test_create_server.ServersTestJSON.test_verify_created_server_vcpus"
"""It needs a guest, as all of compute-servers-host does, and stood in compute-servers-verify."""
NO_ADMIN = {"networks-l3-CRUD", "networks-l3-router"}
"""Marked as admin in 2020.06, although their unflagged tests need none."""
CODED = "compute-servers-resize"
"""Its flags carried no code in 2020.06 (D309)."""


SINCE = {"objectstore-container-metadata": "2017.09"}
"""2020.06 does not say since when; it was advisory in 2017.01 and required in 2017.09."""


@pytest.fixture(scope="module")
def path() -> Path:
    """Give the place of the guideline, in a wheel or a checkout."""
    return data_dir("guidelines") / NAME


@pytest.fixture(scope="module")
def source(path: Path) -> GuidelineFile:
    """Give the guideline as the strict loader reads it."""
    return load_file(path)


@pytest.fixture(scope="module")
def official() -> dict[str, Any]:
    """Give the published 2020.06 as raw JSON, where the published files are at hand."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    found: dict[str, Any] = json.loads((Path(folder) / "2020.06.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def raw(path: Path) -> dict[str, Any]:
    """Give our guideline as raw JSON."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_loads_without_repairs(source: GuidelineFile) -> None:
    """A repair in a file of ours would be a slip that we teach to everyone who copies it."""
    assert source.provenance.repairs == ()


def test_writing_gives_the_same_bytes(path: Path, source: GuidelineFile) -> None:
    """If the writer changed a byte, saving the guideline would change its digest and every verdict's reference."""
    assert dump(source.guideline) == path.read_bytes()


def test_is_plain_ascii(path: Path) -> None:
    """A character that looks like another one would make a review of the file blind to it."""
    assert path.read_bytes().isascii()


def test_is_a_draft_without_a_mark(source: GuidelineFile) -> None:
    """Whoever scores with a draft must never read that somebody grants a mark for it."""
    guideline = source.guideline
    assert guideline.status is Status.DRAFT
    assert guideline.authority.name == "none yet"
    assert guideline.authority.mark == "none: no mark is granted"
    assert "no mark is granted" in guideline.authority.label
    assert "draft" in guideline.authority.label
    assert guideline.authority.process == "2016A"


def test_header(source: GuidelineFile) -> None:
    """A wrong id, predecessor or release list would judge products by another guideline's terms."""
    guideline = source.guideline
    assert (guideline.id, guideline.schema, guideline.replaces) == ("2026.11", "2.0", "2020.06")
    assert guideline.target_approval == "2026.11"
    assert guideline.releases == ("2025.2", "2026.1", "2026.2")
    assert (guideline.reference, guideline.source) == ("docs/guideline-format.md", f"guidelines/{NAME}")


def test_criteria(source: GuidelineFile) -> None:
    """Weights that do not sum to 100 would make the cutoff of 74 mean something else."""
    scoring = source.guideline.scoring
    assert scoring.cutoff == 74
    assert len(scoring.criteria) == 12
    assert sum(item.weight for item in scoring.criteria) == 100


def test_counts(source: GuidelineFile) -> None:
    """A lost or doubled test would silently move every product's result."""
    tests = [test for capability in source.guideline.capabilities for test in capability.tests]
    assert len(source.guideline.capabilities) == 94
    assert len(tests) == 450
    assert len({test.id for test in tests}) == 448
    assert sum(test.flag is not None for test in tests) == 11


@pytest.mark.parametrize(
    ("program", "counts"),
    [
        ("interoperable-cloud-storage", {"capabilities": 20, "entries": 60, "ids": 58, "must pass": 58}),
        ("interoperable-cloud-compute", {"capabilities": 55, "entries": 218, "ids": 218, "must pass": 212}),
        ("interoperable-cloud-platform", {"capabilities": 73, "entries": 276, "ids": 274, "must pass": 268}),
    ],
)
def test_programs(source: GuidelineFile, program: str, counts: dict[str, int]) -> None:
    """A program that lost a capability would certify clouds that lack it."""
    required = _required(source, program)
    tests = [test for capability in required for test in capability.tests]
    assert counts == {
        "capabilities": len(required),
        "entries": len(tests),
        "ids": len({test.id for test in tests}),
        "must pass": len({test.id for test in tests if test.flag is None}),
    }


def test_nothing_required_is_untested_or_for_administrators(source: GuidelineFile) -> None:
    """A required capability that nothing decides, or that only an administrator can use, would mislead vendors."""
    required = _required(source, "interoperable-cloud-platform")
    assert [item.name for item in required if all(test.flag for test in item.tests)] == []
    assert [item.name for item in required if item.admin] == []


def test_every_required_capability_reaches_the_cutoff(source: GuidelineFile) -> None:
    """A4.4: whoever is asked to pass a capability may ask back what it scored, and by whose word."""
    found = [item for item in standings(source.guideline) if item.state is State.REQUIRED]
    assert {item.kind for item in found} == {Kind.FITS}
    assert all(item.score_source for item in source.guideline.capabilities)


def test_sticky_is_what_2020_06_required(source: GuidelineFile, official: dict[str, Any]) -> None:
    """A sticky kept by hand went stale in ten capabilities; by its definition it cannot."""
    required = {name for part in official["components"].values() for name in part["capabilities"]["required"]}
    assert {item.name for item in source.guideline.capabilities if "sticky" in item.achievements} == required


def test_scores_are_those_of_the_worksheet(source: GuidelineFile, official: dict[str, Any]) -> None:
    """A score that strays from its source could lift a capability over the cutoff unseen."""
    path = Path(os.environ["DEFCORE_OFFICIAL"]) / "scoring-worksheet.txt"
    rows = load_sheet(path).rows()
    for item in source.guideline.capabilities:
        if item.name in NEW | OWN:
            assert item.achievements == ()
            assert "nobody" in str(item.score_source)
            continue
        if row := rows.get(item.name):
            given = {key for key in CRITERIA if row.value(key) == "1"}
            assert "worksheet" in str(item.score_source)
        else:
            given = set(official["capabilities"][item.name]["achievements"])
            assert "2020.06" in str(item.score_source)
        assert set(item.achievements) - {"sticky"} == given - {"sticky"}, item.name


def test_ids_carry_the_prefix(raw: dict[str, Any]) -> None:
    """A file that mixes bare and prefixed ids makes a plain text search miss tests."""
    ids = [test["idempotent_id"] for item in raw["capabilities"].values() for test in item["tests"].values()]
    assert all(re.fullmatch(r"id-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item) for item in ids)


def test_maps_and_lists_are_sorted(raw: dict[str, Any]) -> None:
    """Unsorted names hide an added or dropped one from the person who reviews a change."""
    assert list(raw["capabilities"]) == sorted(raw["capabilities"])
    assert list(raw["designated_sections"]) == sorted(raw["designated_sections"])
    for item in raw["capabilities"].values():
        assert list(item["tests"]) == sorted(item["tests"])
        assert item["achievements"] == sorted(item["achievements"])
    for component in raw["components"].values():
        for names in (*component["capabilities"].values(), *component["designated_sections"].values()):
            assert names == sorted(names)


def test_every_sentence_says_something(raw: dict[str, Any]) -> None:
    """An empty, unfinished or repeated description leaves a vendor guessing what a capability is."""
    descriptions = [item["description"] for item in raw["capabilities"].values()]
    assert len(set(descriptions)) == len(descriptions)
    assert all(text.endswith(".") and len(text) > 10 for text in _sentences(raw))


def test_facts_are_those_of_2020_06(official: dict[str, Any], raw: dict[str, Any]) -> None:
    """An id, state, alias or flag that strays from 2020.06 unannounced would break the lineage that we claim."""
    theirs = {name: _facts(name, item) for name, item in official["capabilities"].items()}
    verify, host = theirs["compute-servers-verify"], theirs["compute-servers-host"]
    host["tests"][REGROUPED] = verify["tests"].pop(REGROUPED)
    assert {name: _facts(name, item) for name, item in raw["capabilities"].items() if name not in NEW | OWN} == theirs
    for name, component in official["components"].items():
        ours = raw["components"][name]
        compute = name == "os_powered_compute"
        moved = set.union(*MOVED.values()) if compute else set()
        assert set(ours["capabilities"]["required"]) == set(component["capabilities"]["required"]) - moved
        if compute:
            now = {key: set(ours["capabilities"][key]) for key in MOVED}
            assert now == MOVED | {"advisory": MOVED["advisory"] | set(NEW) | set(OWN) - {"objectstore-answers"}}
        assert set(ours["designated_sections"]["required"]) == set(component["designated_sections"]["required"])


def test_what_is_new_is_what_later_lists_added(raw: dict[str, Any]) -> None:
    """A test that nobody published before would be asked of products without having been tried."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    text = (Path(folder) / "compute-2022.11-tests.txt").read_text(encoding="utf-8")
    later = dict(re.findall(r"^(\S+)\[(id-[0-9a-f-]{36})", text, re.MULTILINE))
    for name, count in NEW.items():
        tests = {key: test["idempotent_id"] for key, test in raw["capabilities"][name]["tests"].items()}
        assert len(tests) == count
        assert tests.items() <= later.items()


def test_tests_of_our_own_have_names_of_our_own(raw: dict[str, Any]) -> None:
    """A name of Tempest's would send somebody to look for the test where it is not."""
    for name, count in OWN.items():
        assert len(raw["capabilities"][name]["tests"]) == count
        assert all(test.startswith("defcore.") for test in raw["capabilities"][name]["tests"])


def test_criteria_are_those_of_2020_06(official: dict[str, Any], raw: dict[str, Any]) -> None:
    """A weight or cutoff that strays from 2020.06 would score the same capability differently unannounced."""
    ours, theirs = (item["metadata"]["scoring"] for item in (raw, official))
    assert ours["cutoff_score"] == theirs["cutoff_score"]
    assert {key: (item["name"], item["weight"]) for key, item in ours["criteria"].items()} == {
        key: (item["name"], item["weight"]) for key, item in theirs["criteria"].items()
    }


def test_designations_are_those_of_2020_06(official: dict[str, Any], raw: dict[str, Any]) -> None:
    """A section that became designated, or ceased to be, would change what a product must contain."""
    assert _designated(raw) == _designated(official)


def test_no_sentence_is_taken_over(official: dict[str, Any], raw: dict[str, Any]) -> None:
    """Facts may be carried over and sentences may not: a copied one is somebody else's text under our name."""
    assert not {_plain(text) for text in _sentences(raw)} & {_plain(text) for text in _sentences(official)}


def _required(source: GuidelineFile, word: str) -> list[Capability]:
    guideline = source.guideline
    program = guideline.program(word)
    assert program is not None
    components = [guideline.component(ref.name) for ref in program.components]
    return [
        item
        for item in guideline.capabilities
        if any(component and component.state_of(item.name) == "required" for component in components)
    ]


def _facts(capability: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "admin": item["admin"] and capability not in NO_ADMIN,
        "project": item["project"],
        "required_since": item.get("required_since") or SINCE.get(capability),
        "tests": {
            name: (test["idempotent_id"].lower(), tuple(test.get("aliases", ())), _flag(capability, test))
            for name, test in item["tests"].items()
        },
    }


def _flag(capability: str, test: dict[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    if "flagged" not in test:
        return None
    codes = ("D405",) if capability == CODED else tuple(CODE.findall(test["flagged"]["reason"]))
    return test["flagged"]["date"], codes


def _designated(value: dict[str, Any]) -> dict[tuple[str, str], dict[str, bool]]:
    return {
        (project, status): {name: part["designated"] for name, part in item["sections"].items()}
        for project, statuses in value["designated_sections"].items()
        for status, item in statuses.items()
    }


def _sentences(value: object) -> list[str]:
    if isinstance(value, dict):
        found = [text for key, text in value.items() if key in SENTENCES and isinstance(text, str) and text]
        return found + [text for item in value.values() for text in _sentences(item)]
    if isinstance(value, list):
        return [text for item in value for text in _sentences(item)]
    return []


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
