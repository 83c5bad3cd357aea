"""Tests of the cards, the coverage and the documents that are made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.kit.change import Change
from defcore.suite import suite_dir
from defcore.suite.cards import Catalogue, card_json, catalogue, fails_if, find
from defcore.suite.coverage import coverage, coverage_json
from defcore.suite.document import documents
from defcore.suite.operations import FILE, Entry, Operations, dump
from tests.report.checks import markdown_tokens

from .builders import ID1, ID2, ID3, declared, module, source

DOCS = Path(__file__).parents[2] / "docs" / "suite"
TESTS = {"own.test_a": ID1, "tempest.api.test_x": ID3}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Write a suite of two tests; the operations of the first are recorded, those of the second are of old."""
    needs = ', needs=("alt",), extensions=("object-store:slo",), uses=("image",), creates={"object": 2}'
    module(
        tmp_path,
        "store/test_a.py",
        declared("test_a", ID1, '"""It works.\n\n    Even <b>so</b>."""', needs),
        declared("test_b", ID2, more=", revision=2"),
    )
    tests = {
        ID1: Entry(revision=1, operations=("GET /x", "PUT /x")),
        ID2: Entry(revision=1, operations=("GET /old",)),
    }
    (tmp_path / FILE).write_bytes(dump(Operations(tests=tests, beside=("DELETE /x", "GET /x", "GET /y/x"))))
    return tmp_path


@pytest.fixture
def found(suite: Path) -> Catalogue:
    """Make the cards of that suite."""
    return catalogue(source(TESTS).guideline, suite)


def test_a_card_tells_all_of_a_test(found: Catalogue) -> None:
    """If it fails, whoever reads the list of tests does not learn what one of them asks or needs."""
    card = found.cards[ID1]
    assert (card.name, card.function, card.title) == ("own.test_a", "test_a", "It works.")
    assert (card.operations, card.recorded) == (("GET /x", "PUT /x"), True)
    assert card.capabilities == ("things",)
    assert card.wants == ("a second project", "that object-store announces slo", "the image that the run shares")
    assert card.makes == ("2 objects",)
    assert card_json(card)["file"] == "store/test_a.py"
    assert card.fails_if == "the answer to PUT /x has status 500"


def test_operations_of_another_revision_are_not_believed(found: Catalogue) -> None:
    """If it fails, a test is said to be about what it asked before it was changed."""
    card = found.cards[ID2]
    assert (card.operations, card.recorded) == (("PUT /x",), False)
    assert card.name == "test_b"


def test_what_only_prepares_is_judged_by_nobody(found: Catalogue) -> None:
    """If it fails, an operation that no test judges seems to be covered."""
    assert found.beside == ("DELETE /x", "GET /y/x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            Change(on="GET /x", nth=2, header=("ETag", None)),
            "the answer to GET /x (from the 2. on) lacks the header ETag",
        ),
        (Change(on="GET /x", header=("ETag", "x")), "the answer to GET /x has the header ETag: x"),
        (Change(on="GET /x", body=lambda body: body), "the answer to GET /x has another body"),
    ],
)
def test_a_declared_change_is_said_in_words(change: Change, words: str) -> None:
    """If it fails, nobody can tell what a test would notice."""
    assert fails_if(change) == words


@pytest.mark.parametrize("word", [ID1, f"id-{ID1}".upper(), "11111111", "1111", "own.test_a", "test_a"])
def test_a_test_is_found_by_what_people_call_it(found: Catalogue, word: str) -> None:
    """If it fails, a test has to be named by 36 characters."""
    assert find(found.cards, word).id == ID1


def test_a_word_for_no_test_or_for_several_is_one_line(found: Catalogue) -> None:
    """If it fails, a slip shows another test than was meant."""
    with pytest.raises(InputError, match="has no test 'test_c'"):
        find(found.cards, "test_c")
    with pytest.raises(InputError, match="has no test '1'"):
        find(found.cards, "1")
    twins = {**found.cards, ID3: found.cards[ID1]}
    with pytest.raises(InputError, match="names 2 tests") as caught:
        find(twins, "test_a")
    assert caught.value.hint == f"give the id: {ID1}, {ID1}"


def test_coverage_tells_what_is_lacking_and_what_nobody_can_have(found: Catalogue) -> None:
    """If it fails, a guideline that asks for a test that does not exist is approved."""
    tests = {**TESTS, "own.gone": "44444444-0000-4000-8000-000000000000"}
    covered = coverage(source(tests).guideline, "ab" * 32, found)
    assert [test.name for test in covered.lacking] == ["tempest.api.test_x", "own.gone"]
    assert [test.name for test in covered.broken] == ["own.gone"]
    assert [card.id for card in covered.beyond] == [ID2]
    assert covered.operations == {"GET /x": (ID1,), "PUT /x": (ID1, ID2)}
    assert covered.unjudged == ("DELETE /x", "GET /y/x")
    assert [card.id for card in covered.unrecorded] == [ID2]
    (capability,) = covered.capabilities
    assert (capability.ours, capability.operations) == (1, ("GET /x", "PUT /x"))
    value = coverage_json(covered)
    assert value["broken"] == ["44444444-0000-4000-8000-000000000000"]
    assert value["capabilities"][0]["tests"][0]["operations"] == ["GET /x", "PUT /x"]


@pytest.mark.parametrize(
    ("name", "native"),
    [
        ("tempest.api.x", False),
        ("designate_tempest_plugin.tests.x", False),
        ("other_tests.api.x", False),
        ("own.x", True),
    ],
)
def test_a_test_of_another_engines_repository_is_not_ours_to_have(found: Catalogue, name: str, *, native: bool) -> None:
    """If it fails, coverage is red for tests that Tempest's plugins have, or green for a test that nobody has."""
    covered = coverage(source({name: ID3}, repositories=("other-tests",)).guideline, "", found)
    assert bool(covered.broken) is native


def test_the_document_says_each_test_in_words_and_is_harmless(found: Catalogue) -> None:
    """If it fails, the document of a suite leaves tests out, or carries markup of their authors."""
    pages = documents(found, source(TESTS).guideline)
    assert list(pages) == ["README.md", "object-store.md"]
    page = pages["object-store.md"]
    assert "## Things" in page
    assert "- makes 2 objects" in page
    assert "- proves things (guideline own.2027.01)" in page
    assert "as declared; not recorded yet" in page
    assert "html_inline" not in markdown_tokens(page)
    assert "DELETE /x" in pages["README.md"]
    assert markdown_tokens(pages["README.md"]).count("table_open") == 1


def test_the_document_that_ships_is_up_to_date() -> None:
    """If it fails, people read of other tests than those that are run: defcore suite render -o docs/suite."""
    guideline = resolve().guideline
    pages = documents(catalogue(guideline, suite_dir()), guideline)
    assert {path.name for path in DOCS.glob("*.md")} == set(pages)
    changed = [name for name, text in pages.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert changed == []


def test_what_ships_covers_every_test_that_only_it_can_have() -> None:
    """If it fails, our own guideline asks for a test that nobody has."""
    file = resolve()
    found = coverage(file.guideline, file.provenance.digest, catalogue(file.guideline, suite_dir()))
    assert found.broken == ()
