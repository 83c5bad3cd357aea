"""Which test of one guideline is which of another."""

from __future__ import annotations

from defcore.guideline.lint.match import matches
from tests.guideline.builders import Doc, put
from tests.guideline.old_files import ONE, TWO, v1_2

from .builders import capability, clean, entry, source, uid


def found(old: Doc, new: Doc) -> dict[str, set[str]]:
    """Return the matches of two documents."""
    return {key: set(ids) for key, ids in matches(source(old).guideline, source(new).guideline).items()}


def test_by_id_whatever_the_name() -> None:
    """An id outlives renames and moves."""
    old, new = clean(a=capability(x=entry("1"))), clean("2018.11", b=capability(y=entry("1")))
    assert found(old, new) == {uid("1"): {uid("1")}}


def test_by_name_where_one_knows_no_ids() -> None:
    """Between 2015.05 and 2015.07 only names and aliases tell."""
    new = clean(a={**capability(), "tests": {ONE: entry("1"), "new": entry("2", aliases=[TWO]), "other": entry("3")}})
    assert {key: len(ids) for key, ids in found(v1_2(), new).items()} == {uid("1"): 1, uid("2"): 1}
    assert len(found(new, v1_2())) == 2


def test_by_name_where_an_id_was_mistyped() -> None:
    """2018.02 gave a test another one's id; it is still that test by its name."""
    old = clean(a=capability(x=entry("1"), y=entry("2")))
    new = clean("2018.11", a=capability(x=entry("1"), y=entry("4")))
    assert found(old, new) == {uid("1"): {uid("1")}, uid("4"): {uid("2")}}


def test_a_name_that_went_to_another_test() -> None:
    """If the old id is still there, what has its old name now is another test."""
    old = clean(a=capability(x=entry("1")))
    new = clean("2018.11", a=capability(renamed=entry("1"), x=entry("4")))
    assert found(old, new) == {uid("1"): {uid("1")}}


def test_two_names_of_1_2_became_one_id() -> None:
    """One test under two names is one test; forgetting a name would report it as lost."""
    new = clean(a={**capability(), "tests": {ONE: entry("1"), TWO: entry("1")}})
    assert {key: len(ids) for key, ids in found(put(v1_2(), ("id",), "2015.05"), new).items()} == {uid("1"): 2}
