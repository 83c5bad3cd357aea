"""Stand-in ids for tests of which only a name is known."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.guideline.ids import bare_id, identify, nameless_id
from defcore.guideline.model import Test

ID = "00000000-0000-4000-8000-00000000000a"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_name_gives_one_uuid(name: str) -> None:
    """A guideline of 1.2 and a result by name must meet at the same id, which must look like any other."""
    found = nameless_id(name)
    assert str(uuid.UUID(found)) == found
    assert nameless_id(name) == found
    assert Test(found, name).by_name


def test_a_test_with_an_id_is_not_by_name() -> None:
    """Only a stand-in may be matched by name; a true id is what it is."""
    assert not Test("11111111-0000-4000-8000-000000000000", "a.test").by_name


@pytest.mark.parametrize(
    ("spelled", "test_id", "name"),
    [
        (f"tempest.a.B.test_c[id-{ID}]", ID, "tempest.a.B.test_c"),
        (f"tempest.a.B.test_c[gate,ID-{ID.upper()},smoke]", ID, "tempest.a.B.test_c"),
        (f"tempest.a.B.test_c[id-{ID}](v2)", ID, "tempest.a.B.test_c(v2)"),
        (f"[id-{ID}]", ID, ID),
        (f"id-{ID}", ID, ID),
        ("tempest.a.B.test_c[gate,smoke]", nameless_id("tempest.a.B.test_c"), "tempest.a.B.test_c"),
        ("tests.test_x[ipv4]", nameless_id("tests.test_x[ipv4]"), "tests.test_x[ipv4]"),
    ],
)
def test_a_test_is_known_by_its_id_or_else_by_its_name(spelled: str, test_id: str, name: str) -> None:
    """If it fails, a result counts for another test, or for none."""
    assert identify(spelled) == (test_id, name)


def test_an_id_is_read_with_and_without_what_stands_around_it() -> None:
    """If it fails, ids of add-ons, which lack their prefix, are taken for names."""
    assert [bare_id(text) for text in (ID, f"id-{ID}", f"{ID.upper()},negative,smoke")] == [ID] * 3
    assert [bare_id(text) for text in ("", "id-", ID + "0", f"x{ID}")] == [None] * 4
