"""Tests of how a foreign spelling becomes a test."""

from __future__ import annotations

import pytest

from defcore.guideline.ids import nameless_id
from defcore.importing.names import group_of, identify, implementation

ID = "00000000-0000-4000-8000-00000000000a"


@pytest.mark.parametrize(
    ("spelled", "test_id", "name"),
    [
        (f"tempest.a.B.test_c[id-{ID}]", ID, "tempest.a.B.test_c"),
        (f"tempest.a.B.test_c[gate,ID-{ID.upper()},smoke]", ID, "tempest.a.B.test_c"),
        (f"tempest.a.B.test_c[id-{ID}](v2)", ID, "tempest.a.B.test_c(v2)"),
        (f"[id-{ID}]", ID, ID),
        ("tempest.a.B.test_c[gate,smoke]", nameless_id("tempest.a.B.test_c"), "tempest.a.B.test_c"),
        ("tests.test_x[ipv4]", nameless_id("tests.test_x[ipv4]"), "tests.test_x[ipv4]"),
    ],
)
def test_a_test_is_known_by_its_id_or_else_by_its_name(spelled: str, test_id: str, name: str) -> None:
    """If it fails, a result counts for another test, or for none."""
    assert identify(spelled) == (test_id, name)


def test_whose_test_it_is() -> None:
    """If it fails, a report says of a foreign test that it is ours."""
    found = [implementation(name) for name in ("tempest.a.B", "designate_tempest_plugin.tests.x", "mine.test_x")]
    assert found == ["tempest", "tempest", "unknown"]


def test_what_befalls_a_class_befalls_its_own_tests() -> None:
    """If it fails, a class that could not be set up hides its tests, or takes those of another with it."""
    group = group_of("setUpClass (tempest.a.B)")
    module = group_of("tearDownModule (tempest.a)")
    assert group
    assert module
    assert (group.setup, module.setup) == (True, False)
    assert [group.holds(name) for name in ("tempest.a.B.test_c", "tempest.a.BB.test_c", "tempest.a.B.C.d")] == [
        True,
        False,
        False,
    ]
    assert module.holds("tempest.a.B.test_c")
    assert group_of("tempest.a.B.test_c") is None
