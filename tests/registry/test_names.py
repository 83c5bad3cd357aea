"""Names of folders and addresses: plain, short, never two for one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.registry.names import LONGEST, is_entry, part, place


@given(some.text(max_size=300), some.text(max_size=300))
def test_every_name_gets_a_plain_part_of_its_own(one: str, other: str) -> None:
    """If it fails, a name leads out of the folder, or two vendors share one."""
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*", part(one))
    assert ".." not in part(one)
    assert len(part(one)) <= LONGEST
    assert (part(one) == part(other)) == (one == other)


@pytest.mark.parametrize(
    "name", ["acts", "guidelines", "Acme", "..", ".git", "a/b", "con", "aux.txt", "x-0123abcd", "", "ä"]
)
def test_names_that_mean_something_else_are_not_kept(name: str) -> None:
    """If it fails, a vendor's folder is taken for one of the registry's, hidden, or lost on some file systems."""
    assert part(name) != name


@pytest.mark.parametrize("name", ["acme", "reference-cloud", "2026.11", "x"])
def test_plain_names_stay(name: str) -> None:
    """If it fails, nobody can guess where a report lies."""
    assert part(name) == name


def test_a_report_has_a_place_by_day_and_digest() -> None:
    """If it fails, several reports of one product get into each other's way."""
    found = place("acme", "cloud", "2026.11", "2026-11-20T09:30:00Z", "ab" * 32)
    assert found == "acme/cloud/2026.11/2026-11-20-abababababab"
    assert is_entry(found.rpartition("/")[2])
    assert not is_entry("latest")
