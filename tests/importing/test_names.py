"""Tests of what foreign names tell."""

from __future__ import annotations

from defcore.importing.names import group_of, implementation


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
