"""Between file and model in both directions, and the writer on top of it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings

from defcore.guideline import Guideline, dump, load_bytes
from defcore.guideline.build import PUBLISHED_AUTHORITY, is_published_source, unbuild

from .builders import OLD_SOURCE, document, guidelines, load


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(guidelines())
def test_model_to_file_to_model_is_the_same(guideline: Guideline) -> None:
    """Whatever the writer loses is lost from the guideline that people publish."""
    content = dump(guideline)
    found = load_bytes(content, "g.json")
    assert found.guideline == guideline
    assert found.provenance.repairs == ()
    assert dump(found.guideline) == content


def test_file_to_model_to_file_is_the_same() -> None:
    """Saving a guideline that nobody changed must not make a review of noise."""
    assert unbuild(load(document()).guideline) == document()


def test_the_written_file_is_reviewable() -> None:
    """One change a line, a newline at the end and readable letters are what a review by diff needs."""
    guideline = dataclasses.replace(load(document()).guideline, reference="für alle")
    content = dump(guideline)
    assert content.startswith(b'{\n  "metadata": {\n    "id": "2026.11",\n')
    assert content.endswith(b"}\n")
    assert "für alle".encode() in content


@pytest.mark.parametrize("source", ["here", OLD_SOURCE])
def test_the_old_foundation_is_left_unsaid_only_where_the_reader_knows_it(source: str) -> None:
    """A file of ours under the old foundation, written without saying so, could not be read again."""
    old = dataclasses.replace(load(document()).guideline, authority=PUBLISHED_AUTHORITY, source=source)
    assert ("authority" in unbuild(old)["metadata"]) is not is_published_source(source)
    assert load_bytes(dump(old), "g.json").guideline == old
