"""Stand-in ids for tests of which only a name is known."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from defcore.guideline.ids import nameless_id
from defcore.guideline.model import Test


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
